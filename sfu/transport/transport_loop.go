package transport

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/pion/dtls/v3"

	"salon/sfu/beat"
	"salon/sfu/transport/ice"
	"salon/sfu/transport/jsep"
	"salon/sfu/udp"
)

// NewFactory makes a Factory whose Transports live on ep. ep must run for
// anything to arrive; it outlives the Factory's Transports.
func NewFactory(cfg Config, ep *udp.Endpoint, log *slog.Logger) (*Factory, error) {
	if err := cfg.validate(); err != nil {
		return nil, wrap("transport config", err)
	}
	certificate, sum, err := newCertificate(time.Now())
	if err != nil {
		return nil, err
	}
	return &Factory{
		cfg: cfg, endpoint: ep, certificate: certificate, fingerprint: sum,
		log: log, quiet: quiet{log: log},
		wake: make(chan struct{}, 1),
	}, nil
}

// Run keeps the ways of all Transports: checks are repeated, consent is asked for, silence is noticed. Nothing connects without it. It
// returns when ctx ends.
func (f *Factory) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var list []*Transport
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-f.wake:
		case <-timer.C:
		}
		list = f.ledger.all(list[:0])
		timer.Reset(tendAll(time.Now(), list))
		clear(list)
	}
}

const (
	// leastRest is the time between two rounds of the loop when something is urgent.
	leastRest = 10 * time.Millisecond
	// usualRest is the same when nothing is, and what is due waits for its beat: the more Transports are tended at once, the less often
	// the machine wakes up.
	usualRest = 400 * time.Millisecond
	longRest  = time.Minute
)

// tendAll does what is due and returns how long nothing will be.
func tendAll(now time.Time, list []*Transport) time.Duration {
	rest := longRest
	for _, t := range list {
		at, urgent := t.tend(now)
		switch {
		case at.IsZero():
		case urgent:
			rest = min(rest, max(at.Sub(now), leastRest))
		default:
			due := max(at.Sub(now), 0)
			rest = min(rest, due+beat.Until(now.Add(due), usualRest))
		}
	}
	return rest
}

func (t *Transport) now() time.Time { return time.Now() }

// startReport tells changes of the agent's state, on a goroutine of its own: whoever drives the agent must not wait for the room.
func (t *Transport) startReport() {
	t.loops.Go(func() {
		for {
			s, ok := t.way.next()
			if !ok {
				return
			}
			if s == ice.Connected {
				t.way.foundOnce.Do(func() { close(t.way.found) })
			}
			t.onState(s)
		}
	})
}

// begin starts ICE towards the peer and, behind it, everything else.
func (t *Transport) begin(d *jsep.Description) {
	controlling := t.role == Offerer || d.ICELite // RFC 8445 section 6.1.1: who offers controls, and lite never does
	now := t.now()
	t.drive(func(a *ice.Agent) { a.Start(now, controlling, d.Ufrag, d.Pwd) })
	fp := fingerprint{hash: d.FingerprintHash, value: d.Fingerprint}
	t.loops.Go(func() { t.run(fp) })
}

// run is the life of a connection after the first descriptions: way, keys,
// messages. Media needs no goroutine: the socket's readers bring it.
func (t *Transport) run(fp fingerprint) {
	c, err := t.secure(fp)
	if err != nil {
		if t.ctx.Err() == nil {
			t.emit(Event{Kind: Failed, Err: err})
		}
		return
	}
	t.arrived()
	if t.idle(c) {
		t.carry(c)
	}
	_ = c.Close() // tells the peer; it may be gone
	t.emit(Event{Kind: Closed})
}

// secure waits for a way to the peer and agrees on keys.
func (t *Transport) secure(fp fingerprint) (*dtls.Conn, error) {
	select {
	case <-t.way.found:
	case <-t.ctx.Done():
		return nil, ErrClosed
	}
	pipe := dtlsPipe{t}
	c, err := t.handshake(t.ctx, pipe, pipe.RemoteAddr(), fp)
	if err != nil {
		return nil, err
	}
	if err := t.install(c); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// idle watches a connection without data channels, until the peer ends it
// (false), we do (false), or channels are wanted (true).
func (t *Transport) idle(c *dtls.Conn) bool {
	select {
	case <-t.channels.wanted:
		return true
	default:
	}
	woken := make(chan struct{})
	t.loops.Go(func() {
		select {
		case <-t.channels.wanted:
		case <-t.ctx.Done():
		case <-woken:
		}
		_ = c.SetReadDeadline(aLongTimeAgo())
	})
	var scrap [1]byte // nobody said what should come here
	for {
		if _, err := c.Read(scrap[:]); err != nil && !tooLong(err) {
			break
		}
	}
	close(woken)
	select {
	case <-t.channels.wanted:
		return t.ctx.Err() == nil && c.SetReadDeadline(time.Time{}) == nil
	default:
		return false
	}
}

// Close ends the connection, tells the peer if it can, and returns when all
// goroutines of the Transport have ended. A packet that a reader holds at that
// moment may still reach Media. Not to be called from Media. Calling it again
// does nothing.
func (t *Transport) Close() error {
	t.closing.Do(func() {
		t.cancel()
		t.ingress.stop()
		t.way.close()
		t.loops.Wait()
		t.closeWay()
		t.factory.ledger.end(t)
	})
	return nil
}
