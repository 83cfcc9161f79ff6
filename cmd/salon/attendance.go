package main

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"salon/clubapi"
	"salon/sfu/id"
	"salon/sfu/room"
)

const (
	// mostVisits is how many visits one statement has, at most: some 200 kB on their way to another node.
	mostVisits = 1000
	// mostEnded is how many visits that ended may wait while the guestbook does not answer: an evening's worth.
	mostEnded = 20000
)

// A statement is what a node says of the visits to its rooms. To say the same twice does no harm.
type statement struct {
	Node   id.Node
	Number uint64       // grows with each of a node: an older one that comes late says nothing
	Seen   time.Time    // by the node's clock: all of its visits that have not ended last at this moment
	Visits []room.Visit // that began, that ended
	// Present are all who are there, which ends the visits of everybody else; nil: not said.
	Present []id.Participant
}

// An attendance turns what the rooms of a node tell into statements about the club's members. It reads no
// clock and keeps no file: what is to be said waits until it is taken. Its loop owns it.
//
// Rooms that are no conference and identities that are no user are passed over: tokens are
// also minted for others than the club's.
type attendance struct {
	open    map[id.Participant]room.Visit
	pending map[id.Participant]room.Visit
	ended   int    // of those that wait
	whole   bool   // it is to be said, too, who is there
	lost    uint64 // visits whose end is forgotten, because too many waited
}

func newAttendance() *attendance {
	return &attendance{open: map[id.Participant]room.Visit{}, pending: map[id.Participant]room.Visit{}}
}

// hear takes one coming or going. Hearing the same twice changes nothing.
func (a *attendance) hear(v room.Visit) {
	if _, ok := stayOf(v); !ok {
		return
	}
	if v.LeftAt.IsZero() {
		a.open[v.Participant] = v
	} else {
		delete(a.open, v.Participant)
	}
	a.wait(v)
}

// wait has a visit be said next time. Visits that ended are forgotten when too many wait: of those that it knows, the
// guestbook learns that they have ended from who is present.
func (a *attendance) wait(v room.Visit) {
	before := a.pending[v.Participant]
	if !v.LeftAt.IsZero() && before.LeftAt.IsZero() {
		if a.ended == mostEnded {
			delete(a.pending, v.Participant)
			a.lost++
			return
		}
		a.ended++
	}
	a.pending[v.Participant] = v
}

// compare mends what was not heard, given everybody who was in a room at now: whoever is not
// among them has left, at now for want of a better time.
func (a *attendance) compare(all []room.Visit, now time.Time) {
	there := map[id.Participant]bool{}
	for _, v := range all {
		there[v.Participant] = true
		if _, known := a.open[v.Participant]; !known {
			a.hear(v)
		}
	}
	for p, v := range a.open {
		if !there[p] {
			delete(a.open, p)
			v.LeftAt = now
			a.wait(v)
		}
	}
}

// repeat has everything be said from the beginning, for a guestbook that may have missed something.
func (a *attendance) repeat() {
	a.whole = true
	for _, v := range a.open {
		if _, newer := a.pending[v.Participant]; !newer {
			a.wait(v)
		}
	}
}

// owes tells that something must be said; idle that there is nothing to say, not even that people are still there.
func (a *attendance) owes() bool { return a.whole || len(a.pending) > 0 }
func (a *attendance) idle() bool { return !a.owes() && len(a.open) == 0 }

// take returns what is to be said at now: if it is much, a part of it, and owes still holds.
func (a *attendance) take(now time.Time) statement {
	s := statement{Seen: now}
	for p, v := range a.pending {
		if len(s.Visits) == mostVisits {
			return s
		}
		s.Visits = append(s.Visits, v)
		delete(a.pending, p)
		if !v.LeftAt.IsZero() {
			a.ended--
		}
	}
	if a.whole {
		a.whole = false
		s.Present = slices.AppendSeq([]id.Participant{}, maps.Keys(a.open))
	}
	return s
}

// giveBack has a statement that was not heard wait again, unless more is known by now, and everything with it: what
// did not answer may have forgotten more.
func (a *attendance) giveBack(s statement) {
	for _, v := range s.Visits {
		if _, newer := a.pending[v.Participant]; !newer {
			a.wait(v)
		}
	}
	a.repeat()
}

// stayOf is the reverse of clubapi.Rules.Admission.
func stayOf(v room.Visit) (clubapi.Stay, bool) {
	conference, ok := numbered(string(v.Room), "conference-")
	user, is := numbered(string(v.Identity), "user-")
	return clubapi.Stay{
		Participant: string(v.Participant), ConferenceID: conference, User: clubapi.Person{ID: user},
		JoinedAt: v.JoinedAt, LeftAt: v.LeftAt,
	}, ok && is
}

func numbered(name, prefix string) (int64, bool) {
	digits, ok := strings.CutPrefix(name, prefix)
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, ok && err == nil && n > 0
}
