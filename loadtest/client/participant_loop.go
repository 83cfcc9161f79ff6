package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"salon/loadtest/link"
	"salon/loadtest/media"
	"salon/loadtest/peer"
	"salon/signaling/wire"
)

const (
	joinWithin = 20 * time.Second
	byeWithin  = time.Second
	usualPing  = 5 * time.Second
	// usualSilence is how long a server says nothing until it counts as lost, where it does not say.
	usualSilence = 15 * time.Second
)

// Run joins, stays until ctx ends or the seat's time is over, and leaves. Where participants come back, it joins again
// whenever it loses its session. How it went is in the outcome.
func (p *Participant) Run(ctx context.Context) {
	p.note(func(o *Outcome) { o.Began = time.Now() })
	err := p.live(ctx)
	p.note(func(o *Outcome) {
		if o.Left = err == nil || ctx.Err() != nil; !o.Left {
			o.Err = err
		}
	})
	if err != nil && ctx.Err() == nil {
		p.log.Warn("participant ended", "err", err)
	}
}

// live is one life after another, until the participant leaves or can't come back.
func (p *Participant) live(ctx context.Context) error {
	var lost time.Time // when the last session that served was lost
	for {
		err := p.once(ctx, lost)
		if err == nil || ctx.Err() != nil || !p.env.returns || isFinal(err) {
			return err
		}
		p.log.Debug("session lost", "err", err, "tries", p.ladder.tried)
		if p.ladder.tried == 0 && p.lives() > 0 {
			lost = time.Now()
			p.Intake.Break()
		}
		wait, again := p.ladder.next(errors.Is(err, errAsked))
		if !again {
			return fmt.Errorf("%w: %w", ErrGaveUp, err)
		}
		if p.pause(ctx, wait) {
			return nil
		}
		p.ladder.fail() // until it stands
	}
}

// pause waits before the next try; true: the participant leaves instead.
func (p *Participant) pause(ctx context.Context, wait time.Duration) bool {
	if !p.until.IsZero() {
		wait = min(wait, time.Until(p.until))
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return true
	case now := <-t.C:
		return !p.until.IsZero() && !now.Before(p.until)
	}
}

// once is one life: nil when it ended on purpose. lost is when the one before was lost.
func (p *Participant) once(ctx context.Context, lost time.Time) error {
	p.offers, p.due, p.flowing = negotiation{}, 0, &atomic.Bool{}
	defer p.hangUp()
	if err := p.join(ctx, lost); err != nil {
		p.depart(time.Now(), err)
		return err
	}
	inner, cancel := context.WithCancel(ctx)
	var reader sync.WaitGroup
	heard := make(chan *wire.SignalResponse)
	ended := make(chan error, 1)
	reader.Go(func() { ended <- p.listen(inner, heard) })
	err := p.converse(ctx, heard, ended)
	p.depart(time.Now(), err)
	p.flowing.Store(false)
	if err == nil || !p.env.returns {
		bye, done := context.WithTimeout(context.WithoutCancel(ctx), byeWithin)
		p.session.leave(bye)
		done()
	} else {
		p.session.drop()
	}
	cancel()
	reader.Wait()
	return err
}

// join opens the session; the first message is there when it returns. lost is when the one before was lost.
func (p *Participant) join(ctx context.Context, lost time.Time) error {
	sdp := ""
	if !p.Seat.Bare {
		if err := p.open(); err != nil {
			return err
		}
	}
	if p.peer != nil && !p.env.two {
		var err error
		if sdp, err = p.peer.Offer(); err != nil {
			return err
		}
		p.offers.want()
	}
	packed, err := wire.PackJoin(joinRequest(p.Seat.Subscribe, p.Tracks, sdp))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, joinWithin)
	defer cancel()
	door, err := p.enter(ctx, packed)
	if err != nil {
		return err
	}
	m, err := p.session.read(ctx)
	if err == nil && m.GetJoin() == nil {
		err = errNoJoin
	}
	if err != nil {
		p.session.drop()
		return err
	}
	now := time.Now()
	p.arrive(door.Host, lost, now, m.GetJoin())
	if p.until.IsZero() && p.Seat.Stay > 0 {
		p.until = now.Add(p.Seat.Stay)
	}
	if told := m.GetJoin().GetPingTimeout(); told > 0 {
		p.silence = time.Duration(told) * time.Second
	}
	if p.peer == nil {
		p.ladder.stand()
	}
	if p.env.two && p.peer != nil {
		return p.introduce(ctx)
	}
	return nil
}

