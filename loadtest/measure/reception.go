package measure

import (
	"time"

	"salon/loadtest/media"
)

// A Tally is what came of the packets that one participant should have received. Tallies add up.
type Tally struct {
	Packets    uint64 // different ones
	Bytes      uint64 // of their RTP payloads
	Expected   uint64
	Duplicates uint64
	Reordered  uint64 // behind a later one, not counting what was sent again
	Repaired   uint64 // came by retransmission
	Frames     uint64 // video frames that should have come
	Whole      uint64 // with all their packets
	Keyframes  uint64 // whole ones
	Tracks     uint64 // of which anything came
	Switches   uint64 // from one layer to another
}

// Add adds what came of other packets.
func (t *Tally) Add(o Tally) {
	t.Packets += o.Packets
	t.Bytes += o.Bytes
	t.Expected += o.Expected
	t.Duplicates += o.Duplicates
	t.Reordered += o.Reordered
	t.Repaired += o.Repaired
	t.Frames += o.Frames
	t.Whole += o.Whole
	t.Keyframes += o.Keyframes
	t.Tracks += o.Tracks
	t.Switches += o.Switches
}

const (
	seenPackets = 4096 // how far back a packet is known to be a duplicate: half a minute of audio, ten seconds of video
	seenFrames  = 256
)

// A reception is one track as one participant receives it, by the Stamps in its packets. It reads no clock. What was
// sent before the measurement began only tells where it begins.
//
// seen[n/64 % len] bit n%64 is whether packet n came, for n in [top-seenPackets, top).
// frames[f % len] is how many packets of frame f came, for the last seenFrames of them.
type reception struct {
	video bool
	t     Tally

	known     bool   // anything came
	began     bool   // a packet of the measurement came
	first     uint32 // number it begins with
	top       uint32 // one above the highest
	early     bool   // packets came before the measurement
	seen      [seenPackets / 64]uint64
	frames    [seenFrames]frameCount
	firstPic  uint32
	lastFrame uint32

	paused       bool   // another layer comes instead
	closed       uint64 // packets that should have come in stretches that are over
	closedFrames uint64
}

type frameCount struct {
	frame uint32
	got   uint8
}

// take counts a packet; since is when the measurement began. fresh tells that it is a part of the measurement and
// came for the first time, whole that it completed its frame.
func (r *reception) take(s media.Stamp, since int64, size int, repaired bool) (fresh, whole bool) {
	inside := s.Sent >= since
	if !inside {
		r.early = true
	} else if !r.began && !r.paused {
		r.begin(s)
	}
	if !r.place(s, inside, repaired) {
		return false, false
	}
	whole = !r.video || r.complete(s)
	if !inside {
		return false, whole
	}
	r.t.Packets++
	r.t.Bytes += uint64(size) //nolint:gosec // a length
	if repaired {
		r.t.Repaired++
	}
	if r.video {
		r.lastFrame = max(r.lastFrame, s.Frame)
		if whole && (s.Frame >= r.firstPic || r.paused) {
			r.t.Whole++
			if s.Key {
				r.t.Keyframes++
			}
		}
	}
	return true, whole
}

// begin notes where the measurement of this track begins: behind what came before, or here.
func (r *reception) begin(s media.Stamp) {
	r.began = true
	r.first, r.firstPic, r.lastFrame = s.Number, s.Frame, s.Frame
	if r.early {
		r.first = min(r.top, s.Number)
	} else if s.Index > 0 {
		r.firstPic++ // joined in the middle of it
	}
}

// place marks the packet as seen; false when it came before or is too old to know.
func (r *reception) place(s media.Stamp, inside, repaired bool) bool {
	n := s.Number
	if !r.known {
		r.known, r.top = true, n
	}
	word, bit := n/64%uint32(len(r.seen)), uint64(1)<<(n%64)
	switch {
	case n >= r.top:
		r.advance(n)
	case r.top-n > seenPackets:
		return false
	case r.seen[word]&bit != 0:
		if inside {
			r.t.Duplicates++
		}
		return false
	case inside && !repaired:
		r.t.Reordered++
	}
	r.seen[word] |= bit
	return true
}

// advance makes n the highest, and what lies between unseen.
func (r *reception) advance(n uint32) {
	if n-r.top >= seenPackets {
		clear(r.seen[:])
	} else {
		for k := r.top; k != n+1; k++ {
			r.seen[k/64%uint32(len(r.seen))] &^= 1 << (k % 64)
		}
	}
	r.top = n + 1
}

func (r *reception) complete(s media.Stamp) bool {
	f := &r.frames[s.Frame%seenFrames]
	if f.frame != s.Frame || f.got == 0 {
		*f = frameCount{frame: s.Frame}
	}
	f.got++
	return f.got == s.Of
}

// tally returns the counts so far. sent and frames are how much the publisher has sent altogether, if the participant
// was there to the end; 0: count to the last one that came.
func (r *reception) tally(sent, frames uint32) Tally {
	t := r.t
	t.Expected, t.Frames = r.closed, r.closedFrames
	if r.began || r.closed > 0 {
		t.Tracks = 1
	}
	switch {
	case r.began:
		t.Expected += uint64(max(sent, r.top) - r.first)
		if r.video {
			t.Frames += uint64(max(frames, r.lastFrame+1, r.firstPic) - r.firstPic)
		}
	case r.early && !r.paused && sent > r.top: // it broke off before the measurement
		t.Expected += uint64(sent - r.top)
	}
	return t
}

// pause closes a stretch: what follows of this layer is not for this participant.
func (r *reception) pause() {
	if r.began {
		r.closed += uint64(r.top - r.first)
		if r.video {
			r.closedFrames += uint64(max(r.lastFrame+1, r.firstPic) - r.firstPic)
		}
	}
	r.began, r.early, r.paused = false, false, true
}

// Loss is the fraction of expected packets that never came.
func (t Tally) Loss() float64 {
	if t.Expected <= t.Packets {
		return 0
	}
	return float64(t.Expected-t.Packets) / float64(t.Expected)
}

// Wholeness is the fraction of frames that came with all their packets; 1 when there were none.
func (t Tally) Wholeness() float64 {
	if t.Frames == 0 {
		return 1
	}
	return min(float64(t.Whole)/float64(t.Frames), 1)
}

// Between is how long b is after a, zero when either is unknown.
func Between(a, b time.Time) time.Duration {
	if a.IsZero() || b.IsZero() {
		return 0
	}
	return b.Sub(a)
}
