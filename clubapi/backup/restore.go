package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"salon/clubapi/disk"
	"salon/clubapi/gallery"
	"salon/clubapi/picture"
	"salon/clubapi/sqlite"
)

// Restore puts the backup at path into the place of what the house holds, and returns
// where it left the database that was there ("" if none). Everything is unpacked and
// proven first, and brought to this program's version; the database changes in one
// transaction, so that a server that runs goes on with the restored one. Everybody is
// signed out. Pictures of the present state stay; the server sweeps them later.
func Restore(ctx context.Context, house House, path string, now time.Time) (before string, err error) {
	folder := filepath.Dir(house.Database)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make data folder: %w", err)
	}
	if err := os.MkdirAll(house.Pictures, 0o700); err != nil {
		return "", fmt.Errorf("make picture folder: %w", err)
	}
	work, err := os.MkdirTemp(folder, ".restore-*")
	if err != nil {
		return "", fmt.Errorf("make room for restoring: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()

	unpacked := filepath.Join(work, database)
	if err := prove(ctx, path, unpacked); err != nil {
		return "", err
	}
	// Nothing has been touched so far. Pictures first: no row without its file.
	err = unpack(ctx, path, ignore, func(name string, content []byte) error {
		_, err := gallery.Put(house.Pictures, name, content)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("restore pictures: %w", err)
	}
	switch _, err := os.Stat(house.Database); {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.Rename(unpacked, house.Database); err != nil {
			return "", fmt.Errorf("put database in place: %w", err)
		}
		return "", disk.SyncFolder(folder)
	case err != nil:
		return "", fmt.Errorf("look for database: %w", err)
	}
	return replace(ctx, house.Database, unpacked, now)
}

// prove unpacks the database and makes sure that it can take over.
func prove(ctx context.Context, path, unpacked string) error {
	err := unpack(ctx, path, func(r io.Reader) error {
		f, err := os.OpenFile(unpacked, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, r)
		return errors.Join(err, f.Sync(), f.Close())
	}, func(string, []byte) error { return nil })
	if err != nil {
		return fmt.Errorf("unpack backup: %w", err)
	}
	s, err := sqlite.Open(ctx, unpacked, slog.New(slog.DiscardHandler)) // brings it forward
	if err != nil {
		return fmt.Errorf("open database of the backup: %w", err)
	}
	err = s.Check(ctx)
	if err == nil {
		err = s.Calm(ctx)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return fmt.Errorf("prove database of the backup: %w", err)
	}
	return nil
}

// replace changes a database that others may have open, and keeps a copy of it.
func replace(ctx context.Context, live, unpacked string, now time.Time) (before string, err error) {
	s, err := sqlite.OpenBeside(ctx, live)
	if err != nil {
		return "", fmt.Errorf("open the present database (to restore in spite of this, stop the node and move the file away): %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	before = live + ".before-restore-" + now.UTC().Format("20060102T150405Z")
	if err := s.CopyTo(ctx, before); err != nil {
		return "", err
	}
	return before, s.Replace(ctx, unpacked)
}

func ignore(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// unpack reads a backup: the database, then each picture, whose bytes are held against
// its name. What does not look like a backup is refused with ErrArchive.
func unpack(ctx context.Context, path string, db func(io.Reader) error, pic func(name string, content []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	r := tar.NewReader(f)
	for n := 0; ; n++ {
		h, err := r.Next()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, io.EOF) && n > 0:
			return nil
		case err != nil:
			return fmt.Errorf("%w: %w", ErrArchive, err)
		case h.Typeflag != tar.TypeReg, (n == 0) != (h.Name == database):
			return fmt.Errorf("%w: %q does not belong there", ErrArchive, h.Name)
		case n == 0:
			err = db(r)
		default:
			err = unpackPicture(h, r, pic)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%w: it ends too early", ErrArchive)
		}
		if err != nil {
			return err
		}
	}
}

func unpackPicture(h *tar.Header, r io.Reader, pic func(string, []byte) error) error {
	name, ok := strings.CutPrefix(h.Name, pictures)
	if !ok || !picture.ValidName(name) {
		return fmt.Errorf("%w: %q does not belong there", ErrArchive, h.Name)
	}
	const most = 16 << 20 // a converted picture has at most a million pixels of four bytes
	if h.Size > most {
		return fmt.Errorf("%w: %s has %d bytes", ErrArchive, h.Name, h.Size)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if !picture.Intact(name, content) {
		return fmt.Errorf("%w: %s is damaged", ErrArchive, h.Name)
	}
	return pic(name, content)
}
