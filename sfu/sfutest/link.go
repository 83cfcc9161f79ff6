package sfutest

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Link is one direction of a network path in virtual time: a bottleneck with a queue, then a delay with jitter and loss. The zero value
// is a perfect network. Fields may be changed while it runs; what was pushed before is not affected. Chance comes from Seed alone.
type Link struct {
	// Rate of the bottleneck in bits per second; 0 is unlimited.
	Rate int64
	// Queue is how many bytes may wait for the bottleneck, the packet in service included; more are dropped. 0 is unlimited.
	Queue int
	// Delay is added to each packet, and a random part of Jitter.
	Delay, Jitter time.Duration
	// Reorder lets jitter change the order of packets; without it a packet waits for the one before.
	Reorder bool
	// Loss is the probability, 0 to 1, that a packet is lost behind the bottleneck.
	Loss float64
	Seed uint64

	random *rand.Rand
	free   time.Time // when the bottleneck has sent all it has
	last   time.Time // arrival of the last packet
	onWay  []arrival // by time

	// Counters of packets since the beginning.
	Pushed, Lost, Overflown int
}

type arrival struct {
	at  time.Time
	pkt []byte
}

// Push sends a copy of pkt at now, which must not go back. It tells whether the packet will arrive.
func (l *Link) Push(now time.Time, pkt []byte) bool {
	if l.random == nil {
		l.random = rand.New(rand.NewPCG(l.Seed, 0))
	}
	l.Pushed++
	lost, jitter := l.random.Float64() < l.Loss, time.Duration(l.random.Float64()*float64(l.Jitter)) // draw both, for repeatability
	if l.free.Before(now) {
		l.free = now
	}
	if l.Queue > 0 && l.waiting(now)+len(pkt) > l.Queue {
		l.Overflown++
		return false
	}
	l.free = l.free.Add(l.serving(len(pkt)))
	if lost {
		l.Lost++
		return false
	}
	a := arrival{at: l.free.Add(l.Delay + jitter), pkt: slices.Clone(pkt)}
	if !l.Reorder && a.at.Before(l.last) {
		a.at = l.last
	}
	l.last = a.at
	i, _ := slices.BinarySearchFunc(l.onWay, a.at, func(b arrival, at time.Time) int {
		if b.at.After(at) {
			return 1
		}
		return -1
	})
	l.onWay = slices.Insert(l.onWay, i, a)
	return true
}

// Pop returns the next packet that has arrived at now, and when; false if there is none.
func (l *Link) Pop(now time.Time) (pkt []byte, at time.Time, ok bool) {
	if len(l.onWay) == 0 || l.onWay[0].at.After(now) {
		return nil, time.Time{}, false
	}
	first := l.onWay[0]
	l.onWay = slices.Delete(l.onWay, 0, 1)
	return first.pkt, first.at, true
}

// Deadline is when the next packet arrives; false if none is on its way.
func (l *Link) Deadline() (time.Time, bool) {
	if len(l.onWay) == 0 {
		return time.Time{}, false
	}
	return l.onWay[0].at, true
}

// serving is how long the bottleneck takes for n bytes.
func (l *Link) serving(n int) time.Duration {
	if l.Rate <= 0 {
		return 0
	}
	return time.Duration(int64(n) * 8 * int64(time.Second) / l.Rate)
}

// waiting is how many bytes wait for the bottleneck, at its present rate.
func (l *Link) waiting(now time.Time) int {
	return int(int64(l.free.Sub(now)) / 8 * l.Rate / int64(time.Second))
}
