package signaling

import "sync"

// passages are the requests that other nodes answer. Each has a channel whose closing sends its client away: one after another,
// because clients that are sent away together come back together.
type passages struct {
	open map[chan struct{}]struct{}
	over bool // nobody stays who comes now

	mu sync.Mutex
}

// begin takes up a request. The caller ends it.
func (p *passages) begin() chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		p.open = map[chan struct{}]struct{}{}
	}
	leave := make(chan struct{})
	if p.over {
		close(leave)
		return leave
	}
	p.open[leave] = struct{}{}
	return leave
}

func (p *passages) end(leave chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, leave)
}

// send sends one client away, and tells how many are left who were not; false: there was none, nor will there be.
func (p *passages) send() (left int, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for leave := range p.open {
		close(leave)
		delete(p.open, leave)
		return len(p.open), true
	}
	p.over = true
	return 0, false
}
