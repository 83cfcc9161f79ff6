// Package seq does the arithmetic of numbers that wrap: it unwraps 16-bit sequence numbers into 64 bits,
// and gives each Subscription a gapless row of outgoing numbers whatever was dropped or switched on the way.
// It reads no clock and holds no packet. Values belong to whoever owns the stream; none is safe for
// concurrent use. RFC 3550 section 5.1 and appendix A.1.
package seq

// An Unwrapper turns 16-bit numbers that wrap into 64-bit numbers that don't. The zero value is ready.
//
// The first number n becomes 1<<16 + n, so that packets up to half a cycle before it still have a
// positive number. Every later one becomes the candidate nearest to the highest seen.
type Unwrapper struct {
	highest uint64
	started bool
}

// Unwrap returns the 64-bit number of n.
func (u *Unwrapper) Unwrap(n uint16) uint64 {
	if !u.started {
		u.started = true
		u.highest = 1<<16 | uint64(n)
		return u.highest
	}
	// The distance as a signed 16-bit number is the shortest way round the circle.
	distance := int64(int16(n - uint16(u.highest)))
	full := uint64(int64(u.highest) + distance)
	if distance > 0 {
		u.highest = full
	}
	return full
}

// Highest returns the highest number seen, 0 before the first.
func (u *Unwrapper) Highest() uint64 { return u.highest }
