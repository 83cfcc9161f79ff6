package cluster

import (
	"maps"
	"slices"
	"time"

	"salon/sfu/id"
)

// A deed is what a tenure wants done.
type deed int

const (
	// renew asks the registry: announce this node, renew step.leases, list the nodes. Then renewed, and answered or unanswered.
	renew deed = iota
	// look asks the rooms of this node which there are. Then carry.
	look
	// ask asks step.node whether it reaches the registry. Then reach.answer.
	ask
	// leave sends everybody in the room of step.lease away: it isn't ours any more. Then left.
	leave
	// release gives step.lease back to the registry: its room is gone. Then released.
	release
)

// A step is one thing to do. How it went is told later, by another call.
type step struct {
	do     deed
	leases []Lease // renew
	node   Node    // ask
	lease  Lease   // leave, release
	why    reason  // leave
}

// A reason says why a room is left.
type reason string

const (
	stale   reason = "its lease is another's"
	givenUp reason = "its lease can't be renewed, and others may get it"
	unowned reason = "there is no lease for it"
	moved   reason = "it was handed over"
)

// A wait says for whose sake a tenure wants to be called again.
type wait string

const (
	forRooms   wait = "rooms"
	forRenewal wait = "renewal"
	forPeers   wait = "peers"
	forLeases  wait = "leases"
	forRelease wait = "release"
)

// linger is how long a lease stays when nobody is in its room: whoever was told that it is here is on the way.
const linger = 2 * time.Second

// burntFor is how long an Epoch that was let go is remembered: longer than any request is on its way.
const burntFor = time.Minute

// A tenure decides what a node still holds, when it renews, whom it asks when it can't, and when it lets go.
// It reads no clock: time comes in with every call. Not safe for concurrent use; its Member's loop owns it.
//
// A room is in one of these states:
//
//	held       by a lease. Until holding.safe nobody else can get it, and somebody may enter
//	leaving    it is being handed over: nobody enters, and whatever comes of it, it is left
//	closing    it isn't ours any more, and its participants are being sent away
//	releasing  it is gone, and its lease is being given back
type tenure struct {
	cfg   MemberConfig
	self  id.Node
	reach reach

	held      map[id.Room]*holding
	closing   map[id.Room]closing
	releasing map[id.Room]*releasing
	burnt     map[id.Room]burnt

	renewing bool
	asked    time.Time // when the last renewal began
	looking  bool
	looked   time.Time // when the rooms were asked that answered last
	called   time.Time // when next was called last
	draining bool
	// What the registry said with the last announcement: nobody gets a room at the moment. And whether this node ever could get one.
	quiet, joined bool
}

// A holding is a room by its lease.
//
// safe is the end of its lease, less the guard. When the registry is found to be away for everybody (reach.judge), it is a lease
// after that: for so long a registry that comes back gives no rooms away. It isn't moved any more once it has passed: a node
// that was paused doesn't know what happened meanwhile, and has to renew, by a registry that isn't quiet: one that lost
// everything believes whoever comes first. Zero: forever.
type holding struct {
	lease      Lease
	safe       time.Time
	admissions int       // who is about to enter
	carried    bool      // the room exists
	idle       time.Time // since when neither was so
	leaving    bool
}

// A closing is a room that is being left.
type closing struct {
	lease Lease
	why   reason
	told  bool // the step was taken
	back  bool // the lease is given back afterwards, if it is still ours
}

// A releasing is a lease that is being given back.
type releasing struct {
	lease Lease
	told  bool
}

// burnt is the last Epoch of a room that was let go, unless the registry is known to have it back. It isn't taken up again: others
// may have had a greater one since, and a request with it may still be on the way.
type burnt struct {
	epoch uint64
	at    time.Time
}

func newTenure(cfg MemberConfig, self id.Node) *tenure {
	return &tenure{
		cfg: cfg, self: self, reach: newReach(cfg, self),
		held: map[id.Room]*holding{}, closing: map[id.Room]closing{}, releasing: map[id.Room]*releasing{}, burnt: map[id.Room]burnt{},
	}
}

// guard is how long before its end a lease counts as over: the time to send everybody away, and what two clocks may differ by.
func (t *tenure) guard() time.Duration { return t.cfg.Lease / 8 }

// secure makes a room safe for as long as its lease.
func (t *tenure) secure(h *holding) {
	if h.lease.Expires.IsZero() {
		h.safe = time.Time{}
		return
	}
	h.safe = later(h.safe, h.lease.Expires.Add(-t.guard()))
}

// sure tells that nobody else can hold the room.
func (h *holding) sure(now time.Time) bool { return h.safe.IsZero() || now.Before(h.safe) }

// holds returns the lease by which a room is carried here. Whether it is sure is another question.
func (t *tenure) holds(room id.Room) (Lease, bool) {
	if h := t.held[room]; h != nil && !h.leaving {
		return h.lease, true
	}
	return Lease{}, false
}

// busy tells that what becomes of a room is being decided: come back in a moment.
func (t *tenure) busy(now time.Time, room id.Room) bool {
	if h := t.held[room]; h != nil {
		return h.leaving || !h.sure(now)
	}
	_, closes := t.closing[room]
	_, releases := t.releasing[room]
	return closes || releases
}

