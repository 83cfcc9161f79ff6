package sqlite

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unasked are the queries that go through a whole table, and may: no request waits for them.
// Writing a row that others refer to names those only where a broken reference is being mended.
func unasked() []string {
	return []string{
		"MarkUsedPictures", "MarkUnusedPictures", "DeleteUnusedPictures", "PictureNames",
		"InsertBook", "InsertUser", "InsertPost",
	}
}

// Every query finds its rows by an index, so that what a request costs does not grow with
// the house.
func TestQueriesScanNoTable(t *testing.T) {
	s, queries := empty(t), generated(t)
	if len(queries) < 100 {
		t.Fatalf("only %d queries found", len(queries))
	}
	// Those who are in a room at this moment are few.
	table := regexp.MustCompile(`^SCAN (\w+)`)
	for name, text := range queries {
		if slices.Contains(unasked(), name) {
			continue
		}
		for _, step := range plan(t, s, text) {
			if m := table.FindStringSubmatch(step); m != nil && m[1] != "CONSTANT" && !strings.HasSuffix(step, "stays_open") {
				t.Errorf("%s: %s", name, step)
			}
		}
	}
}

// What is over in the clubs of somebody is not looked at to find what is to come.
func TestPastMeetingsCostNothing(t *testing.T) {
	s, queries := empty(t), generated(t)
	for _, name := range []string{"UpcomingOfUser", "ConferencesOfFeed"} {
		if steps := strings.Join(plan(t, s, queries[name]), "\n"); !strings.Contains(steps, "conferences_by_end (club_id=? AND call_end_time>?)") {
			t.Errorf("%s:\n%s", name, steps)
		}
	}
}

func empty(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "club.db"), slog.New(slog.DiscardHandler))
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

// plan is how SQLite goes about a query.
func plan(t *testing.T, s *Store, query string) (steps []string) {
	t.Helper()
	rows, err := s.writer.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, 20)...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// generated are the queries as sqlc wrote them, by name.
func generated(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("db/*.sql.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	query := regexp.MustCompile("(?s)= `-- name: (\\w+) :\\w+\n(.*?)\n`")
	all := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range query.FindAllStringSubmatch(string(text), -1) {
			all[m[1]] = m[2]
		}
	}
	return all
}
