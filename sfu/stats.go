package sfu

import (
	"salon/sfu/forward"
	"salon/sfu/tcp"
	"salon/sfu/transport"
	"salon/sfu/udp"
)

// Stats counts what the node did since it began. The numbers are read one by one: sums of them may be off by what happened
// in between.
type Stats struct {
	Rooms int
	// VisitsDropped counts comings and goings that found no place in the queue of Visits.
	VisitsDropped uint64

	Forward   forward.Stats
	Transport transport.Counts
	UDP       udp.Stats
	TCP       tcp.Stats
}

// Stats returns the counters so far.
func (s *Server) Stats() Stats {
	st := Stats{UDP: s.endpoint.Stats(), Transport: s.factory.Counts(), VisitsDropped: s.VisitsDropped()}
	if s.streams != nil {
		st.TCP = s.streams.Stats()
	}
	for _, shard := range s.shards {
		one := shard.Stats()
		st.Forward.Add(&one)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Rooms = len(s.rooms)
	return st
}
