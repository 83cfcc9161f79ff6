package tcp

import "sync/atomic"

// Stats are totals since Listen, read one by one.
type Stats struct {
	Open     int    // connections at the moment
	Accepted uint64 // connections taken
	// Connections ended or not taken, by cause.
	Refused   uint64 // too many at a time
	Unproven  uint64 // of no peer in time, or of none any more
	Silent    uint64 // brought nothing for too long
	Malformed uint64 // not RFC 4571
	Broken    uint64 // by the peer, or by the network

	DatagramsIn, DatagramsOut uint64
	Dropped                   uint64 // datagrams for a connection that did not drain
}

type counters struct {
	accepted, refused, unproven, silent, malformed, broken atomic.Uint64
	in, out, dropped                                       atomic.Uint64
}

// Stats returns the totals.
func (l *Listener) Stats() Stats {
	l.mu.Lock()
	open := len(l.open)
	l.mu.Unlock()
	c := &l.count
	return Stats{
		Open: open, Accepted: c.accepted.Load(), Refused: c.refused.Load(), Unproven: c.unproven.Load(),
		Silent: c.silent.Load(), Malformed: c.malformed.Load(), Broken: c.broken.Load(),
		DatagramsIn: c.in.Load(), DatagramsOut: c.out.Load(), Dropped: c.dropped.Load(),
	}
}
