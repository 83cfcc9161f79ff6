// Package valve is a TCP address in front of another one, through which connections pass as long as they may: it cuts,
// it holds back as a network does that loses everything, and it delays, for all or for those of one origin.
//
// What it decides: which flow a connection belongs to, once, by the first that it says. What it never does: lose bytes of a
// connection that it doesn't cut. Safe for concurrent use; its goroutines (valve_loop.go) end with Close.
package valve

import (
	"fmt"
	"net"
	"sync"
	"time"
)

// A Flow is how connections pass.
type Flow struct {
	Cut   bool          // they end at once, and so do new ones
	Held  bool          // nothing passes, and nothing is lost: it follows when they aren't held any more
	Delay time.Duration // of whatever passes, in both directions
}

// Passes tells that connections go on.
func (f Flow) Passes() bool { return !f.Cut && !f.Held }

// A Valve is one such address.
type Valve struct {
	listener net.Listener
	target   string
	origin   func(head []byte) string
	work     *sync.WaitGroup

	flows   map[string]Flow // by origin; "" of those that are not there. Guarded by mu, as all below
	changed chan struct{}   // closed by the next change
	pipes   map[*pipe]struct{}
	closed  bool
	mu      sync.Mutex
}

// A pipe is one connection and the one behind it.
type pipe struct {
	origin string
	ends   [2]net.Conn // the second may not be there yet
}

// New opens an address of host that leads to target. origin names where a connection comes from, by what it says first:
// the head of an HTTP request; several goroutines ask. nil: they are all one.
func New(host, target string, origin func(head []byte) string) (*Valve, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, fmt.Errorf("open valve: %w", err)
	}
	v := &Valve{
		listener: l, target: target, origin: origin, work: &sync.WaitGroup{},
		flows: map[string]Flow{}, changed: make(chan struct{}), pipes: map[*pipe]struct{}{},
	}
	v.serve()
	return v, nil
}

// Address is host:port of the valve.
func (v *Valve) Address() string { return v.listener.Addr().String() }

// Set changes how connections of an origin pass; "" those of all origins that were not set by name.
func (v *Valve) Set(origin string, f Flow) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.flows[origin] = f
	close(v.changed)
	v.changed = make(chan struct{})
	for p := range v.pipes {
		if v.flow(p.origin).Cut {
			p.cut()
		}
	}
}

// flow finds that of an origin. The caller holds mu.
func (v *Valve) flow(origin string) Flow {
	if f, named := v.flows[origin]; named {
		return f
	}
	return v.flows[""]
}

// now is how an origin's connections pass at the moment, and what tells of the next change.
func (v *Valve) now(origin string) (f Flow, changed <-chan struct{}, closed bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.flow(origin), v.changed, v.closed
}

// join takes an end of a pipe; false: it may not pass.
func (v *Valve) join(p *pipe, end int, c net.Conn) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed || v.flow(p.origin).Cut {
		return false
	}
	p.ends[end] = c
	v.pipes[p] = struct{}{}
	return true
}

// name tells where a pipe comes from.
func (v *Valve) name(p *pipe, origin string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p.origin = origin
}

func (v *Valve) forget(p *pipe) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p.cut()
	delete(v.pipes, p)
}

// cut ends both connections the hard way.
func (p *pipe) cut() {
	for _, c := range p.ends {
		if c == nil {
			continue
		}
		if t, ok := c.(*net.TCPConn); ok {
			_ = t.SetLinger(0) // it ends anyway
		}
		_ = c.Close() // likewise
	}
}

// Close ends all connections and waits until nothing of the valve runs. It may be called twice.
func (v *Valve) Close() {
	_ = v.listener.Close() // nothing to do about it
	v.mu.Lock()
	if !v.closed {
		v.closed = true
		close(v.changed)
		v.changed = make(chan struct{})
	}
	for p := range v.pipes {
		p.cut()
	}
	v.mu.Unlock()
	v.work.Wait()
}
