package client

import (
	"context"
	"errors"
	"sync"
	"time"

	"salon/loadtest/link"
	"salon/loadtest/peer"
	"salon/signaling/wire"
)

const (
	joinWithin = 20 * time.Second
	byeWithin  = time.Second
	usualPing  = 5 * time.Second
)

// Run joins, stays until ctx ends or the seat's time is over, and leaves. How it went is in the outcome.
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

func (p *Participant) live(ctx context.Context) error {
	if err := p.join(ctx); err != nil {
		p.hangUp()
		return err
	}
	inner, cancel := context.WithCancel(ctx)
	var reader sync.WaitGroup
	heard := make(chan *wire.SignalResponse)
	ended := make(chan error, 1)
	reader.Go(func() { ended <- p.listen(inner, heard) })
	err := p.converse(ctx, heard, ended)
	for _, t := range p.Tracks {
		t.Gone.Store(true)
	}
	bye, done := context.WithTimeout(context.WithoutCancel(ctx), byeWithin)
	p.session.leave(bye)
	done()
	cancel()
	reader.Wait()
	p.hangUp()
	return err
}

// join opens the session; the first message is there when it returns.
func (p *Participant) join(ctx context.Context) error {
	sdp := ""
	if !p.Seat.Bare {
		if err := p.open(); err != nil {
			return err
		}
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
	url, err := p.env.joinURL(p.env.room(p.Seat.Room), p.identity, packed, time.Now())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, joinWithin)
	defer cancel()
	if p.session, err = dial(ctx, url); err != nil {
		return err
	}
	m, err := p.session.read(ctx)
	if err == nil && m.GetJoin() == nil {
		err = errSilence
	}
	if err != nil {
		p.session.leave(ctx)
		return err
	}
	p.note(func(o *Outcome) { o.Joined = time.Now() })
	return nil
}

// open makes the media connection.
func (p *Participant) open() error {
	if p.IsPlain {
		peer, err := peer.NewPlain(p.env.peers, p.Intake, p.Tracks)
		if err != nil {
			return err
		}
		p.peer = peer
		return nil
	}
	peer, err := peer.NewLean(p.env.peers, p.Intake, link.New(p.Seat.Link, p.env.seed+uint64(p.number)), p.Tracks) //nolint:gosec // not negative
	if err != nil {
		return err
	}
	p.peer = peer
	p.show(peer)
	return nil
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
	if p.Seat.Stay > 0 {
		stay := time.NewTimer(p.Seat.Stay)
		defer stay.Stop()
		over = stay.C
	}
	var ready, failed <-chan struct{}
	if p.peer != nil {
		ready, failed = p.peer.Ready(), p.peer.Failed()
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-over:
			return nil
		case m := <-heard:
			err = p.hear(ctx, m)
		case err = <-ended:
		case now := <-ping.C:
			err = errors.Join(
				p.session.write(ctx, &wire.SignalRequest{Message: &wire.SignalRequest_Ping{Ping: now.UnixMilli()}}),
				p.session.write(ctx, &wire.SignalRequest{Message: &wire.SignalRequest_PingReq{
					PingReq: &wire.Ping{Timestamp: now.UnixMilli()},
				}}))
		case <-ready:
			ready = nil
			p.begin(time.Now())
		case <-failed:
			err = errClosed
		}
		if err != nil {
			return err
		}
	}
}

// begin lets the tracks flow.
func (p *Participant) begin(now time.Time) {
	p.note(func(o *Outcome) { o.Connected = now })
	for _, t := range p.Tracks {
		p.env.Pace.add(now, t, p.peer)
	}
}
