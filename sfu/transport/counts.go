package transport

import (
	"sync"
	"sync/atomic"
)

// Counts are what a Transport dropped since it began, by cause.
type Counts struct {
	Early          uint64 // media before its keys
	Malformed      uint64 // media without a usable header
	Unauthentic    uint64 // media that fails authentication
	Replayed       uint64 // media seen before, or too old to tell
	Unsent         uint64 // own packets while there was no way or no keys
	Backpressure   uint64 // own messages the peer did not drain
	Ignored        uint64 // messages on channels of no use to us
	StrayDatagrams uint64 // what was neither media nor DTLS
}

type counters struct {
	early, malformed, unauthentic, replayed atomic.Uint64
	unsent, backpressure, ignored, stray    atomic.Uint64
}

// Counts reads the counters; each is exact, together they are no snapshot.
func (t *Transport) Counts() Counts {
	c := &t.counts
	return Counts{
		Early:          c.early.Load(),
		Malformed:      c.malformed.Load(),
		Unauthentic:    c.unauthentic.Load(),
		Replayed:       c.replayed.Load(),
		Unsent:         c.unsent.Load(),
		Backpressure:   c.backpressure.Load(),
		Ignored:        c.ignored.Load(),
		StrayDatagrams: c.stray.Load(),
	}
}

// Add adds o to c.
func (c *Counts) Add(o Counts) {
	c.Early += o.Early
	c.Malformed += o.Malformed
	c.Unauthentic += o.Unauthentic
	c.Replayed += o.Replayed
	c.Unsent += o.Unsent
	c.Backpressure += o.Backpressure
	c.Ignored += o.Ignored
	c.StrayDatagrams += o.StrayDatagrams
}

// A ledger keeps the Counts of all Transports of a Factory, also of those that
// have ended.
type ledger struct {
	open   map[*Transport]struct{} // guarded by mu
	closed Counts                  // guarded by mu
	mu     sync.Mutex
}

func (l *ledger) begin(t *Transport) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = make(map[*Transport]struct{})
	}
	l.open[t] = struct{}{}
}

// all appends the Transports that are open to list.
func (l *ledger) all(list []*Transport) []*Transport {
	l.mu.Lock()
	defer l.mu.Unlock()
	for t := range l.open {
		list = append(list, t)
	}
	return list
}

// end keeps what t counted and forgets t. What t counts from then on is lost.
func (l *ledger) end(t *Transport) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.open[t]; ok {
		delete(l.open, t)
		l.closed.Add(t.Counts())
	}
}

// Counts adds up what all Transports dropped since the Factory was made. Numbers
// are read one by one, together they are no snapshot.
func (f *Factory) Counts() Counts {
	l := &f.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	sum := l.closed
	for t := range l.open {
		sum.Add(t.Counts())
	}
	return sum
}
