// Package redistest starts Redis for tests and for what tries a whole cluster: real redis-server processes on free
// ports of this machine, which keep nothing on disk. It decides nothing; whoever starts a Server stops it.
//
// Without redis-server in the path each start fails with ErrMissing, which says what to install.
package redistest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Errors of this package.
var (
	// ErrMissing tells that there is no redis-server.
	ErrMissing = errors.New("redis-server is missing: apt-get install redis-server")
	// ErrSilent tells that a process runs and doesn't become what it should in time.
	ErrSilent = errors.New("redis doesn't answer as it should")
	// ErrReply is what a server says instead of an answer.
	ErrReply = errors.New("redis says")
)

// A Server is one redis-server, or one Sentinel. Its methods are for one goroutine at a time.
type Server struct {
	// Address is host:port, and stays.
	Address string

	log  string // the file
	args []string
	run  *process // nil when it doesn't run
}

// Start starts a server that writes its log to dir, and waits until it answers. args are settings beside the usual
// ones, as redis-server takes them: "--requirepass", "secret".
func Start(dir string, args ...string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := newServer(dir, port)
	s.args = append([]string{
		"--port", port, "--bind", host, "--dir", dir, "--logfile", s.log, "--save", "", "--appendonly", "no",
	}, args...)
	if err := s.Restart(); err != nil {
		return nil, err
	}
	return s, nil
}

const host = "127.0.0.1"

func newServer(dir, port string) *Server {
	return &Server{Address: net.JoinHostPort(host, port), log: filepath.Join(dir, "redis-"+port+".log")}
}

// Restart starts a server that doesn't run, empty, at its old address, and waits until it answers.
func (s *Server) Restart() error {
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		return fmt.Errorf("%w (%w)", ErrMissing, err)
	}
	if s.run, err = begin(binary, s.args); err != nil {
		return err
	}
	answers := func() bool {
		_, err := s.Do("PING")
		return err == nil || errors.Is(err, ErrReply) // one that wants a password, say
	}
	if err := until(answers, s.run.ended); err != nil {
		log, _ := os.ReadFile(s.log)
		return fmt.Errorf("start redis: %w: %s", errors.Join(err, s.Kill()), log)
	}
	return nil
}

// Stop asks the server to end and waits for it. Nothing happens when it doesn't run.
func (s *Server) Stop() error { return s.end(syscall.SIGTERM) }

// Kill ends the server at once.
func (s *Server) Kill() error { return s.end(syscall.SIGKILL) }

func (s *Server) end(signal syscall.Signal) error {
	if s.run == nil {
		return nil
	}
	defer func() { s.run = nil }()
	_ = s.run.signal(syscall.SIGCONT) // one that is paused would never hear of it
	return s.run.end(signal)
}

// Pause stops the process where it is, without closing anything, until Resume.
func (s *Server) Pause() error { return s.run.signal(syscall.SIGSTOP) }

// Resume lets a paused process go on.
func (s *Server) Resume() error { return s.run.signal(syscall.SIGCONT) }

// Do sends one command and returns the answer as text; the elements of a list stand on lines of their own.
func (s *Server) Do(words ...string) (string, error) { return do(s.Address, words...) }

// Port is that of its Address.
func (s *Server) Port() string {
	_, p, _ := net.SplitHostPort(s.Address)
	return p
}

// freePort finds a port that nobody has at the moment.
func freePort() (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
