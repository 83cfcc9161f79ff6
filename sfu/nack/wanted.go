package nack

import (
	"slices"
	"time"
)

// Our choices for WantedConfig and for what is not tunable.
const (
	defaultReorderWindow = 10 * time.Millisecond // networks reorder within a few ms; a NACK for such a packet is a wasted packet
	defaultMaxTries      = 10
	defaultMaxAge        = 2 * time.Second // older frames are no longer worth a repair
	defaultMaxGap        = 450             // packets, about 1.5 s of 2.6 Mbit/s
	minRepeat            = 20 * time.Millisecond
	maxHeadStart         = 32 // packets from before the first one which still count as reordered
)

// WantedConfig tunes a Wanted. Zero means default.
type WantedConfig struct {
	// ReorderWindow is how long a missing packet may be just late, before it is asked for. Default 10 ms.
	ReorderWindow time.Duration
	// MaxTries is how often one packet is asked for. Default 10.
	MaxTries int
	// MaxAge is how long a packet is waited for. Default 2 s.
	MaxAge time.Duration
	// MaxGap is how many packets may be missing at a time; it bounds memory, and a larger loss is better repaired by a keyframe. Default 450.
	MaxGap int
}

// Wanted notes the gaps in the numbers of one stream (one SSRC) and says which packets to ask for. Each missing packet is asked for once
// it has been missing for the reorder window, and again after growing pauses, until it comes or is given up.
//
//	missing ascends in seq, and lowest < seq < highest for all of it; those that came in the meantime have come set.
//	Every number from lowest to highest was received, was given up, or is in missing.
type Wanted struct {
	cfg     WantedConfig
	epoch   time.Time // of the first packet; times below are relative to it
	lowest  uint64
	highest uint64
	started bool
	gaveUp  bool
	live    int // elements of missing that have not come
	next    time.Duration
	missing []missing
}

// missing is one packet that did not come when it should have.
type missing struct {
	seq     uint64
	noticed time.Duration
	next    time.Duration // when to ask (again)
	tries   int
	come    bool
}

// NewWanted returns a Wanted that waits for its first packet.
func NewWanted(cfg WantedConfig) *Wanted {
	if cfg.ReorderWindow <= 0 {
		cfg.ReorderWindow = defaultReorderWindow
	}
	if cfg.MaxTries <= 0 {
		cfg.MaxTries = defaultMaxTries
	}
	if cfg.MaxAge <= 0 {
		cfg.MaxAge = defaultMaxAge
	}
	if cfg.MaxGap <= 0 {
		cfg.MaxGap = defaultMaxGap
	}
	return &Wanted{cfg: cfg}
}

// Received notes a packet, whether from the stream itself or as a retransmission. It is fresh when it is the first with its number and
// not given up; others need no forwarding. The packets that it shows to be missing are due after the reorder window.
func (w *Wanted) Received(now time.Time, seq uint64) (fresh bool) {
	if !w.started {
		w.started, w.epoch = true, now
		w.lowest, w.highest = seq, seq
		return true
	}
	switch at := now.Sub(w.epoch); {
	case seq > w.highest:
		w.expect(at, w.highest+1, seq)
		w.highest = seq
		return true
	case seq < w.lowest:
		return w.before(at, seq)
	}
	return w.arrived(seq)
}

// expect notes that the packets from first up to, not including, end are missing.
func (w *Wanted) expect(at time.Duration, first, end uint64) {
	if end == first {
		return
	}
	if end-first > uint64(w.cfg.MaxGap) {
		w.missing, w.live, w.gaveUp = w.missing[:0], 0, true
		return
	}
	count := int(end - first)
	if len(w.missing)+count > w.cfg.MaxGap {
		w.compact()
	}
	if over := len(w.missing) + count - w.cfg.MaxGap; over > 0 {
		w.missing = slices.Delete(w.missing, 0, over)
		w.live -= over
		w.gaveUp = true
	}
	due := at + w.cfg.ReorderWindow
	if w.live == 0 || due < w.next {
		w.next = due
	}
	w.live += count
	for ; first < end; first++ {
		w.missing = append(w.missing, missing{seq: first, noticed: at, next: due})
	}
}

// before takes a packet from before the first one: the beginning of a stream may come in the wrong order, too.
func (w *Wanted) before(at time.Duration, seq uint64) (fresh bool) {
	gap := int(min(w.lowest-seq, maxHeadStart+1)) - 1
	if gap >= maxHeadStart || w.live+gap > w.cfg.MaxGap {
		return false
	}
	w.compact()
	due := at + w.cfg.ReorderWindow
	if gap > 0 && (w.live == 0 || due < w.next) {
		w.next = due
	}
	for i := range gap {
		m := missing{seq: seq + 1 + uint64(i), noticed: at, next: due}
		w.missing = slices.Insert(w.missing, i, m)
	}
	w.live += gap
	w.lowest = seq
	return true
}

// arrived strikes off a missing packet. A packet that is not missing is a duplicate, or too late.
func (w *Wanted) arrived(seq uint64) (fresh bool) {
	i, ok := slices.BinarySearchFunc(w.missing, seq, func(m missing, seq uint64) int {
		switch {
		case m.seq < seq:
			return -1
		case m.seq > seq:
			return 1
		}
		return 0
	})
	if !ok || w.missing[i].come {
		return false
	}
	w.missing[i].come = true
	w.live--
	if w.live == 0 {
		w.missing = w.missing[:0]
	}
	return true
}

func (w *Wanted) compact() {
	w.missing = slices.DeleteFunc(w.missing, func(m missing) bool { return m.come })
}

// Due appends to dst, ascending, the packets to ask for at this moment, at most MaxGap, and gives up those which were asked for too
// often or waited for too long. rtt is the round trip to the sender, 0 if unknown: the n-th repetition comes n times
// max(20 ms, 1.25 rtt) after the one before.
func (w *Wanted) Due(now time.Time, rtt time.Duration, dst []uint64) []uint64 {
	at := now.Sub(w.epoch)
	if w.live == 0 || at < w.next {
		return dst
	}
	pause := max(minRepeat, rtt+rtt/4)
	kept := w.missing[:0]
	for _, m := range w.missing {
		if m.come {
			continue
		}
		if m.next <= at {
			if m.tries == w.cfg.MaxTries || at-m.noticed >= w.cfg.MaxAge {
				w.gaveUp = true
				continue
			}
			dst = append(dst, m.seq)
			m.tries++
			m.next = min(at+time.Duration(m.tries)*pause, m.noticed+w.cfg.MaxAge)
		}
		if len(kept) == 0 || m.next < w.next {
			w.next = m.next
		}
		kept = append(kept, m)
	}
	w.missing, w.live = kept, len(kept)
	return dst
}

// GaveUp tells, once, that since the last call a packet was given up or more were missing than can be repaired: the stream needs a
// keyframe.
func (w *Wanted) GaveUp() bool {
	gaveUp := w.gaveUp
	w.gaveUp = false
	return gaveUp
}

// Deadline is when to call Due again, at the latest; false while nothing is missing. Due may then have nothing to say, when
// the packet in question has come.
func (w *Wanted) Deadline() (time.Time, bool) {
	return w.epoch.Add(w.next), w.live > 0
}
