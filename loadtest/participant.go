package loadtest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"salon/signaling/wire"
)

// A participant is one client of the run: a session, a peer, and what it publishes and receives. One goroutine runs
// it (participant_loop.go).
type participant struct {
	env      *environment
	seat     Seat
	number   int
	identity string
	isPlain  bool
	tracks   []*track
	intake   *intake
	log      *slog.Logger

	// Owned by the participant's goroutine.
	peer    peer
	session *session
	offers  negotiation

	outcome outcome // guarded by mu
	lean    *lean   // for its counters; nil before it is there, and for plain peers
	mu      sync.Mutex
}

// An outcome is how far a participant came, and when.
type outcome struct {
	began, joined, connected time.Time
	left                     bool // on purpose
	err                      error
}

// A negotiation keeps offers in order: one at a time, and another when something changed meanwhile.
type negotiation struct {
	id    uint32 // of the last offer
	open  bool   // an answer is due
	again bool
}

// want tells whether an offer may go out now; if not, one will after the answer.
func (n *negotiation) want() bool {
	if n.open {
		n.again = true
		return false
	}
	n.id++
	n.open = true
	return true
}

// answered takes an answer's id; again: another offer is due. An answer to an older offer changes nothing.
func (n *negotiation) answered(id uint32) (usable, again bool) {
	if !n.open || (id != 0 && id != n.id) {
		return false, false
	}
	again = n.again
	n.open, n.again = false, false
	return true, again
}

func newParticipant(env *environment, seat Seat, number int, isPlain bool) *participant {
	p := &participant{
		env: env, seat: seat, number: number, isPlain: isPlain,
		identity: fmt.Sprintf("p%d", number),
		intake:   newIntake(env.window, newLink(seat.Link, env.cfg.Seed+uint64(number))), //nolint:gosec // not negative
	}
	p.log = env.log.With("participant", p.identity)
	m := env.cfg.Media
	if isPlain {
		m.Layers = 1 // the plain stack's own simulcast is not what is measured
	}
	if seat.Audio && !m.NoAudio {
		p.tracks = append(p.tracks, newTrack(number, false, m, env.cfg.Seed))
	}
	if seat.Video && !m.NoVideo {
		p.tracks = append(p.tracks, newTrack(number, true, m, env.cfg.Seed))
	}
	return p
}

// hear does what a message of the server asks for. over: the session has ended.
func (p *participant) hear(ctx context.Context, m *wire.SignalResponse) error {
	switch m := m.GetMessage().(type) {
	case *wire.SignalResponse_Answer:
		return p.hearAnswer(ctx, m.Answer)
	case *wire.SignalResponse_Trickle:
		if p.peer != nil {
			return p.peer.candidate(m.Trickle.GetCandidateInit())
		}
	case *wire.SignalResponse_MediaSectionsRequirement:
		if p.peer != nil {
			p.peer.receive(int(m.MediaSectionsRequirement.GetNumAudios()), int(m.MediaSectionsRequirement.GetNumVideos()))
			return p.offer(ctx)
		}
	case *wire.SignalResponse_Leave:
		return fmt.Errorf("%w: %s", errLeft, m.Leave.GetReason())
	case *wire.SignalResponse_RequestResponse:
		if m.RequestResponse.GetReason() != wire.RequestResponse_OK {
			p.log.Warn("request refused", "reason", m.RequestResponse.GetReason().String(), "message", m.RequestResponse.GetMessage())
		}
	}
	return nil
}

func (p *participant) hearAnswer(ctx context.Context, m *wire.SessionDescription) error {
	usable, again := p.offers.answered(m.GetId())
	if !usable || p.peer == nil {
		return nil
	}
	if err := p.peer.answer(m.GetSdp()); err != nil {
		return err
	}
	if again {
		return p.offer(ctx)
	}
	return nil
}

// offer describes the connection anew, now or after the open answer.
func (p *participant) offer(ctx context.Context) error {
	if !p.offers.want() {
		return nil
	}
	sdp, err := p.peer.offer()
	if err != nil {
		return err
	}
	return p.session.write(ctx, offerMessage(sdp, p.offers.id))
}

// note changes the outcome.
func (p *participant) note(change func(*outcome)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.outcome)
}

func (p *participant) result() outcome {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.outcome
}

// show lets others read the counters of a lean peer.
func (p *participant) show(l *lean) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lean = l
}

// confess adds what the participant's own socket and feedback counted.
func (p *participant) confess(r *Report) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lean == nil {
		return
	}
	r.Generator.SocketDrops += p.lean.end.Stats().DropReceiveFull
	c, f := &p.lean.in.feedback.counts, &r.Client.Feedback
	f.Reports += c.reports.Load()
	f.Nacked += c.nacked.Load()
	f.KeyframeRequests += c.keyframes.Load()
	f.Transport += c.transport.Load()
}
