package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"salon/clubapi"
	"salon/clubapi/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func now() time.Time { return time.Date(2026, 1, 5, 17, 0, 0, 0, time.UTC) }

func openAt(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// emptyStore is the file of a store that nothing was written to. Each test gets a copy:
// migrations take most of a second with the race detector.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "salon-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "club.db")
	s, err := sqlite.Open(context.Background(), file, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

func open(t testing.TB) *sqlite.Store {
	t.Helper()
	empty, err := emptyStore()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "club.db")
	if err := os.WriteFile(file, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	return openAt(t, file)
}

func person(t testing.TB, s *sqlite.Store, nickname string) int64 {
	t.Helper()
	u, err := s.CreateUser(t.Context(), clubapi.User{Nickname: nickname, PasswordHash: "h", CreatedAt: now()})
	if err != nil {
		t.Fatal(err)
	}
	return u.ID
}

func club(t testing.TB, s *sqlite.Store, owner int64, seats int) int64 {
	t.Helper()
	c, err := s.CreateClub(t.Context(), clubapi.Club{JoinRule: clubapi.JoinFree, Category: clubapi.CategoryOther, OwnerID: owner, Title: "책", MaxUser: seats, TimeZone: "UTC", CreatedAt: now()})
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func conference(t testing.TB, s *sqlite.Store, club, owner int64, in time.Duration) int64 {
	t.Helper()
	f, err := s.ScheduleConference(t.Context(), clubapi.Conference{
		ClubID: club, OwnerID: owner, Title: "첫 모임", Start: now().Add(in), End: now().Add(in + time.Hour), CreatedAt: now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return f.ID
}

func TestFileIsPrivateAndStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "책 ?#%.db")
	s := openAt(t, path)
	owner := person(t, s, "지은")
	id := club(t, s, owner, 6)
	for file, want := range map[string]fs.FileMode{path: 0o600, path + "-wal": 0o600, filepath.Dir(path): 0o700 | fs.ModeDir} {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %s, want %s", file, info.Mode(), want)
		}
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	again := openAt(t, path)
	got, err := again.Club(t.Context(), id, owner)
	if err != nil || got.Title != "책" || got.Role != clubapi.RoleOwner || got.MemberCount != 1 || !got.CreatedAt.Equal(now()) {
		t.Errorf("after reopening: %+v, %v", got, err)
	}
	if err := again.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFileThatIsNoStoreIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(path, []byte("Dear reader, this is not a database at all, but it is long enough."), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.Open(t.Context(), path, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("opened", s.Close())
	}
	if s, err := sqlite.Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("opened a folder", s.Close())
	}
}

// TestLastSeat lets many take the last seats at the same moment.
func TestLastSeat(t *testing.T) {
	s := open(t)
	id := club(t, s, person(t, s, "지은"), 3)
	var people []int64
	for i := range 30 {
		people = append(people, person(t, s, fmt.Sprint("사람 ", i)))
	}
	var in atomic.Int32
	var wg sync.WaitGroup
	for _, p := range people {
		wg.Go(func() {
			switch m, err := s.JoinClub(t.Context(), id, p, now()); {
			case err != nil:
				t.Error(err)
			case m.Role == clubapi.RoleMember:
				in.Add(1)
			}
		})
	}
	wg.Wait()
	if in.Load() != 2 {
		t.Errorf("%d got in", in.Load())
	}
}

// TestSameNicknameAtOnce lets many take one nickname at the same moment.
func TestSameNicknameAtOnce(t *testing.T) {
	s := open(t)
	var in atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			switch _, err := s.CreateUser(t.Context(), clubapi.User{Nickname: "지은", PasswordHash: "h", CreatedAt: now()}); {
			case err == nil:
				in.Add(1)
			case !errors.Is(err, clubapi.ErrNicknameTaken):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("%d got it", in.Load())
	}
}

// TestReadersSeeWholeWrites reads notes while they are written: list and version agree.
func TestReadersSeeWholeWrites(t *testing.T) {
	s := open(t)
	owner := person(t, s, "지은")
	conf := conference(t, s, club(t, s, owner, 6), owner, 0)
	const notes = 50
	var wg sync.WaitGroup
	wg.Go(func() {
		for range notes {
			if _, err := s.WriteNote(t.Context(), clubapi.Note{
				ConferenceID: conf, Author: clubapi.Person{ID: owner}, Speaker: clubapi.Person{ID: owner}, Text: "말", Source: clubapi.SourceTyped, SpokenAt: now(), CreatedAt: now(), UpdatedAt: now(),
			}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for seen := int64(0); seen < notes && !t.Failed(); {
		page, version, err := s.Notes(t.Context(), conf, owner, clubapi.Span{Limit: notes})
		if err != nil || int64(len(page.Items)) != version || version < seen {
			t.Fatalf("%d notes at version %d after %d: %v", len(page.Items), version, seen, err)
		}
		seen = version
	}
	wg.Wait()
}

func TestRefusedEditChangesNothing(t *testing.T) {
	s := open(t)
	owner := person(t, s, "지은")
	id := club(t, s, owner, 6)
	_, err := s.UpdateClub(t.Context(), id, owner, now(), func(c clubapi.Club) (clubapi.Club, error) {
		c.Title = "다른"
		return c, clubapi.ErrForbidden
	})
	if got, _ := s.Club(t.Context(), id, owner); !errors.Is(err, clubapi.ErrForbidden) || got.Title != "책" {
		t.Errorf("%v, %q", err, got.Title)
	}
	// The schema refuses what a rule let through by mistake, and the transaction leaves nothing.
	if _, err := s.CreateClub(t.Context(), clubapi.Club{JoinRule: clubapi.JoinFree, Category: clubapi.CategoryOther, OwnerID: owner, Title: "", MaxUser: 6}); err == nil {
		t.Error("a club without title was stored")
	}
	if _, err := s.CreateClub(t.Context(), clubapi.Club{JoinRule: clubapi.JoinFree, Category: clubapi.CategoryOther, OwnerID: 99, Title: "t", MaxUser: 6}); err == nil {
		t.Error("a club of nobody was stored")
	}
	if page, err := s.Clubs(t.Context(), 0, clubapi.ClubFilter{}, clubapi.Span{Limit: 10}); err != nil || len(page.Items) != 1 {
		t.Errorf("%d clubs, %v", len(page.Items), err)
	}
}

func TestUnknownIsNotFound(t *testing.T) {
	s := open(t)
	ctx, span := t.Context(), clubapi.Span{Limit: 1}
	calls := map[string]func() error{
		"user":      func() error { _, err := s.User(ctx, 9); return err },
		"nickname":  func() error { _, err := s.UserByNickname(ctx, "누구"); return err },
		"club":      func() error { _, err := s.Club(ctx, 9, 0); return err },
		"join":      func() error { _, err := s.JoinClub(ctx, 9, 9, now()); return err },
		"leave":     func() error { return s.LeaveClub(ctx, 9, 9, now()) },
		"members":   func() error { _, err := s.Members(ctx, 9, span); return err },
		"upcoming":  func() error { _, err := s.UpcomingOfClub(ctx, 9, 0, now(), span); return err },
		"past":      func() error { _, err := s.PastOfClub(ctx, 9, 0, now(), span); return err },
		"schedule":  func() error { _, err := s.ScheduleConference(ctx, clubapi.Conference{ClubID: 9}); return err },
		"conf":      func() error { _, err := s.Conference(ctx, 9, 0); return err },
		"edit conf": func() error { _, err := s.UpdateConference(ctx, 9, 0, nil); return err },
		"edit club": func() error { _, err := s.UpdateClub(ctx, 9, 0, now(), nil); return err },
		"notes":     func() error { _, _, err := s.Notes(ctx, 9, 0, span); return err },
		"write":     func() error { _, err := s.WriteNote(ctx, clubapi.Note{ConferenceID: 9}); return err },
		"note":      func() error { _, err := s.Note(ctx, 9, 0); return err },
		"edit note": func() error { _, err := s.UpdateNote(ctx, 9, 0, nil); return err },
		"delete":    func() error { return s.DeleteNote(ctx, 9, 0, nil) },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, clubapi.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSessionsRunOutAndAreSweptUp(t *testing.T) {
	s := open(t)
	hour := now()
	sessions := s.Sessions(func() time.Time { return hour })
	find := func(token, want string) {
		t.Helper()
		data, found, err := sessions.Find(token)
		if err != nil || found != (want != "") || string(data) != want {
			t.Errorf("%s: %q, %v, %v; want %q", token, data, found, err, want)
		}
	}
	keep := func(token, data string, d time.Duration) {
		t.Helper()
		if err := sessions.Commit(token, []byte(data), hour.Add(d)); err != nil {
			t.Fatal(err)
		}
	}
	keep("a", "1", time.Minute)
	keep("a", "2", time.Minute)
	keep("b", "3", time.Hour)
	find("a", "2")
	hour = hour.Add(time.Minute)
	find("a", "")
	find("b", "3")
	keep("c", "4", time.Hour)
	hour = hour.Add(-time.Minute)
	find("a", "") // gone, not hidden
	if err := sessions.Delete("b"); err != nil {
		t.Fatal(err)
	}
	if err := sessions.Delete("b"); err != nil {
		t.Error(err)
	}
	find("b", "")
	find("c", "4")
}

func TestEndedContextIsReported(t *testing.T) {
	s := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Club(ctx, 1, 0); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := s.CreateUser(ctx, clubapi.User{Nickname: "지은"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestDemoIsThereOnceAndJoinable(t *testing.T) {
	s := open(t)
	r, err := clubapi.NewRules(clubapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	members := []clubapi.NewUser{{Nickname: "지은", Password: "read!books1"}, {Nickname: "민준", Password: "read!books2"}}
	var last clubapi.Conference
	for i, at := range []time.Time{now(), now().Add(time.Minute), now().Add(90 * time.Minute)} {
		got, err := r.Demo(t.Context(), s, at, members)
		if err != nil {
			t.Fatal(err)
		}
		if (got.ID == last.ID) != (i > 0) {
			t.Errorf("conference %d after %d at %s", got.ID, last.ID, at)
		}
		if got.End.Sub(at) < time.Hour {
			t.Errorf("at %s it ends at %s", at, got.End)
		}
		last = got
		for _, m := range members {
			u, err := s.UserByNickname(t.Context(), m.Nickname)
			if err != nil {
				t.Fatal(err)
			}
			if ok, err := clubapi.VerifyPassword(m.Password, u.PasswordHash); !ok || err != nil {
				t.Errorf("%s cannot sign in: %v", m.Nickname, err)
			}
			seen, err := s.Conference(t.Context(), got.ID, u.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Admission(seen, clubapi.Person{ID: u.ID}, at); err != nil {
				t.Errorf("%s cannot join: %v", m.Nickname, err)
			}
		}
	}
	if page, err := s.Clubs(t.Context(), 0, clubapi.ClubFilter{}, clubapi.Span{Limit: 10}); err != nil || len(page.Items) != 1 {
		t.Errorf("%d clubs, %v", len(page.Items), err)
	}
	if _, err := r.Demo(t.Context(), s, now(), nil); !errors.Is(err, clubapi.ErrConfig) {
		t.Error(err)
	}
}
