package udp

import "time"

// First bytes of the protocols on the port (RFC 7983).
const (
	lastSTUN              = 3
	firstDTLS, lastDTLS   = 20, 63
	firstMedia, lastMedia = 128, 191
	usualBurst            = 256 // Datagrams; the list grows when a read brings more.
)

// A demux sorts what one reader brings. It belongs to that reader.
type demux struct {
	end   *Endpoint
	out   *Batch
	count *counters
	lines bool // It serves lines, not a socket.

	now time.Time // When what is sorted arrived, as far as is known.

	// The media datagrams of one address that wait for their burst to end.
	burst [][]byte
	// Whose they are, and the last address looked up. Valid during one read.
	from Dest
	conn *conn

	ahead []ahead // scratch of warm
}

// deliver sorts the n messages rx has read and sends what the handlers answered.
func (d *demux) deliver(now time.Time, rx receiver, n int) {
	var bytes, joined, total int
	d.now, d.from = now, Dest{}
	for i := range n {
		data, from, segment, cut := rx.message(i)
		at := rx.at(i, now)
		if at != d.now {
			d.hand(d.now)
			d.now = at
		}
		bytes += len(data)
		if len(data) == 0 || cut || from.portless() || from.line() != d.lines {
			total++
			d.count.add(dropGarbage, 1)
			continue
		}
		if len(data) > segment {
			joined++
		}
		if *from != d.from {
			d.hand(at)
			d.from, d.conn = *from, d.end.routes.of(from)
		}
		for len(data) > 0 {
			k := min(segment, len(data))
			d.sort(at, data[:k:k])
			data = data[k:]
			total++
		}
	}
	d.hand(d.now)
	d.out.Flush()
	d.conn = nil
	d.count.add(readCalls, 1)
	d.count.add(datagramsIn, total)
	d.count.add(bytesIn, bytes)
	d.count.add(joinedIn, joined)
}

// sort takes one datagram from d.from.
func (d *demux) sort(now time.Time, b []byte) {
	switch kind := b[0]; {
	case kind >= firstMedia && kind <= lastMedia:
		if d.conn == nil {
			d.count.add(dropUnknownAddress, 1)
			return
		}
		d.burst = append(d.burst, b)
	case kind <= lastSTUN:
		d.hand(now)
		d.stun(b)
	case kind >= firstDTLS && kind <= lastDTLS:
		if d.conn == nil {
			d.count.add(dropUnknownAddress, 1)
			return
		}
		d.enqueue(d.conn, b)
	default:
		d.count.add(dropGarbage, 1)
	}
}

// hand gives the burst to its peer's handler.
func (d *demux) hand(now time.Time) {
	if len(d.burst) == 0 {
		return
	}
	if h := d.conn.peer.handler.Load(); h != nil {
		(*h).HandleMedia(now, d.burst, d.out)
	} else {
		d.count.add(dropNoHandler, len(d.burst))
	}
	clear(d.burst)
	d.burst = d.burst[:0]
}

// enqueue hands on a STUN or DTLS datagram: to the peer's handler, or to the readers of its connection.
func (d *demux) enqueue(c *conn, b []byte) {
	if h := c.peer.handler.Load(); h != nil {
		if control, ok := (*h).(ControlHandler); ok {
			control.HandleControl(d.now, d.from.AddrPort(), b)
			return
		}
	}
	if !c.queue.put(&d.end.peers.spare, b, d.from.AddrPort()) {
		d.count.add(dropQueueFull, 1)
	}
}

// stun routes a STUN message: requests by our ufrag in them, responses by their
// transaction, indications by address.
func (d *demux) stun(b []byte) {
	kind, id, ok := parseSTUN(b)
	if !ok {
		d.count.add(dropMalformedSTUN, 1)
		return
	}
	switch kind {
	case bindingRequest:
		d.request(b)
	case bindingSuccess, bindingError:
		c := d.end.asked.find(id, d.from)
		if c == nil {
			d.count.add(dropUnknownAnswer, 1)
			return
		}
		if kind == bindingSuccess {
			d.end.routes.claim(d.from, c, replied)
			d.conn = d.end.routes.of(&d.from)
		}
		d.enqueue(c, b)
	case bindingIndication:
		if d.conn == nil {
			d.count.add(dropUnknownAddress, 1)
			return
		}
		d.enqueue(d.conn, b)
	default:
		d.count.add(dropMalformedSTUN, 1)
	}
}

func (d *demux) request(b []byte) {
	ufrag, ok := localUfrag(b)
	if !ok {
		d.count.add(dropMalformedSTUN, 1)
		return
	}
	c := d.end.peers.find(ufrag, d.from.family())
	if c == nil && d.lines {
		c = d.end.peers.find(ufrag, 0) // Lines are of no family.
	}
	if c == nil {
		d.count.add(dropUnknownUfrag, 1)
		return
	}
	d.enqueue(c, b)
	if d.conn == nil {
		d.conn = d.end.routes.of(&d.from) // An answer may have proved it.
	}
}
