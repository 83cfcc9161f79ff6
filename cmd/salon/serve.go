package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"salon/configs"
)

// errLeftover tells that a goroutine outlived the shutdown.
var errLeftover = errors.New("goroutines left after the shutdown")

type serveCommand struct {
	configFlag
	Demo            bool `help:"Also create a club with two members to try, and print how to sign in."`
	CheckGoroutines bool `help:"After the shutdown, fail if a goroutine is left." hidden:""`
}

// Run serves until a signal asks it to stop; a second signal ends the process at once.
func (c serveCommand) Run(con *console) error {
	loaded, err := c.load(con)
	if err != nil {
		return err
	}
	log := newLogger(con.err, loaded.Config.Log)
	ctx, stop := untilSignal(log)
	err = c.serve(ctx, loaded.Config, con, log)
	stop()
	if c.CheckGoroutines {
		err = errors.Join(err, checkGoroutines(con.err))
	}
	return err
}

func (c serveCommand) serve(ctx context.Context, cfg configs.Config, con *console, log *slog.Logger) error {
	n, err := newNode(ctx, cfg, log)
	if err != nil {
		return err
	}
	if c.Demo {
		if err := n.demo(ctx, con.out); err != nil {
			return errors.Join(fmt.Errorf("prepare demo: %w", err), n.close())
		}
	}
	log.Info("serving", "addr", n.listener.Addr().String(), "node", string(n.id), "version", buildVersion())
	if n.admin != nil {
		log.Info("operator is served", "addr", n.admin.Addr().String())
	}
	return n.run(ctx)
}

// newLogger writes to w in the configured form.
func newLogger(w io.Writer, cfg configs.Log) *slog.Logger {
	opts := &slog.HandlerOptions{Level: cfg.Level}
	if cfg.Format == configs.LogJSON {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
