// Package backup writes a whole club house, its database and its pictures, into one tar
// file, and puts it back. It decides what belongs into such a file, when it counts as
// written (read again and compared, on disk, under its final name), and what is proven
// before anything of the present state is touched. Both work beside a server that runs:
// the database is copied inside one read transaction and replaced inside one write
// transaction, and pictures never change under a name.
//
// The keys that sign join tokens are left out: a restored house makes its own.
package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"salon/clubapi/disk"
	"salon/clubapi/picture"
	"salon/clubapi/sqlite"
)

// Names inside the tar file.
const (
	database = "salon.db"
	pictures = "pictures/"
)

// Errors of this package.
var (
	ErrThere   = errors.New("is there already")
	ErrArchive = errors.New("not a backup, or a damaged one")
)

// House is where a club house lives.
type House struct {
	Database string // the SQLite file
	Pictures string // the folder
}

// Report says what a backup holds.
type Report struct {
	Bytes    int64
	Pictures int
	Missing  []string // pictures the database knows whose files are not there, or damaged
}

// Write makes a backup (mode 0600) at path of the house as it is now. Without force a
// file that is there is left alone: ErrThere. On an error nothing new is left behind.
func Write(ctx context.Context, house House, path string, force bool) (r Report, err error) {
	if _, err := os.Lstat(path); err == nil && !force {
		return r, fmt.Errorf("%s: %w", path, ErrThere)
	}
	work, err := os.MkdirTemp(filepath.Dir(path), ".backup-*")
	if err != nil {
		return r, fmt.Errorf("make room for backup: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()

	copied, names, err := snapshot(ctx, house, work)
	if err != nil {
		return r, err
	}
	unfinished := filepath.Join(work, "backup.tar")
	if r, err = pack(unfinished, copied, house.Pictures, names); err != nil {
		return r, fmt.Errorf("write backup: %w", err)
	}
	if err := compare(ctx, unfinished, copied); err != nil {
		return r, fmt.Errorf("read backup again: %w", err)
	}
	if err := publish(unfinished, path, force); err != nil {
		return r, err
	}
	return r, disk.SyncFolder(filepath.Dir(path))
}

// snapshot copies the database, proves the copy whole and lists the pictures it knows.
func snapshot(ctx context.Context, house House, work string) (copied string, names []string, err error) {
	live, err := sqlite.OpenBeside(ctx, house.Database)
	if err != nil {
		return "", nil, err
	}
	copied = filepath.Join(work, database)
	if err := errors.Join(live.CopyTo(ctx, copied), live.Close()); err != nil {
		return "", nil, err
	}
	s, err := sqlite.OpenBeside(ctx, copied)
	if err != nil {
		return "", nil, err
	}
	err = s.Check(ctx)
	if err == nil {
		names, err = s.PictureNames(ctx)
	}
	return copied, names, errors.Join(err, s.Close())
}

func pack(path, copied, folder string, names []string) (r Report, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := tar.NewWriter(f)
	if err := packDatabase(w, copied); err != nil {
		return r, err
	}
	slices.Sort(names)
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		if err != nil || !picture.Intact(name, content) {
			r.Missing = append(r.Missing, name)
			continue
		}
		if err := w.WriteHeader(&tar.Header{Name: pictures + name, Size: int64(len(content)), Mode: 0o600}); err != nil {
			return r, err
		}
		if _, err := w.Write(content); err != nil {
			return r, err
		}
		r.Pictures++
	}
	if err := errors.Join(w.Close(), f.Sync()); err != nil {
		return r, err
	}
	r.Bytes, err = f.Seek(0, io.SeekCurrent)
	return r, err
}

func packDatabase(w *tar.Writer, copied string) error {
	f, err := os.Open(copied)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: database, Size: info.Size(), Mode: 0o600, ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return err
}

// compare reads the tar file as a restore would, and holds its database against the copy
// that went in.
func compare(ctx context.Context, path, copied string) error {
	want, err := sum(copied)
	if err != nil {
		return err
	}
	got := sha256.New()
	err = unpack(ctx, path, func(r io.Reader) error { _, err := io.Copy(got, r); return err }, func(string, []byte) error { return nil })
	if err == nil && !bytes.Equal(got.Sum(nil), want) {
		err = fmt.Errorf("%w: the database differs", ErrArchive)
	}
	return err
}

func sum(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	h := sha256.New()
	_, err = io.Copy(h, f)
	return h.Sum(nil), err
}

// publish gives the finished file its name; without force only if nobody has it.
func publish(unfinished, path string, force bool) error {
	if !force {
		switch err := os.Link(unfinished, path); { // fails where a file is
		case err == nil:
			return nil
		case errors.Is(err, fs.ErrExist):
			return fmt.Errorf("%s: %w", path, ErrThere)
		}
		// A file system without links: take the name, and replace it.
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s: %w", path, ErrThere)
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("name backup: %w", err)
		}
	}
	if err := os.Rename(unfinished, path); err != nil {
		return fmt.Errorf("name backup: %w", err)
	}
	return nil
}
