package client

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/peer"
	"salon/loadtest/scenario"
	"salon/signaling/wire"
)

// A Participant is one client of the run: a session, a peer, and what it publishes and receives. One goroutine runs
// it (participant_loop.go).
type Participant struct {
	env      *Environment
	Seat     scenario.Seat
	number   int
	identity string
	IsPlain  bool
	Tracks   []*media.Track
	Intake   *measure.Intake
	log      *slog.Logger

	// Owned by the participant's goroutine.
	peer    peer.Peer // publishes, and receives where it is the only one
	sub     peer.Peer // receives where there are two
	due     int       // tracks the server has not published yet; offered together
	session *session
	offers  negotiation
	flowing *atomic.Bool // whether the pace sends over this life's connection
	ladder  ladder
	silence time.Duration // of the server's that means the session is lost
	until   time.Time     // when it leaves; zero: it stays

	outcome Outcome      // guarded by mu
	sid     string       // of the present life
	seen    view         // of the others in the room
	leans   []*peer.Lean // for their counters; none before they are there, when they have gone, and for plain peers
	told    peer.Counts  // of the lean peers that have gone
	mu      sync.Mutex
}

// An Outcome is how far a participant came, and when: for the first time, where there were several.
type Outcome struct {
	Began, Joined, Connected time.Time
	Left                     bool // on purpose
	Err                      error
	Lives                    []Life
}

// Returns are the lives that followed one that was lost.
func (o Outcome) Returns() []Life {
	var list []Life
	for _, l := range o.Lives {
		if !l.Lost.IsZero() {
			list = append(list, l)
		}
	}
	return list
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

// NewParticipant makes the participant of a seat; it does nothing until it runs. number is its own in the run.
func NewParticipant(env *Environment, seat scenario.Seat, number int, isPlain bool) *Participant {
	p := &Participant{
		env: env, Seat: seat, number: number, IsPlain: isPlain,
		identity: fmt.Sprintf("p%d", number),
		Intake:   measure.NewIntake(env.Window),
		ladder:   ladder{rng: rand.New(rand.NewPCG(env.seed, uint64(number)))}, //nolint:gosec // spreads clients
		silence:  usualSilence,
	}
	p.Intake.Silence = env.silence
	p.log = env.log.With("participant", p.identity)
	for _, k := range seat.Kinds() {
		t := media.NewTrack(number, k, env.media, env.seed)
		if len(t.Layers) == 0 {
			continue // none of that kind
		}
		if isPlain {
			t.Largest() // the plain stack's own simulcast is not what is measured
		}
		p.Tracks = append(p.Tracks, t)
	}
	return p
}

// hear does what a message of the server asks for. over: the session has ended.
func (p *Participant) hear(ctx context.Context, m *wire.SignalResponse) error {
	switch m := m.GetMessage().(type) {
	case *wire.SignalResponse_Answer:
		return p.hearAnswer(ctx, m.Answer)
	case *wire.SignalResponse_Offer:
		return p.hearOffer(ctx, m.Offer)
	case *wire.SignalResponse_Update:
		p.see(m.Update.GetParticipants())
	case *wire.SignalResponse_TrackPublished:
		if p.due--; p.env.two && p.due == 0 {
			return p.offer(ctx)
		}
	case *wire.SignalResponse_Trickle:
		to := p.peer
		if m.Trickle.GetTarget() == wire.SignalTarget_SUBSCRIBER {
			to = p.sub
		}
		if to != nil {
			return to.Candidate(m.Trickle.GetCandidateInit())
		}
	case *wire.SignalResponse_MediaSectionsRequirement:
		if p.peer != nil {
			p.peer.Receive(int(m.MediaSectionsRequirement.GetNumAudios()), int(m.MediaSectionsRequirement.GetNumVideos()))
			return p.offer(ctx)
		}
	case *wire.SignalResponse_Leave:
		if m.Leave.GetAction() == wire.LeaveRequest_RECONNECT {
			return fmt.Errorf("%w: %s", errAsked, m.Leave.GetReason())
		}
		return fmt.Errorf("%w: %s", errLeft, m.Leave.GetReason())
	case *wire.SignalResponse_RequestResponse:
		if m.RequestResponse.GetReason() != wire.RequestResponse_OK {
			p.log.Warn("request refused", "reason", m.RequestResponse.GetReason().String(), "message", m.RequestResponse.GetMessage())
		}
	}
	return nil
}

func (p *Participant) hearAnswer(ctx context.Context, m *wire.SessionDescription) error {
	usable, again := p.offers.answered(m.GetId())
	if !usable || p.peer == nil {
		return nil
	}
	if err := p.peer.Answer(m.GetSdp()); err != nil {
		return err
	}
	if again {
		return p.offer(ctx)
	}
	return nil
}

func (p *Participant) hearOffer(ctx context.Context, m *wire.SessionDescription) error {
	if p.sub == nil {
		return nil
	}
	sdp, err := p.sub.Accept(m.GetSdp())
	if err != nil {
		return err
	}
	return p.session.write(ctx, answerMessage(sdp, m.GetId()))
}

// offer describes the connection anew, now or after the open answer.
func (p *Participant) offer(ctx context.Context) error {
	if !p.offers.want() {
		return nil
	}
	sdp, err := p.peer.Offer()
	if err != nil {
		return err
	}
	return p.session.write(ctx, offerMessage(sdp, p.offers.id))
}

// note changes the outcome.
func (p *Participant) note(change func(*Outcome)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.outcome)
}

// Result is how far the participant came. Anybody may ask.
func (p *Participant) Result() Outcome {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.outcome
	o.Lives = slices.Clone(o.Lives)
	return o
}

// show lets others read the counters of a lean peer.
func (p *Participant) show(l *peer.Lean) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.leans = append(p.leans, l)
}

// hangUp closes the peers and lets go of them: a run may see thousands, and each holds megabytes.
func (p *Participant) hangUp() {
	for _, c := range []peer.Peer{p.peer, p.sub} {
		if c != nil {
			c.Close()
		}
	}
	p.peer, p.sub = nil, nil
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.leans {
		p.told = p.told.Plus(l.Told())
	}
	p.leans = nil
}

// Told is what the participant's own sockets and feedback counted; nothing of plain ones.
func (p *Participant) Told() peer.Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	told := p.told
	for _, l := range p.leans {
		told = told.Plus(l.Told())
	}
	return told
}
