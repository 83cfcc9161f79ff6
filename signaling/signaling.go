// Package signaling is the door of a room for clients of the client protocol (it works with LiveKit client SDKs):
// a WebSocket over which a client joins, publishes, subscribes and leaves. It decides who gets in (token and grants),
// what a client's request means, and in which words the client hears what happens in its Room. It never decides
// about the Room itself (sfu/room does), and never touches media.
//
// The way of a join: server.go takes the HTTP request, admission.go reads token and parameters and says who asks for
// what, direct_loop.go has another node answer where the room is there (packages cluster and nodes), Rooms lets the
// participant in, session_loop.go carries the conversation, session.go holds it. What the protocol fixes stands in wire;
// errors turn into statuses and codes in errors.go alone.
//
// The Server owns its sessions; each Session is owned by the goroutine of its HTTP request.
package signaling

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"salon/signaling/token"
)

// Config is what an operator may tune. Zero means default.
type Config struct {
	// MaxSessions bounds the sessions of this node, and as many again that it passes on to others; those beyond are told
	// to come later. Default 10000.
	MaxSessions int
	// MaxMessage bounds a client's message in bytes; a larger one ends its session. Default 1 MiB.
	MaxMessage int
	// SendQueue is how many messages may wait for a client that doesn't read; one more ends its session. Default 512.
	SendQueue int
	// MessageRate is how many requests a second a client may send for long; a faster one is read more slowly, after
	// a burst of five seconds' worth. Default 100.
	MessageRate int
	// PingInterval is how often clients are asked to ping; whole seconds. Default 5 s.
	PingInterval time.Duration
	// PingTimeout is how long a silent client stays; whole seconds. Default 15 s.
	PingTimeout time.Duration
	// TokenRefresh is how often a client gets a fresh token, with which it can join again later. Default 5 min.
	TokenRefresh time.Duration
	// SearchTimeout is for how long a client that comes in waits for a room that is on its way from one node to another.
	// Longer than the cluster's leases, it sees the room reborn whose node has died; clients that join for the first time
	// don't try again by themselves. At most 10 s: they give up after 15. Default 6 s.
	SearchTimeout time.Duration
	// ICEServers are the STUN and TURN servers that clients are told to use. Default none.
	ICEServers []ICEServer
	// Region and Node are told to clients, for their logs.
	Region, Node string
	// Dev lets clients ask the server to misbehave (simulate), for tests of clients. Never on a public server.
	Dev bool
}

// ICEServer is a STUN or TURN server for clients.
type ICEServer struct {
	URLs                 []string // "stun:host:port", "turn:host:port?transport=udp"
	Username, Credential string
}

// maxSearch leaves a client time to hear the answer of a last try.
const maxSearch = 10 * time.Second

// ErrConfig is wrapped by New with what is wrong.
var ErrConfig = errors.New("invalid configuration")

func (c Config) withDefaults() Config {
	if c.MaxSessions == 0 {
		c.MaxSessions = 10000
	}
	if c.MaxMessage == 0 {
		c.MaxMessage = 1 << 20
	}
	if c.SendQueue == 0 {
		c.SendQueue = 512
	}
	if c.MessageRate == 0 {
		c.MessageRate = 100
	}
	if c.PingInterval == 0 {
		c.PingInterval = 5 * time.Second
	}
	if c.PingTimeout == 0 {
		c.PingTimeout = 15 * time.Second
	}
	if c.TokenRefresh == 0 {
		c.TokenRefresh = 5 * time.Minute
	}
	if c.SearchTimeout == 0 {
		c.SearchTimeout = 6 * time.Second
	}
	return c
}

func (c Config) validate() error {
	if c.MaxSessions < 0 || c.MaxMessage < 0 || c.SendQueue < 0 || c.MessageRate < 0 {
		return fmt.Errorf("%w: a limit is negative", ErrConfig)
	}
	if c.PingInterval < time.Second || c.PingTimeout < 2*c.PingInterval {
		return fmt.Errorf("%w: ping interval %v, timeout %v: the timeout needs two intervals of a second or more",
			ErrConfig, c.PingInterval, c.PingTimeout)
	}
	if c.TokenRefresh < 0 {
		return fmt.Errorf("%w: token refresh %v", ErrConfig, c.TokenRefresh)
	}
	if c.SearchTimeout < 0 || c.SearchTimeout > maxSearch {
		return fmt.Errorf("%w: search timeout %v", ErrConfig, c.SearchTimeout)
	}
	return nil
}

// Parts are what a Server is put together of.
type Parts struct {
	Rooms Rooms
	// Director and Passer lead participants to the node of their room. Both nil: all rooms are here.
	Director Director
	Passer   Passer
	Keys     token.Keys // that sign tokens
	Log      *slog.Logger
	Now      func() time.Time
}

// A Server answers the client protocol's paths. It is an http.Handler, safe for concurrent use.
type Server struct {
	cfg      Config
	rooms    Rooms
	director Director
	passer   Passer
	keys     token.Keys
	log      *slog.Logger
	now      func() time.Time

	counters counters
	closing  chan struct{}   // closed when the server is shutting down
	life     context.Context // of the sessions: ends when there is no time left to be polite
	kill     context.CancelFunc

	open openSessions // sessions of this node
	led  openSessions // requests whose room is looked for, or on another node that answers them

	passages passages // of led, those that another node answers
}

// New returns a Server that lets participants into rooms. It starts nothing.
func New(cfg Config, parts Parts) (*Server, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if (parts.Director == nil) != (parts.Passer == nil) {
		return nil, fmt.Errorf("%w: a director needs a passer", ErrConfig)
	}
	if parts.Director == nil {
		parts.Director, parts.Passer = alone{}, alone{}
	}
	s := &Server{
		cfg: cfg, rooms: parts.Rooms, director: parts.Director, passer: parts.Passer, keys: parts.Keys, log: parts.Log, now: parts.Now,
		closing: make(chan struct{}),
	}
	s.life, s.kill = context.WithCancel(context.Background())
	return s, nil
}

// openSessions counts the sessions that live. When it is shut, no more are let in.
type openSessions struct {
	n       int
	shut    bool
	drained chan struct{} // made by shutting; closed when n is 0

	mu sync.Mutex
}

// enter takes a place for a session.
func (o *openSessions) enter(limit int) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.shut {
		return errShuttingDown
	}
	if o.n >= limit {
		return errTooManySessions
	}
	o.n++
	return nil
}

// leave gives a place back.
func (o *openSessions) leave() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.n--
	if o.shut && o.n == 0 {
		close(o.drained)
	}
}

// close lets nobody in any more. The channel is closed once all have left; first is false when it was shut before.
func (o *openSessions) close() (drained <-chan struct{}, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.shut {
		return o.drained, false
	}
	o.shut, o.drained = true, make(chan struct{})
	if o.n == 0 {
		close(o.drained)
	}
	return o.drained, true
}

func (o *openSessions) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n
}
