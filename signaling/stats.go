package signaling

import "sync/atomic"

// Stats are a Server's counters since it began, but for Sessions, which is the present number.
type Stats struct {
	Sessions int

	Joined           uint64 // participants let in
	Refused          uint64 // requests refused before the upgrade
	MessagesIn       uint64
	MessagesOut      uint64
	Malformed        uint64 // client messages that couldn't be read
	Oversized        uint64 // sessions ended by a message beyond Config.MaxMessage
	Slow             uint64 // sessions ended because the client didn't read
	Silent           uint64 // sessions ended because nothing came for Config.PingTimeout
	PacketsDropped   uint64 // data packets that couldn't be read or weren't allowed
	RequestsRefused  uint64 // requests answered with a refusal
	CandidatesFailed uint64 // candidates that the transport didn't take
}

// counters are what Stats copies.
type counters struct {
	joined, refused, messagesIn, messagesOut, malformed, oversized, slow, silent atomic.Uint64

	packetsDropped, requestsRefused, candidatesFailed atomic.Uint64
}

// Stats returns the present counters.
func (s *Server) Stats() Stats {
	c := &s.counters
	return Stats{
		Sessions:         s.open.count(),
		Joined:           c.joined.Load(),
		Refused:          c.refused.Load(),
		MessagesIn:       c.messagesIn.Load(),
		MessagesOut:      c.messagesOut.Load(),
		Malformed:        c.malformed.Load(),
		Oversized:        c.oversized.Load(),
		Slow:             c.slow.Load(),
		Silent:           c.silent.Load(),
		PacketsDropped:   c.packetsDropped.Load(),
		RequestsRefused:  c.requestsRefused.Load(),
		CandidatesFailed: c.candidatesFailed.Load(),
	}
}
