package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
)

// migrate brings the schema up to date. Before the first step it leaves a copy of what
// anybody has stored beside the file, as <path>.before-v<the step>. A schema from the
// future is refused with ErrNewer.
func migrate(ctx context.Context, path string, d *sql.DB, log *slog.Logger) error {
	p, err := provider(d)
	if err != nil {
		return err
	}
	have, err := schemaVersion(ctx, d)
	if err != nil {
		return fmt.Errorf("migrate store: %w", err)
	}
	next, know := steps(p, have)
	if err := ofThisVersion(have, know); have > know {
		return err
	}
	if have > 0 && next > 0 {
		if err := keepBefore(ctx, d, path, next, log); err != nil {
			return err
		}
	}
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate store: %w", err)
	}
	for _, r := range done {
		log.Info("store migrated", "version", r.Source.Version, "dur", r.Duration)
	}
	return nil
}

func provider(d *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("find migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, d, files)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// steps returns the first step after have (0: none) and the last there is.
func steps(p *goose.Provider, have int64) (next, last int64) {
	for _, s := range p.ListSources() {
		if s.Version > have && next == 0 {
			next = s.Version
		}
		last = s.Version
	}
	return next, last
}

// ofThisVersion compares the version of a file with the one this program works on.
func ofThisVersion(have, know int64) error {
	switch {
	case have > know:
		return fmt.Errorf("%w: it is of version %d, this program knows up to %d; use a newer salon, or restore a backup", ErrNewer, have, know)
	case have < know:
		return fmt.Errorf("%w: it is of version %d, this program works on %d; start the node with this program once", ErrOlder, have, know)
	}
	return nil
}

// schemaVersion reads which step came last, 0 for a file without any. It changes nothing.
func schemaVersion(ctx context.Context, d *sql.DB) (version int64, err error) {
	var known bool
	const table = `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version')`
	if err := d.QueryRowContext(ctx, table).Scan(&known); err != nil || !known {
		return 0, err
	}
	err = d.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	return version, err
}

// keepBefore copies a store that somebody uses. An earlier copy before the same step is
// replaced: that step never came to an end.
func keepBefore(ctx context.Context, d *sql.DB, path string, step int64, log *slog.Logger) error {
	var used bool
	if err := d.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM users)`).Scan(&used); err != nil {
		return fmt.Errorf("look into store: %w", err)
	}
	if !used {
		return nil
	}
	kept := fmt.Sprintf("%s.before-v%d", path, step)
	if err := copyTo(ctx, d, kept); err != nil {
		return fmt.Errorf("keep the store as it was: %w", err)
	}
	log.Info("store kept as it was", "path", kept)
	return nil
}
