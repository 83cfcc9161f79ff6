package sqlite_test

import (
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite"
)

// TestStaysBelongToTheirNodes ends those of a node that went silent, and takes them up again when it was wrong.
func TestStaysBelongToTheirNodes(t *testing.T) {
	s := open(t)
	owner, guest := person(t, s, "지은"), person(t, s, "민아")
	conf := conference(t, s, club(t, s, owner, 6), owner, 0)
	stay := func(name string, user int64, left int) clubapi.Stay {
		one := clubapi.Stay{Participant: name, ConferenceID: conf, User: clubapi.Person{ID: user}, JoinedAt: now()}
		if left > 0 {
			one.LeftAt = now().Add(time.Duration(left) * time.Minute)
		}
		return one
	}
	record := func(node string, seen int, stays ...clubapi.Stay) {
		t.Helper()
		if err := s.RecordStays(t.Context(), node, stays, now().Add(time.Duration(seen)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	record("ND_a", 1, stay("a", owner, 0))
	record("ND_b", 1, stay("b", guest, 0), stay("b2", guest, 0))
	record("ND_b", 5)
	if nodes, err := s.NodesOfOpenStays(t.Context()); err != nil || len(nodes) != 2 {
		t.Errorf("nodes %v, %v", nodes, err)
	}
	if n, err := s.EndStaysBut(t.Context(), "ND_b", []string{"b"}); n != 1 || err != nil {
		t.Errorf("ended %d of those who are missing, %v", n, err)
	}
	if n, err := s.EndStaysBut(t.Context(), "ND_a", nil); n != 1 || err != nil {
		t.Errorf("ended %d of a silent node, %v", n, err)
	}
	want(t, s, conf, owner, map[int64]int{owner: 1, guest: -60})

	record("ND_a", 1, stay("a", owner, 0)) // a statement of before comes late
	want(t, s, conf, owner, map[int64]int{owner: 1, guest: -60})
	record("ND_a", 9, stay("a", owner, 0)) // it lives
	want(t, s, conf, owner, map[int64]int{owner: -60, guest: -60})
	record("ND_a", 12, stay("a", owner, 11))
	record("ND_b", 12, stay("b", guest, 12))
	for range 2 {
		record("ND_a", 11, stay("a", owner, 0)) // late again
		want(t, s, conf, owner, map[int64]int{owner: 11, guest: 12})
	}
}

// want compares the minutes of each, an hour later; negative: there still.
func want(t *testing.T, s *sqlite.Store, conf, viewer int64, minutes map[int64]int) {
	t.Helper()
	all, err := s.Attendance(t.Context(), conf, viewer, now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		got := int(a.Stayed / time.Minute)
		if a.Present() {
			got = -got
		}
		if got != minutes[a.User.ID] {
			t.Errorf("%d stayed %d minutes, want %d", a.User.ID, got, minutes[a.User.ID])
		}
	}
}
