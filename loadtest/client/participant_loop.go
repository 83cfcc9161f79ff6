package client

import (
	"context"
	"errors"
	"sync"
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
	url, err := p.env.joinURL(p.env.room(p.Seat.Room), p.identity, packed, p.Seat.Subscribe, time.Now())
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
	if p.env.two && p.peer != nil {
		return p.introduce(ctx)
	}
	return nil
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
	if p.Seat.Stay > 0 {
		stay := time.NewTimer(p.Seat.Stay)
		defer stay.Stop()
		over = stay.C
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
			p.begin(time.Now(), heardReady == nil)
		case <-heardReady:
			heardReady = nil
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

// begin lets the tracks flow; all: every connection stands.
func (p *Participant) begin(now time.Time, all bool) {
	p.connect(now, all)
	for _, t := range p.Tracks {
		p.env.Pace.add(now, t, p.peer)
	}
}

func (p *Participant) connect(now time.Time, all bool) {
	if all {
		p.note(func(o *Outcome) { o.Connected = now })
	}
}
