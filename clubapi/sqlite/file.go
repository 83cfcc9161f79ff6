package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	driver "modernc.org/sqlite"

	"salon/clubapi/disk"
	"salon/clubapi/sqlite/db"
)

// OpenBeside opens a store that another process may be serving at the same time. It
// neither creates nor migrates: fs.ErrNotExist, ErrNoStore, ErrOlder, ErrNewer.
func OpenBeside(ctx context.Context, path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{}
	if err := s.openBeside(ctx, path); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) openBeside(ctx context.Context, path string) error {
	if err := s.openWriter(path); err != nil {
		return err
	}
	p, err := provider(s.writer)
	if err != nil {
		return err
	}
	have, err := schemaVersion(ctx, s.writer)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoStore, err)
	}
	if have == 0 {
		return ErrNoStore
	}
	if _, know := steps(p, have); have != know {
		return ofThisVersion(have, know)
	}
	return s.openReaders(ctx, path)
}

// CopyTo writes the store as it is at this moment to a file of its own (mode 0600), which
// is whole and on disk when CopyTo returns. Others may read and write meanwhile. A file
// that is there already is replaced.
func (s *Store) CopyTo(ctx context.Context, path string) error { return copyTo(ctx, s.writer, path) }

func copyTo(ctx context.Context, d *sql.DB, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("copy store: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600; VACUUM INTO takes an empty file
	if err != nil {
		return fmt.Errorf("copy store: %w", err)
	}
	_, err = d.ExecContext(ctx, "VACUUM INTO ?", f.Name())
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("copy store: %w", errors.Join(err, gone(os.Remove(f.Name()))))
	}
	return disk.SyncFolder(filepath.Dir(path))
}

func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Check reads every page and every reference; ErrDamaged says what is wrong with them.
func (s *Store) Check(ctx context.Context) error {
	var found []string
	for pragma, columns := range map[string]int{"integrity_check": 1, "foreign_key_check": 4} {
		rows, err := s.reader.QueryContext(ctx, "PRAGMA "+pragma)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		for rows.Next() {
			cells := make([]sql.NullString, columns)
			into := make([]any, columns)
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := errors.Join(rows.Scan(into...)); err != nil {
				return fmt.Errorf("check store: %w", errors.Join(err, rows.Close()))
			}
			line := pragma
			for _, c := range cells {
				line += " " + c.String
			}
			if line != "integrity_check ok" {
				found = append(found, line)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("%w: %s", ErrDamaged, strings.Join(found, "; "))
	}
	return nil
}

// Calm lets nothing go on that was under way when a copy was made: everybody is signed
// out, stays in meetings end where they were last seen, answers are forgotten.
func (s *Store) Calm(ctx context.Context) error {
	return s.write(ctx, "calm store", func(q *db.Queries) error {
		return errors.Join(q.DeleteAllSessions(ctx), q.EndAllStays(ctx), q.DeleteAllAnswers(ctx))
	})
}

// Replace puts what the store at path holds into the place of what this one holds, at
// once or not at all. Whoever has this store open, in this process or another, sees it
// with their next transaction. Both must be of this program's version.
func (s *Store) Replace(ctx context.Context, path string) error {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return fmt.Errorf("replace store: %w", err)
	}
	err = conn.Raw(func(c any) error {
		target, ok := c.(interface {
			NewRestore(source string) (*driver.Backup, error)
		})
		if !ok {
			return fmt.Errorf("%w: the driver cannot restore", errors.ErrUnsupported)
		}
		b, err := target.NewRestore((&url.URL{Scheme: "file", Opaque: escaped(path)}).String())
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			more, err = b.Step(-1)
		}
		return errors.Join(err, b.Finish())
	})
	if err = errors.Join(err, conn.Close()); err != nil {
		return fmt.Errorf("replace store: %w", err)
	}
	return nil
}

// PictureNames lists the pictures that the store knows.
func (s *Store) PictureNames(ctx context.Context) (names []string, err error) {
	err = s.read(ctx, "list pictures", func(q *db.Queries) (err error) {
		names, err = q.PictureNames(ctx)
		return err
	})
	return names, err
}
