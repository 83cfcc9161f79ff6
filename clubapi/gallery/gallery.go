// Package gallery keeps pictures: the files in one folder, named by the hash of what
// they show, each with a row in the store. It decides when a picture is whole on disk
// (before its row is there), and when it is taken away (a day after nothing referred to
// it any more). A name always means the same bytes, so files never change.
//
// It reads no clock and starts nothing; the store that counts the references is handed
// in as Rows.
package gallery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"salon/clubapi"
	"salon/clubapi/disk"
	"salon/clubapi/picture"
)

// Rest is how long a picture lies unused before it is taken away.
const Rest = 24 * time.Hour

// unfinished begins the names of files that are being written.
const unfinished = "new-"

// Rows remembers which pictures there are and knows what refers to them.
type Rows interface {
	// KeepPicture stores the row unless it is there, and lets it count as used from now
	// on. A new one beyond quota bytes of its owner is refused with
	// clubapi.ErrPicturesFull.
	KeepPicture(ctx context.Context, p clubapi.Picture, quota int64) error
	// ForgetPictures deletes the rows that nothing has referred to since before, marks
	// those that nothing refers to at now, and returns the names that are left.
	ForgetPictures(ctx context.Context, now, before time.Time) (left map[string]bool, err error)
}

// Config tunes the gallery. Zero fields mean their default.
type Config struct {
	// Quota is the most bytes of pictures one person may keep. Default 50 MiB.
	Quota int64 `yaml:"quota"`
}

// Gallery keeps pictures in a folder. Safe for concurrent use within one process; other
// processes may add files, but take none away.
type Gallery struct {
	cfg       Config
	folder    string
	rows      Rows
	unpacking chan struct{} // one at a time: each may need 400 MB

	pairing sync.Mutex // a file and its row come and go together
}

// New makes the folder (mode 0700) if it is not there.
func New(cfg Config, folder string, rows Rows) (*Gallery, error) {
	if cfg.Quota == 0 {
		cfg.Quota = 50 << 20
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make picture folder: %w", err)
	}
	return &Gallery{cfg: cfg, folder: folder, rows: rows, unpacking: make(chan struct{}, 1)}, nil
}

// Keep converts an upload and keeps it; it is on disk when Keep returns. Refusals:
// clubapi.ErrPicture, ErrPicturesFull.
func (g *Gallery) Keep(ctx context.Context, upload []byte, owner int64, now time.Time) (clubapi.Picture, error) {
	made, err := g.convert(ctx, upload)
	if err != nil {
		return clubapi.Picture{}, err
	}
	p := clubapi.Picture{
		Name: made.Name, OwnerID: owner, Width: made.Width, Height: made.Height, Bytes: int64(len(made.Bytes)), CreatedAt: now,
	}
	g.pairing.Lock()
	defer g.pairing.Unlock()
	fresh, err := Put(g.folder, made.Name, made.Bytes)
	if err != nil {
		return clubapi.Picture{}, err
	}
	if err := g.rows.KeepPicture(ctx, p, g.cfg.Quota); err != nil {
		if fresh {
			err = errors.Join(err, os.Remove(filepath.Join(g.folder, p.Name)))
		}
		return clubapi.Picture{}, err
	}
	return p, nil
}

func (g *Gallery) convert(ctx context.Context, upload []byte) (picture.Picture, error) {
	select {
	case g.unpacking <- struct{}{}:
	case <-ctx.Done():
		return picture.Picture{}, ctx.Err()
	}
	defer func() { <-g.unpacking }()
	p, err := picture.Convert(upload)
	if errors.Is(err, picture.ErrFormat) || errors.Is(err, picture.ErrBroken) || errors.Is(err, picture.ErrLarge) {
		return p, fmt.Errorf("%w: %w", clubapi.ErrPicture, err)
	}
	return p, err
}

// Open opens a picture for reading, or returns clubapi.ErrNotFound. The caller closes it.
func (g *Gallery) Open(name string) (*os.File, error) {
	if !picture.ValidName(name) {
		return nil, clubapi.ErrNotFound
	}
	f, err := os.Open(filepath.Join(g.folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, clubapi.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open picture: %w", err)
	}
	return f, nil
}

// Sweep takes away pictures that nothing has referred to for Rest, and files without a
// row that are as old. Call it now and then; it returns how many files went.
func (g *Gallery) Sweep(ctx context.Context, now time.Time) (gone int, err error) {
	g.pairing.Lock()
	defer g.pairing.Unlock()
	before := now.Add(-Rest)
	left, err := g.rows.ForgetPictures(ctx, now, before)
	if err != nil {
		return 0, err
	}
	files, err := os.ReadDir(g.folder)
	if err != nil {
		return 0, fmt.Errorf("list pictures: %w", err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || !info.Mode().IsRegular() || left[f.Name()] || info.ModTime().After(before) {
			continue // gone already, not ours, in use, or too young to judge
		}
		if err := os.Remove(filepath.Join(g.folder, f.Name())); err != nil {
			return gone, fmt.Errorf("take picture away: %w", err)
		}
		gone++
	}
	return gone, nil
}

// Put writes a file of that name into the folder unless it is there with these bytes,
// and reports whether it was new. What it leaves is whole and on disk, even when the
// power fails. Fails for a name that is not the one of content.
func Put(folder, name string, content []byte) (fresh bool, err error) {
	if !picture.Intact(name, content) {
		return false, fmt.Errorf("%w: %s is not the name of these bytes", picture.ErrBroken, name)
	}
	path := filepath.Join(folder, name)
	there, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(there, content):
		return false, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("look for picture: %w", err)
	}
	f, err := os.CreateTemp(folder, unfinished+"*") // mode 0600
	if err != nil {
		return false, fmt.Errorf("write picture: %w", err)
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return false, fmt.Errorf("write picture: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return true, disk.SyncFolder(folder)
}
