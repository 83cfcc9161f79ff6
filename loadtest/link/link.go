// Package link is the emulated line between the server and one subscriber: rate, delay, jitter and loss that change
// with time. It works by arithmetic on arrival times and holds no packet. It reads no clock; the goroutine that reads
// the subscriber's socket owns it.
package link

import (
	"math/rand/v2"
	"time"
)

// A Step is what a link is like from a moment on, counted from the start of the measurement.
type Step struct {
	At     time.Duration `yaml:"at"`
	Rate   int           `yaml:"rate"`   // bit/s; 0: no limit
	Delay  time.Duration `yaml:"delay"`  // added to each packet
	Jitter time.Duration `yaml:"jitter"` // up to so much more, evenly spread
	Loss   float64       `yaml:"loss"`   // 0..1
}

// linkQueue is how long packets may wait for a slow link before it drops them, as home routers do.
const linkQueue = 300 * time.Millisecond

// A Link stands between the server and a subscriber. It works by arithmetic: a packet that arrived at one moment is
// said to arrive at a later one, or not at all. Packets keep their order, as on a queue. It reads no clock.
type Link struct {
	steps []Step // by At
	rng   *rand.Rand
	free  time.Time // when the queue will be empty
	last  time.Time // what left before leaves before
}

// New makes a link of steps in the order of their times; nil, which is no link, when there are none.
func New(steps []Step, seed uint64) *Link {
	if len(steps) == 0 {
		return nil
	}
	return &Link{steps: steps, rng: rand.New(rand.NewPCG(seed, uint64(len(steps))))} //nolint:gosec // a repeatable load, no secret
}

// at returns the step in force, since after the measurement began.
func (l *Link) at(since time.Duration) Step {
	step := Step{}
	for _, s := range l.steps {
		if s.At > since {
			break
		}
		step = s
	}
	return step
}

// Pass says when a packet of so many bytes, read at now, arrives; false: never.
func (l *Link) Pass(now time.Time, since time.Duration, size int) (time.Time, bool) {
	s := l.at(since)
	if s.Loss > 0 && l.rng.Float64() < s.Loss {
		return time.Time{}, false
	}
	arrives := now
	if s.Rate > 0 {
		if l.free.Before(now) {
			l.free = now
		}
		if l.free.Sub(now) > linkQueue {
			return time.Time{}, false
		}
		l.free = l.free.Add(time.Duration(float64(size*8) / float64(s.Rate) * float64(time.Second)))
		arrives = l.free
	}
	arrives = arrives.Add(s.Delay)
	if s.Jitter > 0 {
		arrives = arrives.Add(time.Duration(l.rng.Int64N(int64(s.Jitter))))
	}
	if arrives.Before(l.last) {
		arrives = l.last
	}
	l.last = arrives
	return arrives, true
}
