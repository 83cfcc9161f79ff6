package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"salon/clubapi"
	"salon/clubapi/gallery"
	"salon/clubapi/httpapi"
	"salon/clubapi/sqlite"
	"salon/configs"
)

// databaseFile holds the clubs, in the data folder.
const databaseFile = "salon.db"

// pictureFolder holds the pictures people upload, in the data folder.
const pictureFolder = "pictures"

// A club is what a node with the role api keeps: rules, store, pictures and the guestbook of the meetings.
type club struct {
	rules clubapi.Rules
	store *sqlite.Store
	shown *gallery.Gallery
	book  *guestbook
	api   http.Handler // /api/
	now   func() time.Time
	log   *slog.Logger
}

// openClub opens the store in the data folder and puts the API before it. On an error nothing stays open.
func openClub(ctx context.Context, cfg configs.Config, pair keyPair, log *slog.Logger, now func() time.Time) (*club, error) {
	c := &club{now: now, log: log}
	if err := c.open(ctx, cfg, pair); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *club) open(ctx context.Context, cfg configs.Config, pair keyPair) error {
	var err error
	if c.rules, err = clubapi.NewRules(cfg.Club.Rules); err != nil {
		return fmt.Errorf("club rules: %w", err)
	}
	if c.store, err = sqlite.Open(ctx, filepath.Join(cfg.Data.Dir, databaseFile), c.log); err != nil {
		return err
	}
	if c.shown, err = gallery.New(cfg.Club.Pictures, filepath.Join(cfg.Data.Dir, pictureFolder), c.store); err != nil {
		return err
	}
	var patience time.Duration
	if cfg.Cluster.Many() {
		patience = cfg.Cluster.Lease
	}
	c.book = newGuestbook(c.store, patience, c.log)
	served := cfg.Club.HTTP
	served.Secure = secure(cfg.HTTP)
	c.api, err = httpapi.New(served, httpapi.Parts{
		Rules:    c.rules,
		Store:    c.store,
		Sessions: c.store.Sessions(c.now),
		Pictures: c.shown,
		Admitter: admitter{keys: pair.keys(), publicURL: cfg.HTTP.PublicURL, now: c.now},
		Now:      c.now,
		Log:      c.log,
	})
	if err != nil {
		return fmt.Errorf("club api: %w", err)
	}
	return nil
}

// forget ends the stays that a process before this one left open when it died, where no other node can tell of them:
// on a cluster the guestbook waits for those who can.
func (c *club) forget(ctx context.Context) error {
	if c.book.patience > 0 {
		return nil
	}
	count, err := c.store.EndForgottenStays(ctx)
	if err != nil {
		return fmt.Errorf("attendance: %w", err)
	}
	if count > 0 {
		c.log.Info("forgotten stays ended", "count", count)
	}
	return nil
}

func (c *club) close() error {
	if c.store == nil {
		return nil
	}
	return c.store.Close()
}
