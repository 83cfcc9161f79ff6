package client

import (
	"container/heap"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/peer"
)

// A Pace sends every track's frames when they are due, on one goroutine (pace_loop.go), and keeps account of how late
// it was: a generator that sends late measures itself.
type Pace struct {
	wake chan struct{}
	rng  *rand.Rand

	turns turns // guarded by mu, with late
	late  measure.Histogram
	mu    sync.Mutex
}

// A turn is the next burst of one layer of a track.
type turn struct {
	due   time.Time
	track *media.Track
	layer int
	peer  peer.Peer
	flows *atomic.Bool // until the peer's end
}

func newPace() *Pace {
	return &Pace{wake: make(chan struct{}, 1), rng: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // spreads phases
}

// phases is how far the beginnings of tracks are spread: two frames of usual video.
const phases = 66 * time.Millisecond

// add sends a track over a peer for as long as flows says so. Tracks get different phases, so that a room's frames don't
// leave at once; the layers of a track have the same.
func (p *Pace) add(now time.Time, t *media.Track, to peer.Peer, flows *atomic.Bool) {
	p.mu.Lock()
	begin := now.Add(time.Duration(p.rng.Int64N(int64(phases))))
	for i, l := range t.Layers {
		heap.Push(&p.turns, &turn{due: begin.Add(l.Wait()), track: t, layer: i, peer: to, flows: flows})
	}
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// take returns the first turn that is due at now and notes how late it is; nil, and when to come again, if none is. A
// turn that was taken must be put back.
func (p *Pace) take(now time.Time) (*turn, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.turns) > 0 {
		t := p.turns[0]
		if !t.flows.Load() {
			heap.Pop(&p.turns)
			continue
		}
		if t.due.After(now) {
			return nil, t.due
		}
		heap.Pop(&p.turns)
		p.late.Add(now.Sub(t.due))
		return t, time.Time{}
	}
	return nil, time.Time{}
}

// back notes when a turn that was taken at now comes again.
func (p *Pace) back(now time.Time, t *turn) {
	t.due = t.due.Add(t.track.Layers[t.layer].Wait())
	if now.Sub(t.due) > time.Second {
		t.due = now // a pause that nobody could make up for
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	heap.Push(&p.turns, t)
}

// Lateness returns how late frames left so far.
func (p *Pace) Lateness() measure.Histogram {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.late
}

// turns is a heap by due.
type turns []*turn

func (t turns) Len() int           { return len(t) }
func (t turns) Less(i, j int) bool { return t[i].due.Before(t[j].due) }
func (t turns) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *turns) Push(x any)        { *t = append(*t, x.(*turn)) } // only ours come here
func (t *turns) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}
