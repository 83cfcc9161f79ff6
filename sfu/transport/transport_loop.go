package transport

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"

	"salon/sfu/transport/jsep"
	"salon/sfu/udp"
)

// gatherWithin bounds the wait for host candidates, which are there at once;
// later ones are told by events.
const gatherWithin = time.Second

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
	}, nil
}

// watchAgent sends the agent's callbacks to where they belong. The agent calls
// each from a goroutine of its own, in order.
func (t *Transport) watchAgent() error {
	return wrap("watch ice", errors.Join(
		t.agent.OnCandidate(t.onCandidate),
		t.agent.OnSelectedCandidatePairChange(t.onPair),
		t.agent.OnConnectionStateChange(t.onState),
	))
}

// gather collects our candidates under the present credentials.
func (t *Transport) gather() error {
	g := &gathering{done: make(chan struct{})}
	t.negotiation.gathering.Store(g)
	t.factory.endpoint.Attach(t.negotiation.ufrag, t)
	if err := t.agent.GatherCandidates(); err != nil {
		return wrap("gather candidates", err)
	}
	patience := time.NewTimer(gatherWithin)
	defer patience.Stop()
	select {
	case <-g.done:
	case <-patience.C:
	case <-t.ctx.Done():
		return ErrClosed
	}
	return nil
}

// begin starts ICE towards the peer and, behind it, everything else.
func (t *Transport) begin(d *jsep.Description) error {
	connect := t.agent.StartAccept
	if t.role == Offerer || d.ICELite {
		connect = t.agent.StartDial // RFC 8445 section 6.1.1: who offers controls, and lite never does
	}
	if err := t.agent.SetRemoteICELite(d.ICELite); err != nil {
		return wrap("start ice", err)
	}
	conn, err := connect(d.Ufrag, d.Pwd)
	if err != nil {
		return wrap("start ice", err)
	}
	fp := fingerprint{hash: d.FingerprintHash, value: d.Fingerprint}
	t.loops.Go(func() { t.run(conn, fp) })
	return nil
}

// run is the life of a connection after the first descriptions: way, keys,
// messages. Media needs no goroutine: the socket's readers bring it.
func (t *Transport) run(conn *ice.Conn, fp fingerprint) {
	c, err := t.secure(conn, fp)
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
func (t *Transport) secure(conn *ice.Conn, fp fingerprint) (*dtls.Conn, error) {
	if err := t.agent.AwaitConnect(t.ctx); err != nil {
		return nil, fmt.Errorf("find a way: %w", err)
	}
	pipe := dtlsPipe{conn: conn, stray: func() { t.counts.stray.Add(1) }}
	c, err := t.handshake(t.ctx, pipe, conn.RemoteAddr(), fp)
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
	var err error
	t.closing.Do(func() {
		t.cancel()
		t.loops.Wait()
		err = t.agent.GracefulClose()
		t.factory.endpoint.RemoveConnByUfrag(t.negotiation.ufrag)
		t.factory.ledger.end(t)
	})
	return wrap("close ice", err)
}