// acquire takes over a lease that the registry says is ours. back: it is of no use, and has to be given back, before another one
// is acquired.
func (t *tenure) acquire(now time.Time, l Lease) (usable, back bool) {
	if h := t.held[l.Room]; h != nil {
		switch {
		case l.Epoch == h.lease.Epoch:
			h.lease.Expires = later(h.lease.Expires, l.Expires)
			t.secure(h)
			return !h.leaving, false
		case l.Epoch > h.lease.Epoch: // it was another's in between
			t.close(now, l.Room, stale)
			return false, true
		}
		return false, false
	}
	if t.draining || t.busy(now, l.Room) || l.Epoch <= t.burnt[l.Room].epoch {
		return false, true
	}
	h := &holding{lease: l, idle: now}
	t.secure(h)
	t.held[l.Room] = h
	return true, false
}

// enter begins an admission. False: the room isn't held, or not surely.
func (t *tenure) enter(now time.Time, room id.Room) (Lease, bool) {
	h := t.held[room]
	if h == nil || h.leaving || !h.sure(now) {
		return Lease{}, false
	}
	h.admissions++
	return h.lease, true
}

// entered ends an admission, whatever came of it.
func (t *tenure) entered(now time.Time, l Lease) {
	if h := t.held[l.Room]; h != nil && h.lease.Epoch == l.Epoch && h.admissions > 0 {
		h.admissions--
		h.idle = now
	}
}

// carry takes over which rooms existed at asked, or later.
func (t *tenure) carry(asked time.Time, rooms []Held) {
	t.looking, t.looked = false, asked
	exist := map[id.Room]bool{}
	for _, r := range rooms {
		exist[r.Room] = true
		if h := t.held[r.Room]; h != nil {
			h.carried, h.lease.Metadata = true, r.Metadata
			continue
		}
		if _, closes := t.closing[r.Room]; !closes {
			t.closing[r.Room] = closing{lease: Lease{Room: r.Room}, why: unowned}
		}
	}
	for room, h := range t.held {
		if h.carried && !exist[room] {
			h.carried = false
			h.idle = later(h.idle, asked)
		}
	}
}

// leave begins to hand a room over: nobody enters any more. False: it isn't held, not surely, or somebody is about to enter.
// In the end, moved or stays is called.
func (t *tenure) leave(now time.Time, room id.Room) (Lease, bool) {
	h := t.held[room]
	if h == nil || h.leaving || h.admissions > 0 || !h.sure(now) {
		return Lease{}, false
	}
	h.leaving = true
	return h.lease, true
}

// abandon leaves every room, whoever is about to enter: time is up.
func (t *tenure) abandon(now time.Time) {
	for _, l := range t.leases() {
		t.moved(now, l, true)
	}
}

// stays ends leave when certainly nothing became of it.
func (t *tenure) stays(l Lease) {
	if h := t.held[l.Room]; h != nil && h.lease.Epoch == l.Epoch {
		h.leaving = false
	}
}

// moved ends leave: the room is another's or, where that isn't certain or nobody wanted it, its lease is given back as soon as it
// is left.
func (t *tenure) moved(now time.Time, l Lease, back bool) {
	if h := t.held[l.Room]; h != nil && h.lease.Epoch == l.Epoch {
		t.burnt[l.Room] = burnt{epoch: l.Epoch, at: now}
		t.closing[l.Room] = closing{lease: h.lease, why: moved, back: back}
		delete(t.held, l.Room)
	}
}

// drain says that this node gets no new rooms.
func (t *tenure) drain() { t.draining = true }

// close lets a room go.
func (t *tenure) close(now time.Time, room id.Room, why reason) {
	l := t.held[room].lease
	t.burnt[room] = burnt{epoch: l.Epoch, at: now}
	t.closing[room] = closing{lease: l, why: why}
	delete(t.held, room)
}

// left notes that everybody in the room was sent away. Where that failed, look finds the room again.
func (t *tenure) left(room id.Room) {
	if c := t.closing[room]; c.back && !t.reach.failing() {
		t.releasing[room] = &releasing{lease: c.lease}
	}
	delete(t.closing, room)
}

// empty tells that nothing is held any more, and nothing is being let go.
func (t *tenure) empty() bool { return len(t.held)+len(t.closing)+len(t.releasing) == 0 }

// released notes that a lease was given back. certain: the registry said so.
func (t *tenure) released(now time.Time, l Lease, certain bool) {
	delete(t.releasing, l.Room)
	if !certain {
		t.burnt[l.Room] = burnt{epoch: l.Epoch, at: now}
	}
}

