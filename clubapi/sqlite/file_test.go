package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"salon/clubapi"
	"salon/clubapi/sqlite"
)

// raw opens the file without the store around it.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	d, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	d.SetMaxOpenConns(1)
	t.Cleanup(func() { d.Close() })
	return d
}

func run(t *testing.T, d *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := d.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func value[T any](t *testing.T, d *sql.DB, query string) (v T) {
	t.Helper()
	if err := d.QueryRowContext(t.Context(), query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// first makes a file of the first version, with rows in every table if wanted.
func first(t *testing.T, rows bool) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "club.db")
	d := raw(t, path)
	p, err := goose.NewProvider(goose.DialectSQLite3, d, os.DirFS("migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if rows {
		run(t, d,
			`INSERT INTO users VALUES (1, '지은', '지은', 'hash1', '/a.png', 1000), (2, 'Mina', 'mina', 'hash2', '', 2000), (5, '셋째', '셋째', 'hash5', '', 2500)`,
			`DELETE FROM users WHERE id = 5`,
			`INSERT INTO clubs VALUES (1, 1, '함께 읽는 저녁', '요약', '상세한 소개', 6, 'Asia/Seoul', '1달에 2번, 월 수', '17:50', 3000)`,
			`INSERT INTO clubs VALUES (2, 2, '말없는 모임', '', '', 3, 'UTC', '', '', 3500), (3, 2, '때만 있는 모임', '', '', 3, 'UTC', '', '저녁 7시', 3600)`,
			`INSERT INTO members VALUES (1, 1, 1, 3000), (2, 2, 2, 3500), (3, 3, 2, 3600), (4, 1, 2, 4000)`,
			`INSERT INTO conferences VALUES (3, 1, 2, '첫 모임', '설명', '/t.png', 10000, 20000, 0, 7, 5000), (4, 1, 1, '취소된 모임', '', '', 30000, 40000, 1, 0, 6000), (9, 1, 1, 'x', '', '', 1, 2, 0, 0, 1)`,
			`INSERT INTO notes VALUES (11, 3, 1, 2, 11000, '인상 깊은 문장', 12000, 13000), (12, 3, 2, 2, 11500, '저도요', 12500, 12500), (20, 3, 1, 1, 1, 'x', 1, 1)`,
			`DELETE FROM notes WHERE id = 20`, `DELETE FROM conferences WHERE id = 9`,
			`INSERT INTO sessions VALUES ('t', x'01', 99999999999999)`,
		)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMigrationLosesNothing(t *testing.T) {
	path := first(t, true)
	if _, err := sqlite.OpenBeside(t.Context(), path); !errors.Is(err, sqlite.ErrOlder) {
		t.Errorf("beside a server it opens with %v", err)
	}
	s := openAt(t, path)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	c, err := s.Club(t.Context(), 1, 2)
	if err != nil || c.Detail != "상세한 소개\n\n1달에 2번, 월 수 17:50" || c.Title != "함께 읽는 저녁" || c.MemberCount != 2 || c.Role != clubapi.RoleMember || c.JoinRule != clubapi.JoinFree {
		t.Errorf("%+v, %v", c, err)
	}
	for id, want := range map[int64]string{2: "", 3: "저녁 7시"} {
		if c, err := s.Club(t.Context(), id, 2); err != nil || c.Detail != want || c.Role != clubapi.RoleOwner {
			t.Errorf("club %d: %+v, %v", id, c, err)
		}
	}
	f, err := s.Conference(t.Context(), 3, 1)
	if err != nil || f.Title != "첫 모임" || f.OwnerID != 2 || f.Thumbnail != "/t.png" || f.Start.UnixMilli() != 10000 || f.End.UnixMilli() != 20000 || f.Cancelled {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err = s.Conference(t.Context(), 4, 1); err != nil || !f.Cancelled {
		t.Errorf("%+v, %v", f, err)
	}
	page, version, err := s.Notes(t.Context(), 3, 1, clubapi.Span{Limit: 10})
	if err != nil || len(page.Items) != 2 || version != 7 {
		t.Fatalf("%+v, version %d, %v", page, version, err)
	}
	n := page.Items[0]
	if n.ID != 11 || n.Text != "인상 깊은 문장" || n.Speaker.ID != 1 || n.Author.ID != 2 || n.Source != clubapi.SourceTyped || n.UpdatedAt.UnixMilli() != 13000 || n.SpokenAt.UnixMilli() != 11000 {
		t.Errorf("%+v", n)
	}
	u, err := s.UserByNickname(t.Context(), "MINA")
	if err != nil || u.ID != 2 || u.PasswordHash != "hash2" || u.Admin || u.Report || u.Version != 1 {
		t.Errorf("%+v, %v", u, err)
	}
	if _, found, err := s.Sessions(now).Find("t"); !found || err != nil {
		t.Errorf("the session is lost: %v", err)
	}
	// Ids of what was deleted are not given out again.
	if id := person(t, s, "넷째"); id != 6 {
		t.Errorf("user %d", id)
	}
	if id := conference(t, s, 2, 2, time.Hour); id != 10 {
		t.Errorf("conference %d", id)
	}
	written, err := s.WriteNote(t.Context(), clubapi.Note{ConferenceID: 3, Author: clubapi.Person{ID: 1}, Speaker: clubapi.Person{ID: 1}, Source: clubapi.SourceTyped, Text: "말", SpokenAt: now(), CreatedAt: now(), UpdatedAt: now()})
	if err != nil || written.ID != 21 {
		t.Errorf("note %d, %v", written.ID, err)
	}

	kept := raw(t, path+".before-v2")
	if n, v := value[int](t, kept, `SELECT count(*) FROM notes`), value[int](t, kept, `SELECT max(version_id) FROM goose_db_version`); n != 2 || v != 1 {
		t.Errorf("%d notes at version %d are kept", n, v)
	}
	if info, err := os.Stat(path + ".before-v2"); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestNothingIsKeptOfNothing(t *testing.T) {
	for name, path := range map[string]string{"no rows": first(t, false), "no file": filepath.Join(t.TempDir(), "club.db")} {
		for range 2 {
			if err := openAt(t, path).Close(); err != nil {
				t.Fatal(err)
			}
		}
		if kept, err := filepath.Glob(path + ".*"); err != nil || len(kept) != 0 {
			t.Errorf("%s: kept %v, %v", name, kept, err)
		}
	}
}

func TestFileOfTheFutureIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "club.db")
	if err := openAt(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, path), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`, `DROP TABLE posts`)
	for name, open := range map[string]func() (*sqlite.Store, error){
		"alone":  func() (*sqlite.Store, error) { return sqlite.Open(t.Context(), path, slog.New(slog.DiscardHandler)) },
		"beside": func() (*sqlite.Store, error) { return sqlite.OpenBeside(t.Context(), path) },
	} {
		s, err := open()
		if !errors.Is(err, sqlite.ErrNewer) || !strings.Contains(err.Error(), "version 99") {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
}

func TestBesideNothingIsMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "club.db")
	if s, err := sqlite.OpenBeside(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
		t.Error(s, err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.OpenBeside(t.Context(), path); !errors.Is(err, sqlite.ErrNoStore) {
		t.Error(s, err)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("Dear reader, ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.OpenBeside(t.Context(), path); !errors.Is(err, sqlite.ErrNoStore) {
		t.Error(s, err)
	}
}

// TestCopyAndReplaceWhileWriting copies a store that is being written, writes on, and
// puts the copy back under the feet of its readers and writers.
func TestCopyAndReplaceWhileWriting(t *testing.T) {
	s := open(t)
	copied := filepath.Join(t.TempDir(), "책 ?#%.db")
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var acknowledged sync.Map
	for w := range 3 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				name := fmt.Sprint("사람 ", w, " ", i)
				switch _, err := s.CreateUser(ctx, clubapi.User{Nickname: name, PasswordHash: "h", CreatedAt: now()}); {
				case err == nil:
					acknowledged.Store(name, true)
				case ctx.Err() == nil:
					t.Error(err)
				}
			}
		})
	}
	const before = "이미 있던 사람"
	person(t, s, before)
	if err := s.CopyTo(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	person(t, s, "나중 사람")
	other, err := sqlite.OpenBeside(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(other.Check(t.Context()), other.Calm(t.Context()), other.Close()); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UserByNickname(t.Context(), "나중 사람"); !errors.Is(err, clubapi.ErrNotFound) {
		t.Errorf("what came after the copy: %v", err)
	}
	if _, err := s.UserByNickname(t.Context(), before); err != nil {
		t.Error(err)
	}
	stop()
	wg.Wait()
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if list, err := filepath.Glob(copied + ".*"); err != nil || len(list) > 0 {
		t.Errorf("left behind: %v, %v", list, err)
	}
	if err := s.Replace(t.Context(), filepath.Join(t.TempDir(), "nowhere", "x.db")); err == nil {
		t.Error("replaced by nothing")
	}
	if _, err := s.UserByNickname(t.Context(), before); err != nil {
		t.Error(err)
	}
}

func TestDamageIsSeen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "club.db")
	s := openAt(t, path)
	club(t, s, person(t, s, "지은"), 6)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	d := raw(t, path)
	run(t, d, `PRAGMA foreign_keys = 0`, `DELETE FROM users`)
	if err := openAt(t, path).Check(t.Context()); !errors.Is(err, sqlite.ErrDamaged) || !strings.Contains(err.Error(), "foreign_key_check clubs") {
		t.Errorf("a club of nobody: %v", err)
	}
	root := value[int64](t, d, `SELECT rootpage FROM sqlite_master WHERE name = 'members_of_user'`)
	run(t, d, `PRAGMA wal_checkpoint(TRUNCATE)`)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(make([]byte, 4096), (root-1)*4096); err != nil {
		t.Fatal(err)
	}
	if err := openAt(t, path).Check(t.Context()); !errors.Is(err, sqlite.ErrDamaged) {
		t.Errorf("a page of zeros: %v", err)
	}
}
