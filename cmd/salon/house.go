package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"salon/clubapi/backup"
	"salon/clubapi/picture"
	"salon/clubapi/sqlite"
	"salon/configs"
)

// errPictures tells that files of pictures are missing or damaged.
var errPictures = errors.New("pictures are missing or damaged")

// house is where the club house of the configuration lives.
func house(cfg configs.Config) backup.House {
	return backup.House{Database: filepath.Join(cfg.Data.Dir, databaseFile), Pictures: filepath.Join(cfg.Data.Dir, pictureFolder)}
}

type backupCommand struct {
	configFlag
	File  string `arg:"" help:"Tar file to write." type:"path"`
	Force bool   `help:"Replace a file that is there."`
}

// Run writes a backup of the data folder; a node may be serving it meanwhile.
func (c backupCommand) Run(con *console) error {
	loaded, err := c.load(con)
	if err != nil {
		return err
	}
	r, err := backup.Write(context.Background(), house(loaded.Config), c.File, c.Force)
	if errors.Is(err, backup.ErrThere) {
		return fmt.Errorf("%w; --force replaces it", err)
	}
	if err != nil {
		return err
	}
	for _, name := range r.Missing {
		fmt.Fprintln(con.err, "salon: picture", name, "is missing or damaged, and so not in the backup")
	}
	fmt.Fprintf(con.out, "%s: %d bytes, %d pictures, read again and whole\n", c.File, r.Bytes, r.Pictures)
	return nil
}

type restoreCommand struct {
	configFlag
	File string `arg:"" help:"Tar file that backup has written." type:"existingfile"`
}

// Run puts a backup in the place of what the data folder holds; a node may be serving it
// meanwhile.
func (c restoreCommand) Run(con *console) error {
	loaded, err := c.load(con)
	if err != nil {
		return err
	}
	if err := ensureDir(loaded.Config.Data.Dir); err != nil {
		return err
	}
	before, err := backup.Restore(context.Background(), house(loaded.Config), c.File, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintln(con.out, "restored", c.File+"; everybody must sign in again")
	if before != "" {
		fmt.Fprintln(con.out, "what was there is kept in", before)
	}
	return nil
}

type checkCommand struct{ configFlag }

// Run reads the whole database and every picture; a node may be serving them meanwhile.
func (c checkCommand) Run(con *console) (err error) {
	loaded, err := c.load(con)
	if err != nil {
		return err
	}
	ctx, where := context.Background(), house(loaded.Config)
	s, err := sqlite.OpenBeside(ctx, where.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Check(ctx); err != nil {
		return err
	}
	names, err := s.PictureNames(ctx)
	if err != nil {
		return err
	}
	bad := 0
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(where.Pictures, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("check pictures: %w", err)
		}
		if !picture.Intact(name, content) {
			fmt.Fprintln(con.err, "salon: picture", name, "is missing or damaged")
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%w: %d of %d", errPictures, bad, len(names))
	}
	fmt.Fprintf(con.out, "ok: database and %d pictures\n", len(names))
	return nil
}
