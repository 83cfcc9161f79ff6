package socket

import (
	"context"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"time"
)

// How often sockets are read; our choices. What arrives meanwhile waits in the socket, at 75,000 packets/s over 250
// sockets one packet or none in each.
const (
	sweepEvery = 2 * time.Millisecond
	youngEvery = 250 * time.Microsecond
)

// maxDatagram is more than a client gets in one datagram.
const maxDatagram = 2048

// A Well is all sockets of a run and the goroutines that read them.
type Well struct {
	cfg     Config
	sweeper []*sweeper // one for each core

	next int // guarded by mu
	mu   sync.Mutex
}

// NewWell prepares a well for as many cores as the process may use.
func NewWell(cfg Config) *Well {
	w := &Well{cfg: cfg}
	if !cfg.Waiting && sweeps {
		for range runtime.GOMAXPROCS(0) {
			w.sweeper = append(w.sweeper, newSweeper())
		}
	}
	return w
}

func (w *Well) buffer() int {
	if w.cfg.Buffer > 0 {
		return w.cfg.Buffer
	}
	return usualBuffer
}

// Open makes a socket at an address of this machine. h is called from then on, once the well runs; with nil, media goes to the
// agent, too, for a stack that does it all.
func (w *Well) Open(local netip.Addr, h Handler) (*Socket, error) {
	s := &Socket{handler: h, whole: h == nil}
	if s.whole {
		s.handler = noHandler{}
	}
	open := w.openSwept
	if len(w.sweeper) == 0 {
		open = w.openWaiting
	}
	if err := open(s, local); err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	return s, nil
}

// Run reads the sockets until ctx ends.
func (w *Well) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, s := range w.sweeper {
		all.Go(func() { s.run(ctx) })
	}
	all.Wait()
}

// run sweeps all sockets at their intervals. Being late for one round is not made up for.
func (s *sweeper) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var full time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		now := time.Now()
		all := now.Sub(full) >= sweepEvery-youngEvery/2
		if all {
			full = now
		}
		young := s.sweep(time.Now, all)
		next := full.Add(sweepEvery)
		if young {
			next = now.Add(youngEvery)
		}
		timer.Reset(time.Until(next))
	}
}
