package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// A part is something of the node that runs until it is told to stop.
type part struct {
	name string
	run  func() error
}

// run serves until ctx ends or a part fails, then shuts down in order and returns when
// all that it started has ended.
func (n *node) run(ctx context.Context) error {
	if err := n.forget(ctx); err != nil {
		return errors.Join(err, n.close())
	}
	media, stopMedia := context.WithCancel(context.WithoutCancel(ctx))
	defer stopMedia()
	parts := n.parts(media)
	failed := make(chan error, len(parts))
	var all sync.WaitGroup
	for _, p := range parts {
		all.Go(func() {
			if err := p.run(); err != nil {
				failed <- fmt.Errorf("%s: %w", p.name, err)
			}
		})
	}
	n.ready.Store(true)

	var cause error
	select {
	case <-ctx.Done():
	case cause = <-failed:
		n.log.Error("part failed", "err", cause)
	}
	start := time.Now()
	err := n.shutdown(context.WithoutCancel(ctx), stopMedia)
	all.Wait()
	err = errors.Join(cause, err, n.store.Close())
	n.log.Info("stopped", "dur", time.Since(start))
	return err
}

// forget ends the stays that a process before this one left open when it died.
func (n *node) forget(ctx context.Context) error {
	count, err := n.store.EndForgottenStays(context.WithoutCancel(ctx)) // also for a node that is stopped at once
	if err != nil {
		return fmt.Errorf("attendance: %w", err)
	}
	if count > 0 {
		n.log.Info("forgotten stays ended", "count", count)
	}
	return nil
}

func (n *node) parts(media context.Context) []part {
	watched, ended := context.WithCancel(context.WithoutCancel(media))
	written, said := context.WithCancel(context.WithoutCancel(media))
	list := []part{
		{"media", func() error { defer ended(); return n.media.Run(media) }},
		{"attendance", func() error { defer said(); return takeAttendance(watched, n.id, n.media, n.book, n.log) }},
		{"guestbook", func() error { return n.book.Run(written) }},
		{"http", func() error { return n.serveHTTP(n.server, n.listener) }},
		{"memory", func() error { return tend(media) }},
		{"pictures", func() error { return n.sweepPictures(media) }},
		{"schedules", func() error { return n.continueSchedules(media) }},
	}
	if n.admin != nil {
		admin := &http.Server{Handler: profiles(), ReadHeaderTimeout: headerTimeout}
		n.server.RegisterOnShutdown(func() { _ = admin.Close() })
		list = append(list, part{"admin", func() error { return closedIsFine(admin.Serve(n.admin)) }})
	}
	return list
}

func (n *node) serveHTTP(s *http.Server, l net.Listener) error {
	if n.cfg.HTTP.CertFile != "" {
		return closedIsFine(s.ServeTLS(l, n.cfg.HTTP.CertFile, n.cfg.HTTP.KeyFile))
	}
	return closedIsFine(s.Serve(l))
}

func closedIsFine(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// shutdown takes the node out of service: readiness off, sessions told to leave, media
// closed, requests drained. The steps share the drain timeout; what is not done by then
// is cut off.
func (n *node) shutdown(ctx context.Context, stopMedia context.CancelFunc) error {
	n.ready.Store(false)
	drain, cancel := context.WithTimeout(ctx, n.cfg.HTTP.DrainTimeout)
	defer cancel()
	if err := n.doors.Shutdown(drain); err != nil {
		n.log.Warn("sessions cut off", "err", err)
	}
	stopMedia()
	if err := n.server.Shutdown(drain); err != nil {
		n.log.Warn("requests cut off", "err", err)
		return n.server.Close()
	}
	return nil
}
