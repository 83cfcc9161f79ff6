package ice

import "time"

// progress is how far the check of a pair has come.
type progress uint8

const (
	waiting progress = iota
	asking
	valid
	failed
)

// A pair is an address of the peer, and how its check goes.
type pair struct {
	Candidate
	progress progress
	id       transaction // of the check under way
	tries    int
	next     time.Time // the next one
	asked    time.Time // the last one
	heard    time.Time // of the last authentic message from there
	answered time.Time // of the last answer from there: only this proves that somebody is
	// controlling is the role in which the check under way was sent.
	controlling bool
	// nominated: the controlling side has chosen it, and means it once its check has succeeded.
	nominated bool
}

// check asks the peer, at once, whether it is at p. A check that is under way goes on under its number, so that an answer to any of
// its tries counts.
func (a *Agent) check(now time.Time, p *pair) {
	if a.remote.mac == nil {
		return
	}
	if p.progress != asking || p.controlling != a.controlling {
		p.progress, p.id, p.tries = asking, a.number(false), 0
	}
	p.tries++
	p.controlling, p.asked = a.controlling, now
	p.next = now.Add(min(firstPause<<(p.tries-1), longestPause))
	a.send(p.Addr, a.request(p.id, a.controlling && p.nominated))
}

// request writes a check (RFC 8445 section 7.2.2).
func (a *Agent) request(id transaction, use bool) []byte {
	b := begin(bindingRequest, id)
	b = appendAttribute(b, attrUsername, []byte(a.remote.ufrag+":"+a.local.ufrag))
	b = appendNumber32(b, attrPriority, priority(peerReflexivePreference, anyLocal))
	role := uint16(attrControlled)
	if a.controlling {
		role = attrControlling
	}
	b = appendNumber64(b, role, a.tie)
	if use {
		b = appendAttribute(b, attrUseCandidate, nil)
	}
	return seal(b, a.remote.mac)
}

// choose makes p the way to the peer.
func (a *Agent) choose(now time.Time, p *pair) {
	if a.selected != p {
		a.selected, a.rival = p, nil
		a.consent = consent{answered: p.answered, next: now.Add(spread(consentInterval, p.id.any()))}
		for _, other := range a.pairs {
			if other != p && other.progress == asking && !other.nominated {
				other.progress = waiting
			}
		}
	}
	a.state = Connected
}

// spread varies d by up to a fifth, so that the checks of many agents do not stay in step.
func spread(d time.Duration, by byte) time.Duration {
	return d*4/5 + d*2/5*time.Duration(by)/255
}

// accept takes the peer's nomination of p, whose check has succeeded. A way that is in use is left for a better one, or for any when
// it has fallen silent; one that was proven long ago has to be proven again, since a request alone may come from elsewhere.
func (a *Agent) accept(now time.Time, p *pair) {
	switch s := a.selected; {
	case s != nil && s != p && p.Priority < s.Priority && now.Sub(s.heard) < a.cfg.KeepAlive:
	case s != p && !a.fresh(now, p):
		a.checkAnew(now, p)
	default:
		a.choose(now, p)
	}
}

// fresh tells whether p was proven not long ago.
func (a *Agent) fresh(now time.Time, p *pair) bool { return now.Sub(p.answered) <= consentInterval }

// checkAnew asks the peer under a new number whether it is at p.
func (a *Agent) checkAnew(now time.Time, p *pair) {
	p.progress = waiting
	a.check(now, p)
}

// challenge notes that the peer speaks from p while the way in use is silent: its address may have changed without its knowing it, and
// then it nominates nothing. The way in use is asked; unless it answers, watch takes p.
func (a *Agent) challenge(now time.Time, p *pair) {
	if s := a.selected; s == nil || s == p || now.Sub(s.heard) < a.cfg.KeepAlive {
		return
	}
	a.rival = p
	if p.progress == valid && !a.fresh(now, p) {
		a.checkAnew(now, p)
	}
	if !a.consent.open || a.consent.patient {
		a.ask(now)
	}
}

// nominate chooses the best valid pair on the controlling side, once nothing better can be expected soon.
func (a *Agent) nominate(now time.Time) {
	var best *pair
	for _, p := range a.pairs {
		if p.nominated && p.progress == asking {
			return
		}
		if p.progress == valid && (best == nil || p.Priority > best.Priority) {
			best = p
		}
	}
	if best == nil || a.selected != nil || now.Before(a.patience(best)) {
		return
	}
	best.nominated = true
	a.checkAnew(now, best)
}

// patience is until when p is not taken because a better pair may turn out valid.
func (a *Agent) patience(p *pair) time.Time {
	for _, other := range a.pairs {
		if other.Priority <= p.Priority || other.progress == valid || other.progress == failed {
			continue
		}
		switch p.Kind {
		case ServerReflexive, PeerReflexive:
			return a.begun.Add(reflexiveWait)
		case Relayed:
			return a.begun.Add(relayWait)
		case Host:
		}
	}
	return a.begun
}
