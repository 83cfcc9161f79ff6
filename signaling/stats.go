package signaling

import "sync/atomic"

// Stats are a Server's counters since it began, but for Sessions and Led, which are present numbers.
type Stats struct {
	Sessions int // here
	Led      int // requests whose room is looked for, or on another node that answers them

	Joined           uint64 // participants let in
	Passed           uint64 // requests that another node answered
	Astray           uint64 // looks for a room that wasn't where it should be
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
	joined, passed, astray, refused, messagesIn, messagesOut, malformed, oversized, slow, silent atomic.Uint64

	packetsDropped, requestsRefused, candidatesFailed atomic.Uint64
}

// Stats returns the present counters.
func (s *Server) Stats() Stats {
	c := &s.counters
	return Stats{
		Sessions:         s.open.count(),
		Led:              s.led.count(),
		Joined:           c.joined.Load(),
		Passed:           c.passed.Load(),
		Astray:           c.astray.Load(),
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
