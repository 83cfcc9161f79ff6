package nack

import (
	"math/bits"
	"time"
)

// Our choices for HistoryConfig.
const (
	defaultPackets  = 512
	defaultBytes    = 32 << 10
	defaultMaxBytes = 2 << 20 // 1 s of 16 Mbit/s
	defaultMinAge   = time.Second
)

// HistoryConfig tunes a History. Zero means default.
type HistoryConfig struct {
	// Packets is how many packets are kept at most, rounded up to a power of 2. Default 512.
	Packets int
	// Bytes is the size to begin with. Default 32 KiB.
	Bytes int
	// MaxBytes is the size to grow to. Default 2 MiB, at least Bytes.
	MaxBytes int
	// MinAge is how long a packet should be kept: the History doubles its bytes rather than overwrite a younger one. Default 1 s.
	MinAge time.Duration
}

// History keeps the last packets of a stream, so that they can be sent again: one copy of each, shared by all its subscribers.
//
// The bytes lie in a ring, each packet in one piece. Positions count from the beginning of time: position x is buf[x % len(buf)],
// and what was written at x is intact as long as head <= x + len(buf). A packet which would reach over the end of buf begins at its start instead.
// The packet with number seq has its slot at slots[seq % len(slots)]; order[n % len(order)] is the number of the n-th packet put.
type History struct {
	cfg   HistoryConfig
	buf   []byte
	head  uint64 // position behind the youngest packet
	slots []slot
	order []uint64
	// order holds the packets from oldest up to puts; each is either intact or replaced.
	oldest, puts uint64
}

// slot tells where a packet is. size 0 means there is none.
type slot struct {
	seq  uint64
	pos  uint64
	size int
	at   time.Time
}

// NewHistory returns an empty History.
func NewHistory(cfg HistoryConfig) *History {
	if cfg.Packets <= 0 {
		cfg.Packets = defaultPackets
	}
	cfg.Packets = 1 << bits.Len(uint(cfg.Packets-1))
	if cfg.Bytes <= 0 {
		cfg.Bytes = defaultBytes
	}
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = defaultMaxBytes
	}
	cfg.MaxBytes = max(cfg.MaxBytes, cfg.Bytes)
	if cfg.MinAge <= 0 {
		cfg.MinAge = defaultMinAge
	}
	return &History{
		cfg:   cfg,
		buf:   make([]byte, cfg.Bytes),
		slots: make([]slot, cfg.Packets),
		order: make([]uint64, cfg.Packets),
	}
}

// Put copies the packet raw with number seq. The oldest packets make place. A packet is left out if it is empty, larger than MaxBytes,
// known already, or so old that a younger one holds its slot.
func (h *History) Put(now time.Time, seq uint64, raw []byte) {
	s := h.slot(seq)
	if len(raw) == 0 || s.size != 0 && s.seq >= seq {
		return
	}
	pos, ok := h.place(now, len(raw))
	if !ok {
		return
	}
	copy(h.buf[pos%uint64(len(h.buf)):], raw)
	h.head = pos + uint64(len(raw))
	*s = slot{seq: seq, pos: pos, size: len(raw), at: now}
	if h.puts-h.oldest == uint64(len(h.order)) {
		h.evict()
	}
	h.order[h.puts%uint64(len(h.order))] = seq
	h.puts++
}

// Get finds the packet with number seq, and when it was put. raw is borrowed until the next Put.
func (h *History) Get(seq uint64) (raw []byte, at time.Time, ok bool) {
	s := h.slot(seq)
	if s.size == 0 || s.seq != seq {
		return nil, time.Time{}, false
	}
	from := s.pos % uint64(len(h.buf))
	to := from + uint64(s.size)
	return h.buf[from:to:to], s.at, true
}

func (h *History) slot(seq uint64) *slot { return &h.slots[seq&uint64(len(h.slots)-1)] }

// place finds the position for n bytes and evicts what lies there; false if there can be none.
func (h *History) place(now time.Time, n int) (pos uint64, ok bool) {
	for {
		size := uint64(len(h.buf))
		pos = h.head
		if room := size - pos%size; room < uint64(n) {
			pos += room
		}
		switch {
		case n > len(h.buf):
			if !h.grow() {
				return 0, false
			}
		case !h.clear(now, pos+uint64(n)):
			h.grow()
		default:
			return pos, true
		}
	}
}

// clear evicts the packets that would be overwritten by a head at end. It stops at one that is too young, if there is room to grow.
func (h *History) clear(now time.Time, end uint64) bool {
	for h.oldest < h.puts {
		s := h.slot(h.order[h.oldest%uint64(len(h.order))])
		if !h.intact(s) {
			h.evict()
			continue
		}
		if s.pos+uint64(len(h.buf)) >= end {
			return true
		}
		if now.Sub(s.at) < h.cfg.MinAge && len(h.buf) < h.cfg.MaxBytes {
			return false
		}
		h.evict()
	}
	return true
}

// intact tells whether the slot still holds the oldest packet put, not one that took its slot since.
func (h *History) intact(s *slot) bool {
	return s.size != 0 && s.seq == h.order[h.oldest%uint64(len(h.order))]
}

// evict forgets the oldest packet put.
func (h *History) evict() {
	if s := h.slot(h.order[h.oldest%uint64(len(h.order))]); h.intact(s) {
		s.size = 0
	}
	h.oldest++
}

// grow doubles the bytes, up to MaxBytes, and moves the packets over in their order.
func (h *History) grow() bool {
	size := min(2*len(h.buf), h.cfg.MaxBytes)
	if size == len(h.buf) {
		return false
	}
	buf, head := make([]byte, size), uint64(0)
	for n := h.oldest; n < h.puts; n++ {
		seq := h.order[n%uint64(len(h.order))]
		s := h.slot(seq)
		if s.size == 0 || s.seq != seq {
			continue
		}
		from := s.pos % uint64(len(h.buf))
		copy(buf[head:], h.buf[from:from+uint64(s.size)])
		s.pos = head
		head += uint64(s.size)
	}
	h.buf, h.head = buf, head
	return true
}
