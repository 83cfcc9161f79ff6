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
	firstSlots      = 64 // 0.4 s of a video of 1.2 Mbit/s
)

// HistoryConfig tunes a History. Zero means default.
type HistoryConfig struct {
	// Packets is how many packets are kept at most, rounded up to a power of 2. Default 512.
	Packets int
	// Bytes is the size to begin with. Default 32 KiB.
	Bytes int
	// MaxBytes is the size to grow to. Default 2 MiB, at least Bytes.
	MaxBytes int
	// MinAge is how long a packet should be kept: the History grows rather than overwrite a younger one. Default 1 s.
	MinAge time.Duration
}

// History keeps the last packets of a stream, so that they can be sent again: one copy of each, shared by all its subscribers.
//
// The bytes lie in a ring, each packet in one piece. Positions count from the beginning of time: position x is buf[x % len(buf)],
// and what was written at x is intact as long as head <= x + len(buf). A packet which would reach over the end of buf begins at its start instead.
// The packet with number seq has its slot at slots[seq % len(slots)]; order[n % len(order)] is the number of the n-th packet put. Both
// have the same length, a power of 2 up to cfg.Packets.
type History struct {
	cfg   HistoryConfig
	epoch time.Time // of the first packet; times below are relative to it
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
	at   time.Duration
	size uint32
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
	first := min(cfg.Packets, firstSlots)
	return &History{
		cfg:   cfg,
		buf:   make([]byte, cfg.Bytes),
		slots: make([]slot, first),
		order: make([]uint64, first),
	}
}

// Put copies the packet raw with number seq. The oldest packets make place. A packet is left out if it is empty, larger than MaxBytes,
// known already, or so old that a younger one holds its slot.
func (h *History) Put(now time.Time, seq uint64, raw []byte) {
	if len(raw) == 0 || len(raw) > h.cfg.MaxBytes {
		return
	}
	if h.puts == 0 {
		h.epoch = now
	}
	at := now.Sub(h.epoch)
	if !h.reserve(at, seq) {
		return
	}
	pos := h.place(at, len(raw))
	copy(h.buf[pos%uint64(len(h.buf)):], raw)
	h.head = pos + uint64(len(raw))
	*h.slot(seq) = slot{seq: seq, pos: pos, at: at, size: uint32(len(raw))}
	h.order[h.puts%uint64(len(h.order))] = seq
	h.puts++
}

// reserve finds a slot for seq and a place in the order; false when seq is known, or a younger packet holds the slot. While there is
// room to grow, neither a young packet nor a late one is lost for want of a slot.
func (h *History) reserve(at time.Duration, seq uint64) bool {
	for {
		s := h.slot(seq)
		switch {
		case s.size == 0:
		case s.seq == seq:
			return false
		case (s.seq > seq || at-s.at < h.cfg.MinAge) && h.lengthen():
			continue
		case s.seq > seq:
			return false
		}
		break
	}
	if h.puts-h.oldest == uint64(len(h.order)) {
		if s := h.slot(h.order[h.oldest%uint64(len(h.order))]); !h.intact(s) || at-s.at >= h.cfg.MinAge || !h.lengthen() {
			h.evict()
		}
	}
	return true
}

// lengthen doubles slots and order, up to cfg.Packets.
func (h *History) lengthen() bool {
	if len(h.slots) == h.cfg.Packets {
		return false
	}
	slots, order := h.slots, h.order
	h.slots, h.order = make([]slot, 2*len(slots)), make([]uint64, 2*len(order))
	puts := uint64(0)
	for n := h.oldest; n < h.puts; n++ {
		seq := order[n%uint64(len(order))]
		if s := slots[seq&uint64(len(slots)-1)]; s.size != 0 && s.seq == seq {
			*h.slot(seq) = s
			h.order[puts] = seq
			puts++
		}
	}
	h.oldest, h.puts = 0, puts
	return true
}

// Get finds the packet with number seq, and when it was put. raw is borrowed until the next Put.
func (h *History) Get(seq uint64) (raw []byte, at time.Time, ok bool) {
	s := h.slot(seq)
	if s.size == 0 || s.seq != seq {
		return nil, time.Time{}, false
	}
	from := s.pos % uint64(len(h.buf))
	to := from + uint64(s.size)
	return h.buf[from:to:to], h.epoch.Add(s.at), true
}

func (h *History) slot(seq uint64) *slot { return &h.slots[seq&uint64(len(h.slots)-1)] }

// place finds the position for n bytes, at most MaxBytes, and evicts what lies there.
func (h *History) place(at time.Duration, n int) (pos uint64) {
	for {
		size := uint64(len(h.buf))
		pos = h.head
		if room := size - pos%size; room < uint64(n) {
			pos += room
		}
		if n <= len(h.buf) && h.clear(at, pos+uint64(n)) {
			return pos
		}
		h.grow(at)
	}
}

// clear evicts the packets that would be overwritten by a head at end. It stops at one that is too young, if there is room to grow.
func (h *History) clear(at time.Duration, end uint64) bool {
	for h.oldest < h.puts {
		s := h.slot(h.order[h.oldest%uint64(len(h.order))])
		if !h.intact(s) {
			h.evict()
			continue
		}
		if s.pos+uint64(len(h.buf)) >= end {
			return true
		}
		if at-s.at < h.cfg.MinAge && len(h.buf) < h.cfg.MaxBytes {
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

// grow enlarges the bytes, up to MaxBytes, and moves the packets over in their order.
func (h *History) grow(at time.Duration) {
	buf, head := make([]byte, h.enough(at)), uint64(0)
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
}

// enough is how many bytes hold MinAge of packets at the rate of those that lie there, and an eighth more; at least 5/4 of what there
// is, and at most twice as much after a burst, which says little of the rate.
func (h *History) enough(at time.Duration) int {
	size := len(h.buf)
	least, most := size+size/4+1, 2*size
	if h.oldest < h.puts {
		if s := h.slot(h.order[h.oldest%uint64(len(h.order))]); h.intact(s) && at > s.at {
			if at-s.at >= h.cfg.MinAge/2 {
				most = 8 * size
			}
			most = min(most, int(float64(size)*float64(h.cfg.MinAge)/float64(at-s.at)*9/8))
		}
	}
	return min(max(least, most), h.cfg.MaxBytes)
}
