// Package sfu is the media server of one node: the Rooms that live here, the sockets their media goes through, and the
// shards that carry it. It places a new Room on the least loaded shard and joins Participants to Rooms; what
// happens in a Room is decided there (package room), what happens to a packet in package forward, whose doc.go
// is the map of the data path. It never speaks the client protocol.
package sfu

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"sync"

	"salon/sfu/forward"
	"salon/sfu/id"
	"salon/sfu/room"
	"salon/sfu/tcp"
	"salon/sfu/transport"
	"salon/sfu/udp"
)

// ErrShuttingDown is returned to those who want to join a node that is about to end.
var ErrShuttingDown = errors.New("the server is shutting down")

// Config is what an operator may tune. Zero means default.
type Config struct {
	// Port is the UDP port of all media; default 7882. Negative picks a free one.
	Port int
	// TCPPort is where media goes for those whom UDP does not reach; default 7881, or a free port when Port picks one.
	// Negative: nowhere.
	TCPPort int
	// Bind limits media to these addresses, at most one of each family; default all.
	Bind []netip.Addr
	// External addresses are told to clients instead of this machine's own: for a server behind a one-to-one NAT.
	External []netip.Addr
	// Shards is how many sockets and readers share the port; default one for each processor.
	Shards int
	// Offload is "auto" (the kernel joins and splits datagrams where it can: UDP GSO and GRO) or "off".
	Offload string
	// Plain reads and writes datagrams one by one, for systems on which batches misbehave.
	Plain bool
	// MaxParticipants bounds each room unless a token says otherwise; 0: no limit.
	MaxParticipants int
	// MaxRooms bounds the rooms of this node; 0: no limit.
	MaxRooms int

	// Room, Forward and Transport tune the parts.
	Room      room.Config
	Forward   forward.Config
	Transport transport.Config
}

// visitPlaces is how many comings and goings may wait to be read: a few hundred arrive in a rush, before their reader has
// written down the first ones.
const visitPlaces = 512

// DefaultPort is where media goes unless configured otherwise, DefaultTCPPort where it goes over TCP.
const (
	DefaultPort    = 7882
	DefaultTCPPort = 7881
)

func (c Config) withDefaults() Config {
	if c.TCPPort == 0 && c.Port >= 0 {
		c.TCPPort = DefaultTCPPort
	}
	switch {
	case c.Port == 0:
		c.Port = DefaultPort
	case c.Port < 0:
		c.Port = 0
	}
	if c.Shards == 0 {
		c.Shards = runtime.GOMAXPROCS(0)
	}
	if c.Room.MaxParticipants == 0 {
		c.Room.MaxParticipants = c.MaxParticipants
	}
	if len(c.External) > 0 {
		c.Transport.External = c.External
	}
	// A machine can talk to itself unless it was told to speak for another address.
	c.Transport.Loopback = len(c.External) == 0
	return c
}

func (c Config) offload() udp.Offload {
	if c.Offload == "off" {
		return udp.Off
	}
	return udp.Auto
}

// A Server holds the rooms of this node. Its methods may be called from any goroutine.
type Server struct {
	cfg      Config
	log      *slog.Logger
	endpoint *udp.Endpoint
	streams  *tcp.Listener // nil without TCP
	factory  *transport.Factory
	shards   []*forward.Shard
	crew     *forward.Crew
	visits   *room.Visits

	// owned by mu
	rooms  map[id.Room]*room.Room
	open   bool           // Run is running and not ending
	living sync.WaitGroup // the rooms' loops
	ctx    context.Context

	mu sync.Mutex
}

// New opens the media port. Nothing is served before Run.
func New(cfg Config, log *slog.Logger) (*Server, error) {
	cfg = cfg.withDefaults()
	if cfg.Offload != "" && cfg.Offload != "auto" && cfg.Offload != "off" {
		return nil, fmt.Errorf("offload %q: %w", cfg.Offload, ErrConfig)
	}
	endpoint, err := udp.Listen(udp.Config{
		Port: cfg.Port, Bind: cfg.Bind, Shards: cfg.Shards, Offload: cfg.offload(), Plain: cfg.Plain,
		Loopback: cfg.Transport.Loopback,
	}, log)
	if err != nil {
		return nil, fmt.Errorf("media port: %w", err)
	}
	streams, err := listenTCP(cfg, endpoint, log)
	if err != nil {
		_ = endpoint.Close() // the first error is the one to tell
		return nil, err
	}
	if streams != nil {
		cfg.Transport.TCPPort = streams.Port()
	}
	factory, err := transport.NewFactory(cfg.Transport, endpoint, log)
	if err != nil {
		_ = endpoint.Close() // as above
		if streams != nil {
			_ = streams.Close()
		}
		return nil, fmt.Errorf("transports: %w", err)
	}
	s := &Server{cfg: cfg, log: log, endpoint: endpoint, streams: streams, factory: factory, rooms: map[id.Room]*room.Room{}}
	s.visits = room.NewVisits(visitPlaces)
	s.crew = forward.NewCrew(cfg.Shards - 1)
	for range cfg.Shards {
		s.shards = append(s.shards, forward.NewShard(cfg.Forward, s.crew, log))
	}
	return s, nil
}

