package forward

import "time"

// Bounds of retransmission: a receiver that asks more often than its round trip allows, or asks for ever, gets no more.
const (
	maxResends   = 5
	minResendGap = 10 * time.Millisecond
)

// A repeat notes that a packet went out again.
type repeat struct {
	number uint32 // its lower half: the upper one is the same for all that can be asked for
	at     moment // last
	times  uint8  // 0: the slot is empty
}

// A moment counts milliseconds since the first repeat of a leg; it wraps after 49 days.
type moment uint32

// repeats are the packets that went out again: number n lies in slot n mod len. There are no slots before the first one, and more, up to
// size, while notes younger than age would be overwritten.
type repeats struct {
	epoch time.Time
	slots []repeat
	size  int // a power of two
	age   time.Duration
}

// firstRepeats is how many slots there are at first, a power of two.
const firstRepeats = 16

// allow tells whether the packet number may go out again, and notes that it does.
func (r *repeats) allow(now time.Time, number uint64, rtt time.Duration) bool {
	if r.slots == nil {
		r.epoch, r.slots = now, make([]repeat, min(firstRepeats, r.size))
	}
	at := moment(now.Sub(r.epoch) / time.Millisecond) //nolint:gosec // wraps
	n := uint32(number)                               //nolint:gosec // its lower half
	for len(r.slots) < r.size {
		old := r.slot(n)
		if old.times == 0 || old.number == n || at.since(old.at) >= r.age {
			break
		}
		r.grow()
	}
	s := r.slot(n)
	if s.times == 0 || s.number != n {
		*s = repeat{number: n}
	}
	if s.times >= maxResends || s.times > 0 && at.since(s.at) < max(rtt, minResendGap) {
		return false
	}
	s.times++
	s.at = at
	return true
}

func (r *repeats) slot(number uint32) *repeat { return &r.slots[number&uint32(len(r.slots)-1)] } //nolint:gosec // at most size

func (r *repeats) grow() {
	old := r.slots
	r.slots = make([]repeat, 2*len(old))
	for _, s := range old {
		if s.times != 0 {
			*r.slot(s.number) = s
		}
	}
}

func (m moment) since(earlier moment) time.Duration {
	return time.Duration(int32(m-earlier)) * time.Millisecond //nolint:gosec // wraps
}
