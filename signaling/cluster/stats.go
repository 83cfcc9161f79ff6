package cluster

import "sync/atomic"

// Stats are a Member's counters since it began, but for Leases, which is a present number.
type Stats struct {
	Leases int // held

	// Rooms that were left with people in them, by what made it necessary.
	HandedOver uint64 // another node has them: this one drained
	GivenUp    uint64 // their leases couldn't be renewed, and others might get them
	Stale      uint64 // another node had them already
	Unowned    uint64 // there was no lease for them
}

// counts are what Stats copies.
type counts struct {
	leases                              atomic.Int64
	handedOver, givenUp, stale, unowned atomic.Uint64
}

// left counts a room that is left.
func (c *counts) left(why reason) {
	switch why {
	case moved:
		c.handedOver.Add(1)
	case givenUp:
		c.givenUp.Add(1)
	case stale:
		c.stale.Add(1)
	case unowned:
		c.unowned.Add(1)
	}
}

// Stats returns the present counters.
func (m *Member) Stats() Stats {
	c := &m.counts
	return Stats{
		Leases: int(c.leases.Load()), HandedOver: c.handedOver.Load(), GivenUp: c.givenUp.Load(), Stale: c.stale.Load(),
		Unowned: c.unowned.Load(),
	}
}
