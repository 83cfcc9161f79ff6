package ice

import (
	"net/netip"
	"strings"
	"time"
)

// Receive takes a STUN datagram from the peer, or from somebody who pretends to be: false tells that it was not authentic, and changed
// nothing.
func (a *Agent) Receive(now time.Time, from netip.AddrPort, datagram []byte) bool {
	m, ok := parse(datagram)
	if !ok || a.state == Failed {
		return false
	}
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	switch m.kind {
	case bindingRequest:
		return a.asked(now, from, &m)
	case bindingSuccess, bindingError:
		if a.remote.mac == nil || m.unknown != nil || !m.authentic(a.remote.mac) {
			return false // RFC 8489 section 6.3.3: what we don't understand is no answer
		}
		a.answered(now, from, &m)
		return true
	default:
		return false
	}
}

// asked takes a check of the peer's (RFC 8445 section 7.3). A request that is not authentic has no answer, not even 401: its source may be
// forged, and a peer that does not know our password by now will not learn it from us.
func (a *Agent) asked(now time.Time, from netip.AddrPort, m *message) bool {
	ours, theirs, _ := strings.Cut(string(m.username), ":")
	if a.previous.mac != nil && ours == a.previous.ufrag {
		if !m.authentic(a.previous.mac) {
			return false
		}
		a.send(from, seal(appendMapped(begin(bindingSuccess, m.id), from, m.id), a.previous.mac))
		return true
	}
	if ours != a.local.ufrag || a.remote.mac != nil && theirs != a.remote.ufrag || !m.authentic(a.local.mac) {
		return false
	}
	if m.unknown != nil {
		a.send(from, seal(appendUnknown(begin(bindingError, m.id), m.unknown), a.local.mac))
		return true
	}
	if !a.settleRoles(m) {
		a.send(from, seal(appendError(begin(bindingError, m.id), roleConflict), a.local.mac))
		return true
	}
	a.send(from, seal(appendMapped(begin(bindingSuccess, m.id), from, m.id), a.local.mac))
	p := a.find(from)
	if p == nil {
		if p = a.learn(from, m.priority); p == nil {
			return true
		}
	}
	p.heard = now
	if p == a.selected {
		a.back()
	}
	a.trigger(now, p, m.use)
	a.challenge(now, p)
	return true
}

// trigger answers a check of p with one of ours where it has not succeeded yet.
func (a *Agent) trigger(now time.Time, p *pair, use bool) {
	if use && (a.state == New || !a.controlling) {
		p.nominated = true
	}
	switch {
	case a.remote.mac == nil:
	case p.progress == valid && use && !a.controlling:
		a.accept(now, p)
	case p.progress == valid && a.selected == nil:
		// Some take a check of ours as the sign to nominate, and may have missed those before this request.
		a.send(p.Addr, a.request(p.id, false))
	case p.progress == valid:
	case p.progress == asking && p.tries >= maxTries && now.Sub(p.asked) < firstPause:
		// Whoever knows our password may write any source on its requests: they must not make us a gun.
	default: // also where a check is under way: the peer may not have been ready for it
		p.tries = min(p.tries, maxTries-1) // the peer is there: ask as long as it does
		a.check(now, p)
	}
}

// settleRoles settles that both sides claim the same role (RFC 8445 section 7.3.1.1); false when the peer has to give in.
func (a *Agent) settleRoles(m *message) bool {
	switch {
	case a.state == New:
	case m.controlling && a.controlling:
		if a.tie >= m.tie {
			return false
		}
		a.become(false)
	case m.controlled && !a.controlling:
		if a.tie < m.tie {
			return false
		}
		a.become(true)
	}
	return true
}

// become takes a role. What was nominated in the other one was nominated by somebody else.
func (a *Agent) become(controlling bool) {
	if a.controlling == controlling {
		return
	}
	a.controlling = controlling
	for _, p := range a.pairs {
		p.nominated = false
	}
}

// answered takes the answer to a check of ours (RFC 8445 section 7.2.5).
func (a *Agent) answered(now time.Time, from netip.AddrPort, m *message) {
	if s := a.selected; s != nil && a.consent.open && m.id == a.consent.id { // an answer counts once
		if from == s.Addr && m.kind == bindingSuccess {
			s.heard, s.answered, a.consent.answered = now, now, now
			a.consent.open, a.rival = false, nil
			a.consent.next = now.Add(spread(consentInterval, m.id.any()))
			a.back()
		}
		return
	}
	for _, p := range a.pairs {
		if p.progress == asking && p.id == m.id {
			a.concluded(now, p, from, m)
			return
		}
	}
}

// concluded ends the check of p.
func (a *Agent) concluded(now time.Time, p *pair, from netip.AddrPort, m *message) {
	switch {
	case from != p.Addr: // not symmetric: RFC 8445 section 7.2.5.2.1
		p.progress = failed
	case m.kind == bindingSuccess:
		p.progress, p.heard, p.answered = valid, now, now
		switch {
		case p.nominated && a.controlling:
			a.choose(now, p)
		case p.nominated:
			a.accept(now, p)
		case a.controlling:
			a.nominate(now)
		}
	case m.code == roleConflict: // RFC 8445 section 7.2.5.1
		if a.controlling == p.controlling {
			a.become(!p.controlling)
			a.tie = newTie()
		}
		a.checkAnew(now, p)
	default:
		p.progress = failed
	}
}
