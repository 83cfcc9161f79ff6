package sqlite

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
)

// A connection that keeps its statements answers as one that prepares each anew.
func TestStatementsAreKept(t *testing.T) {
	d, err := openPool(dsn(filepath.Join(t.TempDir(), "some.db"), ""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	d.SetMaxOpenConns(1)
	do := func(query string, args ...any) {
		t.Helper()
		if _, err := d.ExecContext(t.Context(), query, args...); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
	ask := func(want string, query string, args ...any) {
		t.Helper()
		var got string
		if err := d.QueryRowContext(t.Context(), query, args...).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", query, got, err, want)
		}
	}
	do("CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)")
	for _, w := range []string{"a", "b", "c"} {
		do("INSERT INTO words (word) VALUES (?)", w)
	}

	const list = "SELECT group_concat(word) FROM (SELECT * FROM words ORDER BY id LIMIT ?)"
	ask("a", list, 1)
	ask("a,b,c", list, 3)
	if _, err := d.ExecContext(t.Context(), "INSERT INTO words (word) VALUES (?)", "a"); err == nil {
		t.Error("twice the same word")
	}
	do("INSERT INTO words (word) VALUES (?)", "d")

	// What is asked with is planned again when the tables are others.
	do("ALTER TABLE words ADD COLUMN length INTEGER NOT NULL DEFAULT 1")
	do("DROP TABLE words")
	do("CREATE TABLE words (length INTEGER, id INTEGER PRIMARY KEY, word TEXT)")
	do("INSERT INTO words (word) VALUES (?)", "e")
	ask("e", list, 9)

	// More than are kept.
	for n := range 2 * kept {
		ask("e", fmt.Sprintf("SELECT word FROM words WHERE id < %d", n+2))
	}
	ask("e", list, 9)
}

// A query may be asked again while its first answer is being read.
func TestStatementsAreLentOnce(t *testing.T) {
	s := empty(t)
	err := func() error {
		tx, err := s.reader.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // nothing was written
		const query = "SELECT value FROM json_each('[1,2,3]')"
		var inner int
		for range 3 {
			outer, err := tx.QueryContext(t.Context(), query)
			if err != nil {
				return err
			}
			for n := 1; outer.Next(); n++ {
				var got int
				if err := outer.Scan(&got); err != nil || got != n {
					t.Errorf("%d, %v, want %d", got, err, n)
				}
				if err := tx.QueryRowContext(t.Context(), query).Scan(&inner); err != nil || inner != 1 {
					t.Errorf("%d, %v", inner, err)
				}
			}
			if err := outer.Close(); err != nil {
				return err
			}
		}
		return nil
	}()
	if err != nil {
		t.Fatal(err)
	}
}
