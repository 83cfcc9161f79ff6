package transport

import (
	"fmt"

	"salon/sfu/transport/ice"
	"salon/sfu/transport/jsep"
)

// negotiation is what both sides have said. The room's goroutine owns it.
type negotiation struct {
	remote  *jsep.Description // the peer's latest; nil before the first
	session uint64            // of our o= lines
	version uint64            // of our latest description

	ufrag, pwd string // our credentials
	candidates int    // accepted of the peer since its last restart
}

// SetOffer takes an offer of the peer and returns what it says. The first one
// starts the connection in the background; one with other ICE credentials
// restarts ICE, while what we send goes on along the old way. On an error
// nothing has changed, unless ICE itself is broken.
func (t *Transport) SetOffer(sdp string) (*jsep.Description, error) {
	if t.role != Answerer {
		return nil, ErrRole
	}
	return t.setRemote(sdp)
}

// SetAnswer takes the peer's answer to our latest offer; otherwise like
// SetOffer.
func (t *Transport) SetAnswer(sdp string) (*jsep.Description, error) {
	if t.role != Offerer {
		return nil, ErrRole
	}
	if t.negotiation.version == 0 {
		return nil, ErrOrder
	}
	return t.setRemote(sdp)
}

func (t *Transport) setRemote(sdp string) (*jsep.Description, error) {
	if t.ctx.Err() != nil {
		return nil, ErrClosed
	}
	d, err := jsep.Parse(sdp)
	if err != nil {
		return nil, fmt.Errorf("read description: %w", err)
	}
	n := &t.negotiation
	was := n.remote
	switch {
	case was == nil:
		t.begin(d)
	case was.Fingerprint != d.Fingerprint || was.FingerprintHash != d.FingerprintHash:
		return nil, ErrRekeyed
	case was.Ufrag != d.Ufrag || was.Pwd != d.Pwd:
		err = t.follow(d)
	}
	if err != nil {
		return nil, err
	}
	n.remote = d
	t.addDescribed(d)
	if d.HasApplication() {
		t.channels.want(d.MaxMessageSize)
	}
	return d, nil
}

// follow answers a restart of the peer's ICE with one of ours. Our own offers
// never begin one: a peer that answers with other credentials is believed.
func (t *Transport) follow(d *jsep.Description) error {
	if t.role == Answerer {
		if err := t.restart(); err != nil {
			return err
		}
	}
	now := t.now()
	t.drive(func(a *ice.Agent) { a.Start(now, t.role == Offerer, d.Ufrag, d.Pwd) })
	return nil
}

// restart looks for a way again under other credentials of ours.
func (t *Transport) restart() error {
	n := &t.negotiation
	n.ufrag, n.pwd = newCredentials()
	n.candidates = 0
	return wrap("restart ice", t.reattach(t.now(), n.ufrag, n.pwd))
}

// CreateAnswer answers the latest offer; replies[i] is for its section i.
func (t *Transport) CreateAnswer(replies []jsep.Reply) (string, error) {
	n := &t.negotiation
	if t.role != Answerer {
		return "", ErrRole
	}
	if n.remote == nil {
		return "", ErrOrder
	}
	sdp, err := jsep.Answer(n.remote, replies, t.local())
	return sdp, wrap("write answer", err)
}

// CreateOffer offers these sections. Keep the place, MID and kind of every
// section ever offered, and one of kind Application if messages are to be sent.
func (t *Transport) CreateOffer(sections []jsep.OfferSection) (string, error) {
	if t.role != Offerer {
		return "", ErrRole
	}
	if t.ctx.Err() != nil {
		return "", ErrClosed
	}
	sdp, err := jsep.Offer(sections, t.local())
	return sdp, wrap("write offer", err)
}

// local is our side as the next description shows it.
func (t *Transport) local() jsep.Local {
	n := &t.negotiation
	n.version++
	return jsep.Local{
		Ufrag: n.ufrag, Pwd: n.pwd,
		FingerprintSHA256: t.factory.fingerprint,
		Candidates:        t.factory.candidates(t.now()),
		Gathered:          true,
		SessionID:         n.session,
		SessionVersion:    n.version,
		MaxMessageSize:    uint32(t.cfg.MaxMessage), //nolint:gosec // validated, at most 1 MiB
	}
}
