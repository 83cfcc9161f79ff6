package transport

import "sync/atomic"

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
