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

// run serves until ctx ends, an operator asks for it or a part fails, then shuts down in order and returns when
// all that it started has ended.
func (n *node) run(ctx context.Context) error {
	if n.club != nil {
		if err := n.club.forget(context.WithoutCancel(ctx)); err != nil { // also for a node that is stopped at once
			return errors.Join(err, n.close())
		}
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
	case <-n.drain:
		n.log.Info("an operator asks for the end")
	case cause = <-failed:
		n.log.Error("part failed", "err", cause)
	}
	start := time.Now()
	if cause == nil {
		n.empty(context.WithoutCancel(ctx))
	}
	err := n.shutdown(context.WithoutCancel(ctx), stopMedia)
	all.Wait()
	err = errors.Join(cause, err, n.mesh.shut())
	if n.club != nil {
		err = errors.Join(err, n.club.close())
	}
	n.log.Info("stopped", "dur", time.Since(start))
	return err
}

// parts lists what runs. Each ends after what it serves: attendance and membership after the rooms, the guestbook after
// the attendance.
func (n *node) parts(media context.Context) []part {
	watched, ended := context.WithCancel(context.WithoutCancel(media))
	written, said := context.WithCancel(context.WithoutCancel(media))
	list := []part{
		{"media", func() error { defer ended(); return n.media.Run(media) }},
		{"attendance", func() error { defer said(); return n.roll.Run(watched) }},
		{"member", func() error { return n.belong(watched) }},
		{"http", func() error { return n.serveHTTP(n.server, n.listener) }},
		{"memory", func() error { return tend(media) }},
	}
	if n.club != nil {
		list = append(list,
			part{"guestbook", func() error { return n.club.book.Run(written) }},
			part{"pictures", func() error { return n.club.sweepPictures(media) }},
			part{"schedules", func() error { return n.club.continueSchedules(media) }},
			part{"words", func() error { return n.club.mergeWords(media) }},
		)
	}
	if n.mesh.inside != nil {
		list = append(list, part{"nodes", func() error { return closedIsFine(n.mesh.server.Serve(n.mesh.inside)) }})
	}
	if n.admin != nil {
		admin := &http.Server{Handler: n.operator(), ReadHeaderTimeout: headerTimeout}
		n.server.RegisterOnShutdown(func() { _ = admin.Close() })
		list = append(list, part{"admin", func() error { return closedIsFine(admin.Serve(n.admin)) }})
	}
	return list
}

// belong is the membership. That the others could not be told of its end is no failure: they see it.
func (n *node) belong(ctx context.Context) error {
	err := n.mesh.member.Run(ctx)
	if err != nil && ctx.Err() != nil {
		n.log.Warn("left without a word", "err", err)
		return nil
	}
	return err
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

// empty moves the rooms of a node of a cluster to others. What is left when the time is over is sent away.
func (n *node) empty(ctx context.Context) {
	if !n.cfg.Cluster.Many() {
		return
	}
	start := time.Now()
	if err := n.mesh.member.Drain(ctx, n.cfg.Cluster.DrainDeadline); err != nil {
		n.log.Warn("rooms left behind", "err", err, "dur", time.Since(start))
		return
	}
	n.log.Info("drained", "dur", time.Since(start))
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
	var errs []error
	for _, s := range []*http.Server{n.server, n.mesh.server} {
		if err := s.Shutdown(drain); err != nil {
			n.log.Warn("requests cut off", "err", err)
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}
