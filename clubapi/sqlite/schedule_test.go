package sqlite_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/schedule"
	"salon/clubapi/sqlite"
)

func planned(t testing.TB, s *sqlite.Store, owner int64, rule string) int64 {
	t.Helper()
	r, err := clubapi.NewRules(clubapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	title, zone := "책", "UTC"
	c, err := r.NewClub(clubapi.ClubChange{Title: &title, TimeZone: &zone, Schedule: &clubapi.ScheduleChange{RRule: rule, Time: "19:00"}}, owner, now())
	if err != nil {
		t.Fatal(err)
	}
	if c, err = s.CreateClub(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func upcoming(t testing.TB, s *sqlite.Store, club int64, at time.Time) []clubapi.Conference {
	t.Helper()
	page, err := s.UpcomingOfClub(t.Context(), club, 0, at, clubapi.Span{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

// TestSchedulesAreContinuedByMany lets several nodes' worth of callers continue at once.
func TestSchedulesAreContinuedByMany(t *testing.T) {
	s := open(t)
	owner := person(t, s, "지은")
	var clubs []int64
	for range 120 { // more than one transaction takes
		clubs = append(clubs, planned(t, s, owner, "FREQ=WEEKLY;BYDAY=TU"))
	}
	later := now().AddDate(0, 0, 30)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := s.Fill(t.Context(), later); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, id := range clubs {
		if got := upcoming(t, s, id, later); len(got) != 8 || !got[7].Start.Equal(time.Date(2026, 3, 31, 19, 0, 0, 0, time.UTC)) {
			t.Fatalf("club %d: %d meetings", id, len(got))
		}
	}
	if n, err := s.Fill(t.Context(), later.Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d filled, %v", n, err)
	}
}

// TestBrokenScheduleKeepsNoOtherWaiting has one that a later version cannot read.
func TestBrokenScheduleKeepsNoOtherWaiting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "club.db")
	s := openAt(t, path)
	owner := person(t, s, "지은")
	broken, whole := planned(t, s, owner, "FREQ=WEEKLY;BYDAY=TU"), planned(t, s, owner, "FREQ=WEEKLY;BYDAY=TU")
	d, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.ExecContext(t.Context(), "UPDATE schedules SET rrule = 'FREQ=DAILY' WHERE club_id = ?", broken); err != nil {
		t.Fatal(err)
	}
	later := now().AddDate(0, 0, 30)
	if _, err := s.Fill(t.Context(), later); !errors.Is(err, schedule.ErrRule) {
		t.Error(err)
	}
	if got := upcoming(t, s, whole, later); len(got) != 8 {
		t.Errorf("%d meetings", len(got))
	}
	if c, err := s.Club(t.Context(), broken, owner); err != nil || c.Schedule == nil || c.Schedule.TimeFreq != "1주에 1번, 화" {
		t.Errorf("%+v, %v", c.Schedule, err)
	}
}

func TestPresentAreCounted(t *testing.T) {
	s := open(t)
	owner, guest := person(t, s, "지은"), person(t, s, "민아")
	conf := conference(t, s, club(t, s, owner, 6), owner, 0)
	stay := func(name string, user int64, left time.Time) clubapi.Stay {
		return clubapi.Stay{Participant: name, ConferenceID: conf, User: clubapi.Person{ID: user}, JoinedAt: now(), LeftAt: left}
	}
	for _, step := range []struct {
		stays []clubapi.Stay
		want  int
	}{
		{nil, 0},
		{[]clubapi.Stay{stay("a", owner, time.Time{}), stay("b", owner, time.Time{})}, 1}, // by two devices
		{[]clubapi.Stay{stay("c", guest, time.Time{})}, 2},
		{[]clubapi.Stay{stay("c", guest, now().Add(time.Minute)), stay("a", owner, now().Add(time.Minute))}, 1},
	} {
		if err := s.RecordStays(t.Context(), "ND_1", step.stays, now()); err != nil {
			t.Fatal(err)
		}
		if f, err := s.Conference(t.Context(), conf, owner); err != nil || f.Present != step.want {
			t.Errorf("%d present, want %d, %v", f.Present, step.want, err)
		}
	}
}

// TestDemoFindsRoom between the meetings that somebody has planned in the demo's club.
func TestDemoFindsRoom(t *testing.T) {
	s := open(t)
	r, err := clubapi.NewRules(clubapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	members := []clubapi.NewUser{{Nickname: "지은", Password: "read!books1"}}
	first, err := r.Demo(t.Context(), s, now(), members)
	if err != nil {
		t.Fatal(err)
	}
	for day, in := range []time.Duration{45 * time.Minute, 5 * time.Minute} {
		later := first.End.AddDate(0, 0, day+1)
		conference(t, s, first.ClubID, first.OwnerID, later.Add(in).Sub(now()))
		got, err := r.Demo(t.Context(), s, later, members)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Start.Equal(later.Add(5 * time.Minute)) {
			t.Errorf("conference %d from %s to %s at %s", got.ID, got.Start, got.End, later)
		}
	}
}