// renewed takes over what the registry made of the leases that were sent: which are ours, and whether those are all. calm: the
// registry is known not to be quiet.
func (t *tenure) renewed(now time.Time, sent, mine []Lease, all, calm bool) {
	still := map[id.Room]Lease{}
	for _, l := range mine {
		still[l.Room] = l
	}
	for _, l := range sent {
		h := t.held[l.Room]
		if h == nil || h.lease.Epoch != l.Epoch {
			continue
		}
		if l, ok := still[l.Room]; ok && l.Epoch == h.lease.Epoch {
			h.lease.Expires = later(h.lease.Expires, l.Expires)
			if calm || h.sure(now) {
				t.secure(h)
			}
			continue
		}
		if all {
			t.close(now, l.Room, stale)
		}
	}
	maps.DeleteFunc(t.burnt, func(_ id.Room, b burnt) bool { return now.Sub(b.at) > burntFor })
}

// answered notes that the registry answered all it was asked then, and whether nobody gets a room from it at the moment.
func (t *tenure) answered(asked time.Time, quiet bool) {
	t.renewing = false
	t.reach.succeed(asked)
	t.quiet = quiet
	t.joined = t.joined || !quiet && t.reach.settled(asked)
}

// unanswered notes that the registry said nothing to what it was asked then: what it did about it is not known.
func (t *tenure) unanswered(asked time.Time) {
	t.renewing = false
	t.reach.fail(asked)
}

// next returns what is to be done at now. Call it until it is false.
func (t *tenure) next(now time.Time) (step, bool) {
	t.called = now
	if !t.looking && now.Sub(t.looked) >= t.cfg.Interval {
		t.looking = true
		return step{do: look}, true
	}
	if !t.renewing && !now.Before(t.renewAt()) {
		t.renewing, t.asked = true, now
		return step{do: renew, leases: t.leases()}, true
	}
	if n, ok := t.reach.ask(now); ok {
		return step{do: ask, node: n}, true
	}
	t.keep(now)
	for _, room := range slices.Sorted(maps.Keys(t.closing)) {
		if c := t.closing[room]; !c.told {
			c.told = true
			t.closing[room] = c
			return step{do: leave, lease: c.lease, why: c.why}, true
		}
	}
	// A renewal that comes after a release would take the lease up again; and what can't be given back may as well be kept.
	if t.renewing || t.reach.failing() {
		return step{}, false
	}
	for room, h := range t.held {
		if t.gone(h) && !now.Before(h.idle.Add(linger)) {
			over := h.lease
			over.Metadata = ""
			t.releasing[room] = &releasing{lease: over}
			delete(t.held, room)
		}
	}
	for _, room := range slices.Sorted(maps.Keys(t.releasing)) {
		if r := t.releasing[room]; !r.told {
			r.told = true
			return step{do: release, lease: r.lease}, true
		}
	}
	return step{}, false
}

// gone tells that nobody is in the room, nor about to be, and that the rooms were asked since.
func (t *tenure) gone(h *holding) bool {
	return !h.carried && h.admissions == 0 && !h.leaving && t.looked.After(h.idle)
}

// keep makes rooms safe for longer, or lets them go, when the registry can't be asked. Nothing is let go before it was asked:
// a node that was paused looks for its leases first.
func (t *tenure) keep(now time.Time) {
	verdict, since := t.reach.judge(now)
	if verdict == undecided {
		return
	}
	for room, h := range t.held {
		switch {
		case h.safe.IsZero():
		case verdict == everybodys && (h.sure(now) || len(t.reach.peers) == 0):
			h.safe = later(h.safe, since.Add(t.cfg.Lease-t.guard()))
		case !h.sure(now):
			t.close(now, room, givenUp)
		}
	}
}

// renewAt is when the next renewal begins: twice as often when they fail.
func (t *tenure) renewAt() time.Time {
	if t.asked.IsZero() {
		return t.asked
	}
	if t.reach.failing() {
		return t.asked.Add(t.cfg.Interval / 2)
	}
	return t.asked.Add(t.cfg.Interval)
}

// leases returns what is held, ordered by room.
func (t *tenure) leases() []Lease {
	leases := make([]Lease, 0, len(t.held))
	for _, room := range slices.Sorted(maps.Keys(t.held)) {
		leases = append(leases, t.held[room].lease)
	}
	return leases
}

// deadline is when to call next again if nothing else happens, and for whose sake. It follows a call of next.
func (t *tenure) deadline() (at time.Time, why wait) {
	at, why = t.called.Add(t.cfg.Interval), forRooms
	sooner := func(other time.Time, sake wait) {
		if other.Before(at) {
			at, why = other, sake
		}
	}
	if !t.looking {
		sooner(t.looked.Add(t.cfg.Interval), forRooms)
	}
	if !t.renewing {
		sooner(t.renewAt(), forRenewal)
	}
	if next, ok := t.reach.askAt(); ok {
		sooner(next, forPeers)
	}
	for _, h := range t.held {
		if h.safe.After(t.called) { // what is over waits for an answer
			sooner(h.safe, forLeases)
		}
		if t.gone(h) && !t.renewing && !t.reach.failing() {
			sooner(h.idle.Add(linger), forRelease)
		}
	}
	return at, why
}

// standing is how the node stands.
func (t *tenure) standing() Standing {
	switch {
	case t.draining:
		return Draining
	case !t.joined:
		return Joining
	case t.reach.failing() || t.quiet:
		return Degraded
	default:
		return Steady
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
