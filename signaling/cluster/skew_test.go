package cluster

import (
	"testing"
	"time"
)

func TestSkewTellsTheHourByTheQuickestAnswer(t *testing.T) {
	var s skew
	at := func(ms int) time.Time { return noon().Add(time.Duration(ms) * time.Millisecond) }
	check := func(now time.Time, want int64) {
		t.Helper()
		if got := s.latest(now, time.Second); got != want {
			t.Errorf("latest(%v) is %d, want %d", now.Sub(noon()), got, want)
		}
	}
	check(at(0), 0)
	s.note(at(0), 5_300) // 300 ms late: it is 5000 there
	check(at(0), 6_300)
	s.note(at(100), 5_101) // 1 ms
	check(at(200), 6_201)
	s.note(at(300), 5_900) // slow again: it knows better
	check(at(400), 6_401)
	s.note(at(500), 4_000) // put back
	check(at(500), 5_000)
	s.reset()
	check(at(500), 0)
	s.note(at(600), 90_000)
	check(at(600), 91_000)
	s.note(time.Time{}, 1)
	check(at(600), 91_000)
	check(time.Time{}, 0)
}
