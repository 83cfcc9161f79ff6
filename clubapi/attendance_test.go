package clubapi_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"salon/clubapi"
)

var seven = time.Date(2026, 1, 5, 19, 0, 0, 0, time.UTC)

func minute(n int) time.Time { return seven.Add(time.Duration(n) * time.Minute) }

func stay(user int64, from, to int) clubapi.Stay {
	s := clubapi.Stay{User: clubapi.Person{ID: user}, JoinedAt: minute(from)}
	if to >= 0 {
		s.LeftAt = minute(to)
	}
	return s
}

func TestAttend(t *testing.T) {
	const still = -1
	for name, c := range map[string]struct {
		stays    []clubapi.Stay
		minutes  []int // of each, the earliest comer first
		left     int   // of the first, or still
		earliest int
	}{
		"nobody":                  {},
		"one":                     {[]clubapi.Stay{stay(1, 0, 10)}, []int{10}, 10, 0},
		"away in between":         {[]clubapi.Stay{stay(1, 0, 10), stay(1, 20, 25)}, []int{15}, 25, 0},
		"two devices":             {[]clubapi.Stay{stay(1, 0, 10), stay(1, 5, 15)}, []int{15}, 15, 0},
		"one device for a moment": {[]clubapi.Stay{stay(1, 0, 30), stay(1, 5, 10)}, []int{30}, 30, 0},
		"told in any order":       {[]clubapi.Stay{stay(1, 20, 25), stay(2, 3, 4), stay(1, 0, 10)}, []int{15, 1}, 25, 0},
		"still there":             {[]clubapi.Stay{stay(1, 50, still)}, []int{10}, still, 50},
		"back again":              {[]clubapi.Stay{stay(1, 0, 10), stay(1, 50, still)}, []int{20}, still, 0},
		"one of two devices left": {[]clubapi.Stay{stay(1, 0, still), stay(1, 10, 20)}, []int{60}, still, 0},
		"by arrival":              {[]clubapi.Stay{stay(2, 1, 2), stay(1, 0, 10)}, []int{10, 1}, 10, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got := clubapi.Attend(c.stays, minute(60))
			if len(got) != len(c.minutes) {
				t.Fatalf("got %+v", got)
			}
			for i, m := range c.minutes {
				if got[i].Stayed != time.Duration(m)*time.Minute {
					t.Errorf("the %d. stayed %s, want %d min", i+1, got[i].Stayed, m)
				}
			}
			if len(got) == 0 {
				return
			}
			if got[0].Present() != (c.left == still) || c.left != still && !got[0].LeftAt.Equal(minute(c.left)) {
				t.Errorf("left %s", got[0].LeftAt)
			}
			if !got[0].JoinedAt.Equal(minute(c.earliest)) {
				t.Errorf("joined %s", got[0].JoinedAt)
			}
		})
	}
}

// TestAttendCountsEachMinuteOnce compares with counting minute by minute.
func TestAttendCountsEachMinuteOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stays []clubapi.Stay
		there := map[int64]map[int]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "stays") {
			user := rapid.Int64Range(1, 3).Draw(t, "user")
			from := rapid.IntRange(0, 59).Draw(t, "from")
			to := rapid.SampledFrom([]int{-1, from, min(from+5, 60), 60}).Draw(t, "to")
			stays = append(stays, stay(user, from, to))
			if to < 0 {
				to = 60
			}
			if there[user] == nil {
				there[user] = map[int]bool{}
			}
			for m := from; m < to; m++ {
				there[user][m] = true
			}
		}
		got := clubapi.Attend(stays, minute(60))
		if len(got) != len(there) {
			t.Fatalf("%d people, want %d", len(got), len(there))
		}
		for _, a := range got {
			if want := time.Duration(len(there[a.User.ID])) * time.Minute; a.Stayed != want {
				t.Fatalf("user %d stayed %s, want %s", a.User.ID, a.Stayed, want)
			}
		}
	})
}
