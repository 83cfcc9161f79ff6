package udp

// Bounds of a batch; the first group is the kernel's, the second our choice.
const (
	// maxJoined is the largest payload of a joined message: 64 KiB less headers.
	maxJoined = 65000
	// maxSegments per joined message; the kernel takes 64, or 128 since 6.9.
	maxSegments = 60

	// arenaSize in bytes: a frame of ten packets for ninety legs.
	arenaSize = 1 << 20
	// maxMessages per system call. More gains nothing measurable.
	maxMessages = 64
	// maxSegment4 and maxSegment6 are the largest datagrams that are joined, in
	// bytes of payload. A joined datagram larger than the device's MTU is refused
	// by the kernel, so IPv4 stays below common tunnels. For IPv6 the kernel also
	// refuses what exceeds the path MTU, which a stranger can lower to 1280.
	maxSegment4 = 1372
	maxSegment6 = 1280 - 48
)

// A Batch gathers datagrams in an arena and sends them with few system calls. It
// belongs to one goroutine.
//
// Invariant: messages lie one behind the other in arena[:used], and the bytes of a
// message's datagrams are contiguous. reserved bytes behind used belong to the
// caller of Reserve.
type Batch struct {
	end      *Endpoint
	count    *counters
	tx       [exits]transmitter // Nil where nothing is bound.
	arena    []byte
	used     int
	reserved int
	msgs     []message
}

// A message is what one entry of a sendmmsg carries: one datagram, or segments
// datagrams of segment bytes of which the last may be shorter.
type message struct {
	to       Dest
	off, n   int
	segment  int
	segments int
	full     bool // Nothing may be joined to it.
}

// A transmitter sends messages out of an arena through one socket. It counts what
// it sends and what it has to drop, and does not wait.
type transmitter interface {
	transmit(arena []byte, msgs []message)
}

func (e *Endpoint) batchFor(sh *shard) *Batch {
	b := &Batch{end: e, count: sh.count, msgs: make([]message, 0, maxMessages)}
	b.arena = buffer(b, arenaSize)
	for family, s := range sh.via {
		if s == nil {
			continue
		}
		if family == 1 && s == sh.via[0] {
			b.tx[1] = b.tx[0]
			continue
		}
		b.tx[family] = s.newTransmitter(e, sh.count)
	}
	b.tx[lineExit] = lineTransmitter{end: e, count: sh.count}
	return b
}

// Reserve returns n free contiguous bytes of the arena, with that capacity. When
// there is no room it sends what is there first. The bytes are the caller's until
// the next Send, Reserve or Flush; what they held before is undefined. n must not
// exceed 65000.
func (b *Batch) Reserve(n int) []byte {
	if n < 0 || n > maxJoined {
		panic("udp: Reserve takes 0 to 65000 bytes")
	}
	if b.used+n > len(b.arena) {
		b.Flush()
	}
	b.reserved = n
	return b.arena[b.used : b.used+n : b.used+n]
}

// Send queues the first n of the bytes last reserved as one datagram to to. It
// leaves with the next Flush, or earlier when the batch is full. Datagrams to one
// Dest that follow one another in equal sizes, the last perhaps shorter, travel as
// one message where the kernel can split it. n = 0 queues nothing, and what goes to
// the zero Dest, or to port 0, is dropped and counted.
func (b *Batch) Send(to Dest, n int) {
	if n < 0 || n > b.reserved {
		panic("udp: Send of more bytes than were reserved")
	}
	b.reserved = 0
	if n == 0 {
		return
	}
	if to.portless() {
		b.count.add(dropSendError, 1)
		return
	}
	if !b.join(to, n) {
		if len(b.msgs) == maxMessages {
			b.transmit()
		}
		b.msgs = append(b.msgs, message{to: to, off: b.used, n: n, segment: n, segments: 1})
	}
	b.used += n
}

// join adds n bytes to the last message, if the kernel could split them off again.
func (b *Batch) join(to Dest, n int) bool {
	if len(b.msgs) == 0 || !b.end.gso.Load() {
		return false
	}
	m := &b.msgs[len(b.msgs)-1]
	if m.full || n > m.segment || m.segments == maxSegments || m.n+n > maxJoined || m.to != to {
		return false
	}
	limit := maxSegment6
	if to.v4() {
		limit = maxSegment4
	}
	if m.segment > limit {
		return false
	}
	m.n += n
	m.segments++
	m.full = n < m.segment
	return true
}

// Flush sends everything queued. It does not wait for a full socket buffer: what
// does not fit is dropped and counted. The portable path (see Config.Plain) may
// wait for the kernel for a moment.
func (b *Batch) Flush() {
	b.transmit()
	b.used, b.reserved = 0, 0
}

// transmit sends the messages, grouped by the socket they need, and keeps the
// arena as it is.
func (b *Batch) transmit() {
	msgs := b.msgs
	for len(msgs) > 0 {
		tx := b.tx[msgs[0].to.exit()]
		run := 1
		for run < len(msgs) && b.tx[msgs[run].to.exit()] == tx {
			run++
		}
		if tx == nil {
			b.count.add(dropNoSocket, datagrams(msgs[:run]))
		} else {
			tx.transmit(b.arena, msgs[:run])
		}
		msgs = msgs[run:]
	}
	b.msgs = b.msgs[:0]
}

// datagrams counts the datagrams in msgs.
func datagrams(msgs []message) int {
	n := 0
	for i := range msgs {
		n += msgs[i].segments
	}
	return n
}
