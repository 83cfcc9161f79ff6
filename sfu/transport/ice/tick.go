package ice

import "time"

// Tick does what is due: call it at the Deadline, or a little later.
func (a *Agent) Tick(now time.Time) {
	switch a.state {
	case New, Failed:
		return
	case Checking, Connected, Disconnected:
	}
	a.repeat(now)
	if a.selected == nil {
		if a.controlling {
			a.nominate(now)
		}
		if now.Sub(a.begun) > a.cfg.DisconnectAfter+a.cfg.FailAfter {
			a.state = Failed
		}
		if !a.Consented(now) {
			a.consent.answered = time.Time{} // for the way before the restart
		}
		return
	}
	a.watch(now)
}

// repeat sends the checks again that have no answer.
func (a *Agent) repeat(now time.Time) {
	for _, p := range a.pairs {
		if p.progress != asking || now.Before(p.next) {
			continue
		}
		if p.tries < maxTries {
			a.check(now, p)
			continue
		}
		p.progress = failed
		if a.controlling {
			p.nominated = false
		}
	}
}

// watch judges how silent the peer is, and asks it whether it still wants what we send.
func (a *Agent) watch(now time.Time) {
	silent := now.Sub(a.lastHeard())
	switch gone := a.cfg.DisconnectAfter + a.cfg.FailAfter; {
	case silent > gone && a.state == Disconnected, now.Sub(a.consent.answered) > consentLife:
		a.state = Failed
		return
	case silent > a.cfg.DisconnectAfter:
		a.state = Disconnected
	default:
		a.state = Connected
	}
	if p := a.rival; p != nil && p.progress == valid && a.consent.open && now.Sub(a.consent.since) >= doubtFor {
		a.choose(now, p)
		a.ask(now) // on the controlling side it tells the peer of the choice, too
	} else if !now.Before(a.question()) {
		a.ask(now)
	}
}

// ask asks the peer whether we may go on sending. A question that has no answer yet goes under its number again, unless the answer to
// that one may wait and we can't any longer.
func (a *Agent) ask(now time.Time) {
	c := &a.consent
	patient := a.rival == nil && now.Sub(a.lastHeard()) < a.cfg.KeepAlive
	switch {
	case !c.open:
		c.open, c.id, c.patient, c.since = true, a.number(patient), patient, now
	case c.patient && !patient:
		c.id, c.patient = a.number(false), false
	}
	c.asked = now
	c.next = now.Add(spread(consentInterval, c.id.any()))
	a.send(a.selected.Addr, a.request(c.id, a.controlling))
}

func (a *Agent) lastHeard() time.Time {
	if s := a.selected.heard; s.After(a.heard) {
		return s
	}
	return a.heard
}

// question is when to ask for consent: in its time, or sooner and more often when the peer is silent.
func (a *Agent) question() time.Time {
	c := &a.consent
	if a.rival != nil && c.open {
		return c.asked.Add(silentPause)
	}
	pause := silentPause
	if a.state == Disconnected {
		pause = a.cfg.KeepAlive
	}
	quiet := a.lastHeard().Add(a.cfg.KeepAlive)
	if again := c.asked.Add(pause); again.After(quiet) {
		quiet = again
	}
	if quiet.Before(c.next) {
		return quiet
	}
	return c.next
}

// Deadline is when to call Tick next; the zero time means never. It is urgent while the way is looked for; otherwise half a second
// more or less does not matter, and the Ticks of many agents may be brought together.
func (a *Agent) Deadline() (at time.Time, urgent bool) {
	switch a.state {
	case New, Failed:
		return time.Time{}, false
	case Checking, Connected, Disconnected:
	}
	sooner := func(t time.Time, hurry bool) {
		if at.IsZero() || t.Before(at) {
			at, urgent = t, hurry
		}
	}
	switch {
	case a.selected == nil:
		sooner(a.begun.Add(a.cfg.DisconnectAfter+a.cfg.FailAfter), false)
	case a.state == Disconnected:
		sooner(a.lastHeard().Add(a.cfg.DisconnectAfter+a.cfg.FailAfter), false)
		sooner(a.question(), false)
	default:
		sooner(a.lastHeard().Add(a.cfg.DisconnectAfter), false)
		sooner(a.question(), false)
	}
	if !a.consent.answered.IsZero() {
		sooner(a.consent.answered.Add(consentLife), false)
	}
	for _, p := range a.pairs {
		if p.progress == asking {
			sooner(p.next, true)
		}
		if p.progress == valid && a.controlling && a.selected == nil {
			sooner(a.patience(p), true)
		}
	}
	return at, urgent
}
