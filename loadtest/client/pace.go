package client

import (
	"container/heap"
	"math/rand/v2"
	"sync"
	"time"

	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/peer"
)

// A pace sends every track's frames when they are due, on one goroutine (pace_loop.go), and keeps account of how late
// it was: a generator that sends late measures itself.
type pace struct {
	wake chan struct{}
	rng  *rand.Rand

	turns turns // guarded by mu, with late
	late  measure.Histogram
	mu    sync.Mutex
}

// A turn is the next frame of one track.
type turn struct {
	due   time.Time
	track *media.Track
	peer  peer.Peer
}

func newPace() *pace {
	return &pace{wake: make(chan struct{}, 1), rng: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // spreads phases
}

// add begins a track. Tracks get different phases, so that a room's frames don't leave at once.
func (p *pace) add(now time.Time, t *media.Track, to peer.Peer) {
	p.mu.Lock()
	phase := time.Duration(p.rng.Int64N(int64(t.Every())))
	heap.Push(&p.turns, &turn{due: now.Add(phase), track: t, peer: to})
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// take returns what is due at now, each with its next turn noted, and when to come again.
func (p *pace) take(now time.Time, due []turn) ([]turn, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.turns) > 0 {
		t := p.turns[0]
		if t.track.Gone.Load() {
			heap.Pop(&p.turns)
			continue
		}
		if t.due.After(now) {
			return due, t.due
		}
		due = append(due, *t)
		p.late.Add(now.Sub(t.due))
		t.due = t.due.Add(t.track.Every())
		if now.Sub(t.due) > time.Second {
			t.due = now // a pause that nobody could make up for
		}
		heap.Fix(&p.turns, 0)
	}
	return due, time.Time{}
}

// Lateness returns how late frames left so far.
func (p *pace) Lateness() measure.Histogram {
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
