package clubapi

import (
	"cmp"
	"slices"
	"time"
)

// Stay is one presence of a user in the room of a conference, as the media side tells it.
type Stay struct {
	Participant  string // the media side's name of this stay, never used twice
	ConferenceID int64
	User         Person
	JoinedAt     time.Time
	LeftAt       time.Time // zero: is there still
}

// Attendance is how long somebody was in a conference in all, by however many devices.
type Attendance struct {
	User     Person
	Stayed   time.Duration
	JoinedAt time.Time
	LeftAt   time.Time // zero while present
}

// Present says whether they are there at this moment.
func (a Attendance) Present() bool { return a.LeftAt.IsZero() }

// Attend sums up the stays of one conference at now, the earliest comer first. Time that two
// stays of one user share counts once. Who is there still counts up to now.
func Attend(stays []Stay, now time.Time) []Attendance {
	stays = slices.Clone(stays)
	slices.SortStableFunc(stays, func(a, b Stay) int { return a.JoinedAt.Compare(b.JoinedAt) })
	places := map[int64]int{}
	var all []Attendance
	var counted []time.Time // up to here, of each
	for _, s := range stays {
		end := s.LeftAt
		if end.IsZero() {
			end = now
		}
		i, ok := places[s.User.ID]
		if !ok {
			i = len(all)
			places[s.User.ID] = i
			all = append(all, Attendance{User: s.User, JoinedAt: s.JoinedAt, LeftAt: s.LeftAt})
			counted = append(counted, s.JoinedAt)
		}
		if from := latest(s.JoinedAt, counted[i]); end.After(from) {
			all[i].Stayed += end.Sub(from)
			counted[i] = end
		}
		if !all[i].LeftAt.IsZero() && (s.LeftAt.IsZero() || s.LeftAt.After(all[i].LeftAt)) {
			all[i].LeftAt = s.LeftAt
		}
	}
	slices.SortStableFunc(all, func(a, b Attendance) int {
		return cmp.Or(a.JoinedAt.Compare(b.JoinedAt), cmp.Compare(a.User.ID, b.User.ID))
	})
	return all
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// HistoryEntry is a conference that took place.
type HistoryEntry struct {
	Conference Conference
	Attendance []Attendance
	Notes      int
}

// Minutes are all that is known of a conference, to be given out as a file.
type Minutes struct {
	Conference Conference
	TimeZone   string // of the club; empty in a lightning meeting
	Attendance []Attendance
	Notes      []Note // as they were spoken
}
