package udp

import "salon/sfu/prefetch"

// A Warmer is a Handler that can ask the processor to fetch what HandleMedia will touch, in WarmSteps steps from 0 on: each asks for
// what the one before it has brought the addresses of. It runs on the reader's goroutine.
type Warmer interface {
	WarmMedia(step int)
}

// WarmSteps is how many steps a Warmer has.
const WarmSteps = 3

// ahead is one message's way to its handler.
type ahead struct {
	conn    *conn
	handler *Handler
	warmer  Warmer
}

// warm asks for what delivering the n messages will touch of their peers, all of them at each step: feedback comes from dozens
// of peers whose memory has left the cache since they last said something.
func (d *demux) warm(rx receiver, n int) {
	list := d.ahead[:0]
	for i := range n {
		_, from, _, _ := rx.message(i)
		if c := d.end.routes.of(from); c != nil {
			prefetch.Line(c)
			list = append(list, ahead{conn: c})
		}
	}
	for _, a := range list {
		prefetch.Line(a.conn.peer)
	}
	for i := range list {
		if list[i].handler = list[i].conn.peer.handler.Load(); list[i].handler != nil {
			prefetch.Line(list[i].handler)
		}
	}
	for i := range list {
		if h := list[i].handler; h != nil {
			list[i].warmer, _ = (*h).(Warmer) // nil: nothing to ask for
		}
	}
	for step := range WarmSteps {
		for i := range list {
			if w := list[i].warmer; w != nil {
				w.WarmMedia(step)
			}
		}
	}
	clear(list)
	d.ahead = list
}
