package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	readyWithin = 10 * time.Second
	readyEvery  = 50 * time.Millisecond
	byeWithin   = 5 * time.Second
)

// errNotReady tells that a server did not answer in time.
var errNotReady = errors.New("the server did not become ready")

// A pair of cores, one for each end. Empty texts: wherever the system likes.
type cores struct{ server, generator string }

// pin puts a command on a core.
func pin(core string, args []string) []string {
	if core == "" {
		return args
	}
	return append([]string{"taskset", "-c", core}, args...)
}

// A server is a process under test.
type server struct {
	cmd  *exec.Cmd
	addr string
	errs *strings.Builder
}

// start runs args on a core with a free address in place of "ADDR" in its arguments and environment, and waits until
// it is ready. The caller stops it.
func start(ctx context.Context, core string, environ, args []string) (*server, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	args = pin(core, replaced(args, addr))
	s := &server{addr: addr, errs: &strings.Builder{}}
	s.cmd = exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // what the command line of this very program says
	s.cmd.Env = append(os.Environ(), replaced(environ, addr)...)
	s.cmd.Stderr = s.errs
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(os.Interrupt) }
	s.cmd.WaitDelay = byeWithin
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	if err := s.ready(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// ready waits for the server to take participants.
func (s *server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	tick := time.NewTicker(readyEvery)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.addr+"/readyz", http.NoBody)
		if err != nil {
			return fmt.Errorf("ask server: %w", err)
		}
		if answer, err := http.DefaultClient.Do(request); err == nil {
			_ = answer.Body.Close() // only its status counts
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %s", errNotReady, s.errs.String())
		case <-tick.C:
		}
	}
}

// pid of the server itself: what pins it replaces itself by it.
func (s *server) pid() int { return s.cmd.Process.Pid }

// stop ends the server and waits for it. How it ends is no matter of a measurement.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop server: %w", err)
	}
	_ = s.cmd.Wait() // its exit code says nothing about what was measured
	return nil
}

// generate runs the load generator. Its exit code tells whether the run is void, and so does its report.
func generate(ctx context.Context, prefix, args []string, core string, out io.Writer) error {
	args = append(append([]string{}, prefix...), pin(core, args)...)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // what the command line of this very program says
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = byeWithin
	cmd.Stdout, cmd.Stderr = out, out
	err := cmd.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("run generator: %w", err)
	}
	return nil
}

// freeAddress finds a TCP address on loopback that nobody uses at the moment.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free address: %w", err)
	}
	if err := l.Close(); err != nil {
		return "", fmt.Errorf("find a free address: %w", err)
	}
	return l.Addr().String(), nil
}

func replaced(list []string, addr string) []string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = strings.ReplaceAll(s, "ADDR", addr)
	}
	return all
}
