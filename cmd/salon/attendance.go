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

// An attendance turns what the rooms tell into stays of the club's members. It reads no
// clock and keeps no file: what is to be written waits until it is taken. Its loop owns it.
//
// Rooms that are no conference and identities that are no user are passed over: tokens are
// also minted for others than the club's.
type attendance struct {
	open    map[id.Participant]clubapi.Stay
	pending map[id.Participant]clubapi.Stay
}

func newAttendance() *attendance {
	return &attendance{open: map[id.Participant]clubapi.Stay{}, pending: map[id.Participant]clubapi.Stay{}}
}

// hear takes one coming or going. Hearing the same twice changes nothing.
func (a *attendance) hear(v room.Visit) {
	stay, ok := stayOf(v)
	if !ok {
		return
	}
	if stay.LeftAt.IsZero() {
		a.open[v.Participant] = stay
	} else {
		delete(a.open, v.Participant)
	}
	a.pending[v.Participant] = stay
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
	for p, stay := range a.open {
		if !there[p] {
			delete(a.open, p)
			stay.LeftAt = now
			a.pending[p] = stay
		}
	}
}

// idle tells that there is nothing to write, not even that people are still there.
func (a *attendance) idle() bool { return len(a.open) == 0 && len(a.pending) == 0 }

// take returns what is to be written. What could not be written is given back.
func (a *attendance) take() []clubapi.Stay {
	stays := slices.Collect(maps.Values(a.pending))
	clear(a.pending)
	return stays
}

// giveBack has stays wait again, unless more is known of them by now.
func (a *attendance) giveBack(stays []clubapi.Stay) {
	for _, s := range stays {
		if _, newer := a.pending[id.Participant(s.Participant)]; !newer {
			a.pending[id.Participant(s.Participant)] = s
		}
	}
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