// listenTCP opens the TCP port, unless there is none to be.
func listenTCP(cfg Config, endpoint *udp.Endpoint, log *slog.Logger) (*tcp.Listener, error) {
	if cfg.TCPPort < 0 {
		return nil, nil //nolint:nilnil // nobody wants one
	}
	l, err := tcp.Listen(tcp.Config{Port: cfg.TCPPort, Bind: cfg.Bind}, endpoint, log)
	if err != nil {
		return nil, fmt.Errorf("media port: %w", err)
	}
	return l, nil
}

// ErrConfig is wrapped by New with what is wrong.
var ErrConfig = errors.New("invalid configuration")

// Port returns the UDP port that media goes through.
func (s *Server) Port() int { return s.endpoint.Port() }

// Join lets a participant into the room called name, which is made when it isn't there. Errors: room.ErrFull,
// ErrShuttingDown, ErrTooManyRooms.
func (s *Server) Join(ctx context.Context, name id.Room, j room.Join) (*room.Participant, room.Snapshot, error) {
	for {
		r, err := s.room(name)
		if err != nil {
			return nil, room.Snapshot{}, err
		}
		p, snap, err := r.Join(ctx, j)
		if errors.Is(err, room.ErrClosed) {
			continue // it ended between the two lines: make it anew
		}
		if err != nil {
			return nil, room.Snapshot{}, fmt.Errorf("join room %s: %w", name, err)
		}
		return p, snap, nil
	}
}

// Close sends everybody in the room called name away and ends it at once; nil when there is none. Whoever joins behind it
// begins another: it is the caller who knows whether anybody may.
func (s *Server) Close(ctx context.Context, name id.Room, why room.LeaveReason) error {
	s.mu.Lock()
	r := s.rooms[name]
	s.mu.Unlock()
	if r == nil {
		return nil
	}
	if err := r.Close(ctx, why); err != nil {
		return fmt.Errorf("close room %s: %w", name, err)
	}
	return nil
}

// ErrTooManyRooms is returned when a new room would exceed Config.MaxRooms.
var ErrTooManyRooms = errors.New("the server has no place for another room")

// Rooms returns the state of each room.
func (s *Server) Rooms(ctx context.Context) []room.State {
	var states []room.State
	for _, r := range s.list() {
		if st, err := r.State(ctx); err == nil {
			states = append(states, st)
		}
	}
	return states
}

// Visits is the queue in which the rooms tell who comes and goes. It has one reader, or none: then it fills up and
// the rest is dropped.
func (s *Server) Visits() <-chan room.Visit { return s.visits.Queue() }

// VisitsDropped is how many comings and goings found no place in the queue of Visits so far.
func (s *Server) VisitsDropped() uint64 { return s.visits.Dropped() }

// Visitors returns who is in the rooms, however full the queue of Visits was.
func (s *Server) Visitors(ctx context.Context) ([]room.Visit, error) {
	var all []room.Visit
	for _, r := range s.list() {
		some, err := r.Visitors(ctx)
		if err != nil && !errors.Is(err, room.ErrClosed) {
			return nil, fmt.Errorf("visitors: %w", err)
		}
		all = append(all, some...)
	}
	return all, nil
}

func (s *Server) list() []*room.Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	rooms := make([]*room.Room, 0, len(s.rooms))
	for _, r := range s.rooms {
		rooms = append(rooms, r)
	}
	return rooms
}

// quietest returns the shard with the fewest peers.
func (s *Server) quietest() *forward.Shard {
	best, least := s.shards[0], s.shards[0].Peers()
	for _, shard := range s.shards[1:] {
		if n := shard.Peers(); n < least {
			best, least = shard, n
		}
	}
	return best
}
