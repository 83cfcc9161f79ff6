// Package tcp takes the connections of peers that UDP does not reach: passive ICE-TCP (RFC 6544), each datagram behind
// two bytes of length (RFC 4571). To everybody else such a peer is one more address of the media endpoint (udp.Line).
//
// It decides how many connections there may be, how long one may stay without belonging to a peer, and what is lost
// when one does not drain: a full TCP window stops nobody but its owner. It never opens connections and never looks into what they
// carry.
//
// A Listener owns its connections; each has a goroutine that reads and one that writes.
package tcp

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"salon/sfu/udp"
)

// Config is what may be tuned. Zero means default.
type Config struct {
	// Port to listen on; 0 picks a free one.
	Port int
	// Bind holds the addresses to listen on; empty: all.
	Bind []netip.Addr
	// MaxConnections open at a time; one more is closed at once. Default 1024.
	MaxConnections int
	// MaxQueued is how many bytes may wait for a connection; what comes then is lost and counted. Default 256 KiB, a
	// second of video at 2 Mbit/s.
	MaxQueued int
	// ProveWithin is how long a connection may take to belong to a peer. Default 10 s.
	ProveWithin time.Duration
	// SilentFor is how long a connection may bring nothing. Default 30 s: as long as consent lasts (RFC 7675).
	SilentFor time.Duration
}

const (
	defaultConnections = 1024
	defaultQueued      = 256 << 10
	defaultProve       = 10 * time.Second
	defaultSilence     = 30 * time.Second
)

func (c Config) withDefaults() Config {
	if c.MaxConnections == 0 {
		c.MaxConnections = defaultConnections
	}
	if c.MaxQueued == 0 {
		c.MaxQueued = defaultQueued
	}
	if c.ProveWithin == 0 {
		c.ProveWithin = defaultProve
	}
	if c.SilentFor == 0 {
		c.SilentFor = defaultSilence
	}
	return c
}

func (c Config) validate() error {
	if c.Port < 0 || c.Port > 0xffff || c.MaxConnections < 0 || c.MaxQueued < 0 || c.ProveWithin < 0 || c.SilentFor < 0 {
		return fmt.Errorf("tcp media: %w", ErrConfig)
	}
	return nil
}

// A Listener takes connections on one port. Safe for concurrent use.
type Listener struct {
	cfg       Config
	log       *slog.Logger
	endpoint  *udp.Endpoint
	listeners []net.Listener
	port      int
	count     counters
	closing   sync.Once
	done      chan struct{} // closed by Close

	open   map[*conn]struct{} // guarded by mu
	closed bool               // guarded by mu
	mu     sync.Mutex
}

// Listen opens the port. Nothing is taken before Run.
func Listen(cfg Config, endpoint *udp.Endpoint, log *slog.Logger) (*Listener, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	l := &Listener{
		cfg: cfg.withDefaults(), log: log, endpoint: endpoint, port: cfg.Port,
		done: make(chan struct{}), open: make(map[*conn]struct{}),
	}
	hosts := []string{""}
	if len(cfg.Bind) > 0 {
		hosts = hosts[:0]
		for _, a := range cfg.Bind {
			hosts = append(hosts, a.Unmap().String())
		}
	}
	for _, host := range hosts {
		if err := l.listen(host); err != nil {
			_ = l.Close() // the first error is the one to tell
			return nil, err
		}
	}
	log.Info("tcp listening", "port", l.port)
	return l, nil
}

// Port returns the port of all addresses.
func (l *Listener) Port() int { return l.port }

// Close ends Run and every connection. It may be called twice.
func (l *Listener) Close() error {
	l.closing.Do(func() {
		close(l.done)
		for _, one := range l.listeners {
			_ = one.Close() // nothing is lost with it
		}
		for _, c := range l.take() {
			c.close()
		}
	})
	return nil
}

// take returns all connections and lets no more in.
func (l *Listener) take() []*conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	all := make([]*conn, 0, len(l.open))
	for c := range l.open {
		all = append(all, c)
	}
	return all
}

// admit takes note of c, unless there are too many.
func (l *Listener) admit(c *conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.open) >= l.cfg.MaxConnections {
		return false
	}
	l.open[c] = struct{}{}
	return true
}

func (l *Listener) forget(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, c)
}
