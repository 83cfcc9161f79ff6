package nack

import (
	"math/bits"
	"time"
)

// Our choices for HistoryConfig.
const (
	defaultPackets  = 512
	defaultMaxBytes = 2 << 20 // 1 s of 16 Mbit/s
	defaultMinAge   = time.Second
	firstSlots      = 64 // 0.4 s of a video of 1.2 Mbit/s
)

// HistoryConfig tunes a History. Zero means default.
type HistoryConfig struct {
	// Packets is how many packets are kept at most, rounded up to a power of 2. Default 512.
	Packets int
	// MaxBytes bounds the memory, in whole chunks. Default 2 MiB, at least one chunk.
	MaxBytes int
	// MinAge is how long a packet should be kept: the History grows rather than overwrite a younger one. Default 1 s.
	MinAge time.Duration
}

// History keeps the last packets of a stream, so that they can be sent again: one copy of each, shared by all its subscribers.
//
// The bytes lie in chunks, each packet in one piece, in the order in which they came. A chunk whose packets are all older than MinAge is
// written anew when the next one is needed; where there are more of those than that, the others go back to the store they are from.
// Chunks count from the beginning of time: that of number n is chunks[n - oldest]. The packet with number seq has its slot at
// slots[seq % len(slots)], whose length is a power of 2 up to cfg.Packets.
type History struct {
	cfg    HistoryConfig
	store  *Chunks
	epoch  time.Time // of the first packet; times below are relative to it
	chunks []chunk   // oldest first
	oldest uint32    // number of chunks[0]
	slots  []slot
}

// A chunk is filled from its beginning: len is what is used of it.
type chunk struct {
	bytes []byte
	at    time.Duration // of its youngest packet
}

// slot tells where a packet is. size 0 means there is none; so does a chunk that is not there any more.
type slot struct {
	seq        uint64
	chunk      uint32
	from, size uint16
}

// NewHistory returns an empty History with its bytes in chunks of the store.
func NewHistory(cfg HistoryConfig, store *Chunks) *History {
	if cfg.Packets <= 0 {
		cfg.Packets = defaultPackets
	}
	cfg.Packets = 1 << bits.Len(uint(cfg.Packets-1))
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = defaultMaxBytes
	}
	if cfg.MinAge <= 0 {
		cfg.MinAge = defaultMinAge
	}
	return &History{cfg: cfg, store: store, slots: make([]slot, min(cfg.Packets, firstSlots))}
}

// Put copies the packet raw with number seq. The oldest packets make place. A packet is left out if it is empty, larger than a chunk,
// known already, or so old that a younger one holds its slot.
func (h *History) Put(now time.Time, seq uint64, raw []byte) {
	if len(raw) == 0 || len(raw) > h.store.size {
		return
	}
	if h.epoch.IsZero() {
		h.epoch = now
	}
	at := now.Sub(h.epoch)
	if !h.reserve(at, seq) {
		return
	}
	c := h.place(at, len(raw))
	from := len(c.bytes)
	c.bytes, c.at = append(c.bytes, raw...), at
	*h.slot(seq) = slot{seq: seq, chunk: h.oldest + uint32(len(h.chunks)) - 1, from: uint16(from), size: uint16(len(raw))}
}

// reserve finds a slot for seq; false when seq is known, or a younger packet holds the slot. While there is room to grow, neither a young
// packet nor a late one is lost for want of a slot.
func (h *History) reserve(at time.Duration, seq uint64) bool {
	for {
		s := h.slot(seq)
		c := h.holder(s)
		switch {
		case c == nil:
			return true
		case s.seq == seq:
			return false
		case (s.seq > seq || at-c.at < h.cfg.MinAge) && len(h.slots) < h.cfg.Packets:
			h.lengthen()
		default:
			return s.seq < seq
		}
	}
}

func (h *History) slot(seq uint64) *slot { return &h.slots[seq&uint64(len(h.slots)-1)] }

// holder returns the chunk that the packet of a slot lies in, nil where there is none.
func (h *History) holder(s *slot) *chunk {
	if n := s.chunk - h.oldest; s.size > 0 && n < uint32(len(h.chunks)) {
		return &h.chunks[n]
	}
	return nil
}

// lengthen doubles the slots.
func (h *History) lengthen() {
	old := h.slots
	h.slots = make([]slot, 2*len(old))
	for i := range old {
		if h.holder(&old[i]) != nil {
			*h.slot(old[i].seq) = old[i]
		}
	}
}

// place returns the youngest chunk, with room for n bytes.
func (h *History) place(at time.Duration, n int) *chunk {
	if last := len(h.chunks) - 1; last >= 0 && h.store.size-len(h.chunks[last].bytes) >= n {
		return &h.chunks[last]
	}
	var bytes []byte
	full := (len(h.chunks)+1)*h.store.size > h.cfg.MaxBytes
	for len(h.chunks) > 0 && (at-h.chunks[0].at >= h.cfg.MinAge || full) {
		if bytes != nil {
			h.store.put(bytes)
		}
		bytes, full = h.forget(), false
	}
	if bytes == nil {
		bytes = h.store.take()
	}
	h.chunks = append(h.chunks, chunk{bytes: bytes[:0]})
	return &h.chunks[len(h.chunks)-1]
}

// forget takes the oldest chunk away from its packets.
func (h *History) forget() []byte {
	bytes := h.chunks[0].bytes
	last := copy(h.chunks, h.chunks[1:])
	h.chunks[last] = chunk{}
	h.chunks = h.chunks[:last]
	h.oldest++
	return bytes
}

// Get finds the packet with number seq. raw is borrowed until the next Put.
func (h *History) Get(seq uint64) (raw []byte, ok bool) {
	s := h.slot(seq)
	c := h.holder(s)
	if c == nil || s.seq != seq {
		return nil, false
	}
	from, to := int(s.from), int(s.from)+int(s.size)
	return c.bytes[from:to:to], true
}
