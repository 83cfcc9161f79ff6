package udp

import "sync/atomic"

// Stats are totals since Listen. They are read one by one, so sums taken from them
// may be off by what happened in between.
type Stats struct {
	// Datagrams and bytes of UDP payload, of all kinds.
	DatagramsIn, BytesIn   uint64
	DatagramsOut, BytesOut uint64
	// System calls that moved datagrams. (A read that found nothing counts.)
	ReadCalls, WriteCalls uint64
	// Messages that carried several datagrams each (GRO, GSO).
	JoinedIn, JoinedOut uint64

	// Outgoing datagrams dropped, by cause.
	DropSendFull  uint64 // The socket or device buffer was full.
	DropSendError uint64 // The kernel refused: no route, forbidden, too large.
	DropNoSocket  uint64 // No socket of that address family.
	// Incoming datagrams dropped, by cause.
	DropReceiveFull    uint64 // By the kernel: the socket buffer was full. Linux only.
	DropGarbage        uint64 // First byte of no protocol we speak, or cut off.
	DropMalformedSTUN  uint64 // STUN that is not well-formed, or not for us.
	DropUnknownUfrag   uint64 // STUN request for a ufrag we do not have.
	DropUnknownAnswer  uint64 // STUN response to no request of ours.
	DropUnknownAddress uint64 // DTLS or media from an address nobody proved.
	DropNoHandler      uint64 // Media for a ufrag nobody attached to.
	DropQueueFull      uint64 // STUN or DTLS the ICE agent did not take in time.
	// Claims to an address another live peer holds, refused.
	AddressesRefused uint64

	// What is remembered at the moment: ufrags, proven addresses, requests under way.
	Ufrags, Addresses, Questions int

	Latency Latency
}

// A counter names one figure of Stats.
type counter int

const (
	datagramsIn counter = iota
	bytesIn
	datagramsOut
	bytesOut
	readCalls
	writeCalls
	joinedIn
	joinedOut
	dropSendFull
	dropSendError
	dropNoSocket
	dropGarbage
	dropMalformedSTUN
	dropUnknownUfrag
	dropUnknownAnswer
	dropUnknownAddress
	dropNoHandler
	dropQueueFull
	addressesRefused
	counterCount
)

// counters are the figures of one shard. The padding keeps the counters of two
// shards off one cache line, also off the pair the prefetcher fetches.
type counters struct {
	_ [128]byte
	n [counterCount]atomic.Uint64
	_ [128]byte
}

func (c *counters) add(what counter, n int) { c.n[what].Add(uint64(n)) }

// Stats returns the totals of all shards.
func (e *Endpoint) Stats() Stats {
	var n [counterCount]uint64
	sum := func(c *counters) {
		for i := range c.n {
			n[i] += c.n[i].Load()
		}
	}
	sum(&e.stray)
	for _, l := range e.later {
		sum(&l.count)
	}
	var late Latency
	for _, sh := range e.shards {
		sum(sh.count)
		late.Add(sh.late.read())
	}
	return Stats{
		DropReceiveFull: e.droppedByKernel(),
		Ufrags:          e.peers.len(), Addresses: len(*e.routes.table.Load()), Questions: e.asked.len(),
		DatagramsIn: n[datagramsIn], BytesIn: n[bytesIn],
		DatagramsOut: n[datagramsOut], BytesOut: n[bytesOut],
		ReadCalls: n[readCalls], WriteCalls: n[writeCalls],
		JoinedIn: n[joinedIn], JoinedOut: n[joinedOut],
		DropSendFull: n[dropSendFull], DropSendError: n[dropSendError], DropNoSocket: n[dropNoSocket],
		DropGarbage: n[dropGarbage], DropMalformedSTUN: n[dropMalformedSTUN],
		DropUnknownUfrag: n[dropUnknownUfrag], DropUnknownAnswer: n[dropUnknownAnswer],
		DropUnknownAddress: n[dropUnknownAddress], DropNoHandler: n[dropNoHandler],
		DropQueueFull: n[dropQueueFull], AddressesRefused: n[addressesRefused], Latency: late,
	}
}

// droppedByKernel adds up what did not fit into the sockets' receive buffers.
func (e *Endpoint) droppedByKernel() uint64 {
	var n uint64
	for _, sh := range e.shards {
		n += uint64(sh.sock.dropped())
	}
	for _, l := range e.later {
		n += uint64(l.dropped())
	}
	return n
}
