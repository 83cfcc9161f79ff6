package clubapi_test

import (
	"strings"
	"testing"
	"time"

	"salon/clubapi"
)

// TestPlanReachesAsFarAsItSays: what lies before until is all there is.
func TestPlanReachesAsFarAsItSays(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) // a Monday
	for _, c := range []struct {
		rule  string
		want  int
		until time.Duration
	}{
		{"FREQ=WEEKLY;BYDAY=MO", 8, clubapi.Horizon},
		{"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 20, 25*24*time.Hour + 9*time.Hour + time.Millisecond},
		{"FREQ=WEEKLY;BYDAY=MO;COUNT=2", 2, clubapi.Horizon},
		{"FREQ=MONTHLY;BYMONTHDAY=31", 1, clubapi.Horizon},
	} {
		s, err := rules(t).Schedule(clubapi.ScheduleChange{RRule: c.rule, Time: "19:00"}, "UTC", now)
		if err != nil {
			t.Fatal(err)
		}
		starts, until, err := s.Plan(now)
		if err != nil || len(starts) != c.want || until.Sub(now) != c.until {
			t.Errorf("%s: %d meetings until %s, %v", c.rule, len(starts), until.Sub(now), err)
		}
		// A meeting that begins at this moment has begun.
		at := starts[0]
		if next, _, _ := s.Plan(at); len(next) > 0 && !next[0].After(at) {
			t.Errorf("%s: at %s the next is %s", c.rule, at, next[0])
		}
	}
}

func TestExcerptIsOneShortLine(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "책": "책", "한 줄\n두 줄": "한 줄", "\r\n": "", strings.Repeat("가", 80): strings.Repeat("가", 80), strings.Repeat("가", 81): strings.Repeat("가", 80),
	} {
		if got := clubapi.Excerpt(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
