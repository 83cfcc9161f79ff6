package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/pprof"
	"time"

	"salon/loadtest/baseline"
	"salon/signaling/token"
)

type baselineCommand struct {
	Listen    string `help:"Address of the door; media is sent from the same host." default:"127.0.0.1:7880"`
	APIKey    string `help:"Key that signs join tokens." name:"api-key" env:"SALON_API_KEY" required:""`
	APISecret string `help:"Its secret." name:"api-secret" env:"SALON_API_SECRET" required:""`
	Numbered  bool   `help:"Number packets, so that subscribers send transport-wide feedback."`
	Profile   string `help:"Write a CPU profile of its whole life here." placeholder:"FILE"`
	Verbose   bool   `help:"Say how sessions end." short:"v"`
}

// Run serves until the console's context ends.
func (c baselineCommand) Run(con *console) error {
	if c.Profile == "" {
		return c.serve(con)
	}
	f, err := os.Create(c.Profile)
	if err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(fmt.Errorf("write profile: %w", err), f.Close())
	}
	err = c.serve(con)
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}

func (c baselineCommand) serve(con *console) error {
	addr, err := netip.ParseAddrPort(c.Listen)
	if err != nil {
		return fmt.Errorf("serve baseline: %w", err)
	}
	level := slog.LevelWarn
	if c.Verbose {
		level = slog.LevelDebug
	}
	b, err := baseline.New(baseline.Config{
		Keys: token.Keys{c.APIKey: c.APISecret}, Host: addr.Addr(), Now: time.Now, Numbered: c.Numbered,
	}, slog.New(slog.NewTextHandler(con.err, &slog.HandlerOptions{Level: level})))
	if err != nil {
		return fmt.Errorf("serve baseline: %w", err)
	}
	door, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("serve baseline: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/rtc/v1", b)
	mux.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {}) // 200
	server := &http.Server{Handler: mux, ReadHeaderTimeout: readyWithin}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(door) }()
	<-con.ctx.Done()
	err = server.Close()
	b.Close()
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
