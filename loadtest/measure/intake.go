package measure

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"salon/loadtest/media"
)

// Window is when the measurement began, in Unix ns; far in the future before that. All participants share it.
type Window struct{ since atomic.Int64 }

// NewWindow is closed until it is opened.
func NewWindow() *Window {
	w := &Window{}
	w.since.Store(1<<63 - 1)
	return w
}

// Elapsed is how long after the measurement began now is; negative before.
func (w *Window) Elapsed(now time.Time) time.Duration {
	return time.Duration(now.UnixNano() - w.since.Load())
}

// Open begins the measurement. It is called once.
func (w *Window) Open(at time.Time) { w.since.Store(at.UnixNano()) }

// faults are packets that count as nothing received.
type faults struct {
	Refused uint64 // did not decrypt
	Strange uint64 // decrypted, but were no packets of ours
	Lost    uint64 // on the emulated link
}

// An Intake is everything that one participant receives, after decryption.
type Intake struct {
	Window *Window
	// Silence of a track that is a gap; 0: only what lies around a Break. Set before anything is taken.
	Silence time.Duration

	tracks   map[uint32]*layered // guarded by mu, as all below
	latency  Histogram
	packets  uint64 // decrypted, of this run, measured or not
	strange  uint64 // decrypted, but no packets of ours
	refused  uint64 // could not be decrypted
	lost     uint64 // on the link between
	first    time.Time
	keyframe time.Time
	gaps     []Gap
	mu       sync.Mutex
}

// NewIntake counts as measured what was sent after w opened.
func NewIntake(w *Window) *Intake {
	return &Intake{Window: w, tracks: make(map[uint32]*layered)}
}

// Take counts a payload that arrived at now.
func (in *Intake) Take(now time.Time, codec media.Codec, payload []byte, repaired bool) {
	s, ok := codec.Stamp(payload)
	in.mu.Lock()
	defer in.mu.Unlock()
	if !ok {
		in.strange++
		return
	}
	id, layer := media.SplitID(s.Track)
	r := in.tracks[id]
	if r == nil {
		r = &layered{id: id, video: codec.Video()}
		in.tracks[id] = r
	}
	if from, gap := r.flow.arrive(now, in.Silence); gap && len(in.gaps) < maxGaps {
		in.gaps = append(in.gaps, Gap{Track: id, From: from, To: now})
	}
	in.packets++
	if in.first.IsZero() {
		in.first = now
	}
	fresh, whole := r.take(layer, s, in.Window.since.Load(), len(payload), repaired)
	if r.video && whole && s.Key && in.keyframe.IsZero() {
		in.keyframe = now
	}
	if fresh {
		in.latency.Add(now.Sub(s.At()))
	}
}

// Refuse counts a packet that did not decrypt.
func (in *Intake) Refuse() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.refused++
}

// Drop counts a packet that the link lost.
func (in *Intake) Drop() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.lost++
}

// Progress is what a running measurement asks for each second.
func (in *Intake) Progress(latency *Histogram) (packets uint64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	latency.merge(&in.latency)
	return in.packets
}

// Settle adds up what came. sent tells of a track how many packets and frames its publisher has sent altogether;
// stayed: the participant was there to the end, so all of them were for it.
func (in *Intake) Settle(sent func(track uint32) (packets, frames uint32), stayed bool) Tally {
	in.mu.Lock()
	defer in.mu.Unlock()
	var t Tally
	for _, id := range slices.Sorted(maps.Keys(in.tracks)) {
		t.Add(in.tracks[id].tally(sent, stayed))
	}
	return t
}

// Times returns when the first packet and the first whole keyframe came; zero: never.
func (in *Intake) Times() (first, keyframe time.Time) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.first, in.keyframe
}

// Heard is of how many tracks anything has come.
func (in *Intake) Heard() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.tracks)
}

// Faults is what else came of packets.
func (in *Intake) Faults() faults {
	in.mu.Lock()
	defer in.mu.Unlock()
	return faults{Refused: in.refused, Strange: in.strange, Lost: in.lost}
}
