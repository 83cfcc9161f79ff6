package forward

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"

	"salon/sfu/nack"
)

// Config tunes a Shard. Zero means default.
type Config struct {
	// KeyframeInterval is the least time between two keyframe requests for one encoding; default 500 ms. Less makes
	// switches faster and pictures of all others worse: a keyframe costs several ordinary frames.
	KeyframeInterval time.Duration
	// HistoryAge is how far back a lost packet can be sent again; default 1 s. It costs memory per published encoding.
	HistoryAge time.Duration
	// IdleAfter is how long an encoding may be silent before its subscribers are moved to another; default 2 s.
	IdleAfter time.Duration
	// MaxStreams bounds the SSRCs of one peer; default 96. Packets of further ones are dropped and counted.
	MaxStreams int
	// KeepSizes leaves the packets of a frame in the sizes in which they came. Else those that are a few bytes shorter than
	// their neighbours are padded, so that the frame leaves to each subscriber in one message: much cheaper. For receivers
	// that can't take RTP padding.
	KeepSizes bool
}

func (c Config) withDefaults() Config {
	if c.KeyframeInterval == 0 {
		c.KeyframeInterval = 500 * time.Millisecond
	}
	if c.HistoryAge == 0 {
		c.HistoryAge = time.Second
	}
	if c.IdleAfter == 0 {
		c.IdleAfter = 2 * time.Second
	}
	if c.MaxStreams == 0 {
		c.MaxStreams = 96
	}
	return c
}

// A Shard owns the media of some Rooms: their Receivers, DownTracks and histories. Its methods and those of
// everything it owns may be called from any goroutine; one lock orders them.
type Shard struct {
	cfg  Config
	crew *Crew
	log  *slog.Logger
	wake chan struct{} // tells the loop that there is a first Peer
	load atomic.Int64  // len(peers), for those who don't want to wait for the lock

	// owned by the lock
	peers []*Peer
	stats Stats
	jobs  []*job // scratch of delegate
	// scratch of the tick
	reports   []byte
	reception rtcp.ReceiverReport
	// The tick is due at nextTick; carried is when a burst did it last.
	nextTick, carried time.Time

	audioChunks, videoChunks *nack.Chunks // of the Histories
	extensions               extensionMaps

	mu sync.Mutex
}

// NewShard returns a Shard without Peers. Its Run has to be running for reports and repeated requests. Shards of a node share the crew.
func NewShard(cfg Config, crew *Crew, log *slog.Logger) *Shard {
	return &Shard{
		cfg: cfg.withDefaults(), crew: crew, log: log, wake: make(chan struct{}, 1),
		audioChunks: nack.NewChunks(audioHistoryChunk), videoChunks: nack.NewChunks(videoHistoryChunk),
	}
}

// Peers returns how many Peers the Shard has: its load, for whoever places a Room. It takes no lock.
func (s *Shard) Peers() int { return int(s.load.Load()) }

// Stats returns the counters and gauges so far.
func (s *Shard) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Legs = s.legGauges()
	return st
}

func (s *Shard) add(p *Peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.peers = append(s.peers, p)
	s.load.Store(int64(len(s.peers)))
	if len(s.peers) == 1 {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

func (s *Shard) remove(p *Peer) {
	for i, other := range s.peers {
		if other == p {
			last := len(s.peers) - 1
			s.peers[i] = s.peers[last]
			s.peers[last] = nil
			s.peers = s.peers[:last]
			s.load.Store(int64(last))
			return
		}
	}
}