// enter opens the session at a door that is open, and tells which.
func (p *Participant) enter(ctx context.Context, packed string) (door *url.URL, err error) {
	for _, door = range p.env.knock(p.ladder.rng) {
		var at string
		if at, err = p.env.joinURL(door, p.env.room(p.Seat.Room), p.identity, packed, p.Seat.Subscribe, time.Now()); err != nil {
			return nil, err
		}
		if p.session, err = dial(ctx, at); !errors.Is(err, syscall.ECONNREFUSED) {
			return door, err
		}
	}
	return door, err
}

// introduce names the tracks of a client with two connections; when the server knows them all, they are offered.
func (p *Participant) introduce(ctx context.Context) error {
	if p.due = len(p.Tracks); p.due == 0 {
		return p.offer(ctx)
	}
	for _, t := range p.Tracks {
		if err := p.session.write(ctx, trackMessage(t)); err != nil {
			return err
		}
	}
	return nil
}

// open makes the media connections.
func (p *Participant) open() (err error) {
	if !p.env.two {
		p.peer, err = p.connection(peer.Whole, p.Tracks)
		return err
	}
	if p.peer, err = p.connection(peer.Sends, p.Tracks); err == nil {
		p.sub, err = p.connection(peer.Receives, nil)
	}
	return err
}

func (p *Participant) connection(role peer.Role, tracks []*media.Track) (peer.Peer, error) {
	if p.IsPlain {
		c, err := peer.NewPlain(p.env.peers, role, p.Intake, tracks)
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	c, err := peer.NewLean(p.env.peers, role, p.Intake, link.New(p.Seat.Link, p.env.seed+uint64(p.number)), tracks) //nolint:gosec // not negative
	if err != nil {
		return nil, err
	}
	p.show(c)
	return c, nil
}

func (p *Participant) listen(ctx context.Context, heard chan<- *wire.SignalResponse) error {
	for {
		m, err := p.session.read(ctx)
		if err != nil {
			return err
		}
		select {
		case heard <- m:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// converse is the participant's life: the server's messages, pings, and the moments when media can flow or can't.
func (p *Participant) converse(ctx context.Context, heard <-chan *wire.SignalResponse, ended <-chan error) error {
	ping := time.NewTicker(usualPing)
	defer ping.Stop()
	var over <-chan time.Time
	if !p.until.IsZero() {
		stay := time.NewTimer(time.Until(p.until))
		defer stay.Stop()
		over = stay.C
	}
	silence := time.NewTimer(p.silence)
	defer silence.Stop()
	silent := silence.C
	if !p.env.returns {
		silent = nil // an ordinary run judges what came, not why nothing does
	}
	var ready, failed, heardReady, heardFailed <-chan struct{}
	if p.peer != nil {
		ready, failed = p.peer.Ready(), p.peer.Failed()
	}
	if p.sub != nil {
		heardReady, heardFailed = p.sub.Ready(), p.sub.Failed()
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-over:
			return nil
		case m := <-heard:
			silence.Reset(p.silence)
			err = p.hear(ctx, m)
		case <-silent:
			err = errSilence
		case err = <-ended:
		case now := <-ping.C:
			err = errors.Join(
				p.session.write(ctx, &wire.SignalRequest{Message: &wire.SignalRequest_Ping{Ping: now.UnixMilli()}}),
				p.session.write(ctx, &wire.SignalRequest{Message: &wire.SignalRequest_PingReq{
					PingReq: &wire.Ping{Timestamp: now.UnixMilli()},
				}}))
		case <-ready:
			ready, failed = nil, p.ifReturning(failed)
			p.begin(time.Now(), heardReady == nil)
		case <-heardReady:
			heardReady, heardFailed = nil, p.ifReturning(heardFailed)
			p.connect(time.Now(), ready == nil)
		case <-failed:
			err = errClosed
		case <-heardFailed:
			err = errClosed
		}
		if err != nil {
			return err
		}
	}
}

// ifReturning is failed where participants mind that a connection broke which stood.
func (p *Participant) ifReturning(failed <-chan struct{}) <-chan struct{} {
	if p.env.returns {
		return failed
	}
	return nil
}

// begin lets the tracks flow; all: every connection stands.
func (p *Participant) begin(now time.Time, all bool) {
	p.connect(now, all)
	p.flowing.Store(true)
	for _, t := range p.Tracks {
		if p.lives() > 1 {
			for _, l := range t.Layers {
				l.WantKey.Store(true) // nobody can go on from what was before
			}
		}
		p.env.Pace.add(now, t, p.peer, p.flowing)
	}
}

func (p *Participant) connect(now time.Time, all bool) {
	if all {
		p.ladder.stand()
		p.connected(now)
	}
}
