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
	origin  uint64 // where the row begins: a multiple of 1<<16
}

// Unwrap returns the 64-bit number of n.
func (u *Unwrapper) Unwrap(n uint16) uint64 {
	if !u.started {
		u.started = true
		u.highest = u.origin + 1<<16 | uint64(n)
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

// Restart begins another row of 16-bit numbers. Its 64-bit numbers are all above those given so far, so that none ever stands for two
// packets.
func (u *Unwrapper) Restart() {
	*u = Unwrapper{origin: (max(u.highest, u.origin)>>16 + 1) << 16}
}

// Cycles returns how often the 16-bit numbers of the row have wrapped, in the upper bits, and the highest one in the lower 16
// (RFC 3550 section 6.4.1); 0 before the first.
func (u *Unwrapper) Cycles() uint32 {
	if !u.started {
		return 0
	}
	return uint32(u.highest - u.origin - 1<<16) //nolint:gosec // wraps after 2^32 packets
}

// Highest returns the highest number seen, 0 before the first of the row.
func (u *Unwrapper) Highest() uint64 { return u.highest }
