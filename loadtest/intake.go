package loadtest

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// window is when the measurement began, in Unix ns; far in the future before that. All participants share it.
type window struct{ since atomic.Int64 }

func (w *window) open(at time.Time) { w.since.Store(at.UnixNano()) }

// An intake is everything that one participant receives, after decryption.
type intake struct {
	window *window
	link   *link // nil for none; used by the one goroutine that reads

	tracks   map[uint32]*layered // guarded by mu, as all below
	latency  histogram
	packets  uint64 // decrypted, of this run, measured or not
	strange  uint64 // decrypted, but no packets of ours
	refused  uint64 // could not be decrypted
	lost     uint64 // on the link between
	first    time.Time
	keyframe time.Time
	mu       sync.Mutex
}

func newIntake(w *window, l *link) *intake {
	return &intake{window: w, link: l, tracks: make(map[uint32]*layered)}
}

// take counts a payload that arrived at now.
func (in *intake) take(now time.Time, payload []byte, video, repaired bool) {
	s, ok := audioStamp(payload)
	if video {
		s, ok = videoStamp(payload)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if !ok {
		in.strange++
		return
	}
	id, layer := splitID(s.track)
	r := in.tracks[id]
	if r == nil {
		r = &layered{id: id, video: video}
		in.tracks[id] = r
	}
	in.packets++
	if in.first.IsZero() {
		in.first = now
	}
	fresh, whole := r.take(layer, s, in.window.since.Load(), len(payload), repaired)
	if video && whole && s.key && in.keyframe.IsZero() {
		in.keyframe = now
	}
	if fresh {
		in.latency.add(now.Sub(s.at()))
	}
}

// refuse counts a packet that did not decrypt.
func (in *intake) refuse() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.refused++
}

// drop counts a packet that the link lost.
func (in *intake) drop() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.lost++
}

// progress is what a running measurement asks for each second.
func (in *intake) progress(latency *histogram) (packets uint64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	latency.merge(&in.latency)
	return in.packets
}

// settle adds up what came. sent tells of a track how many packets and frames its publisher has sent altogether;
// stayed: the participant was there to the end, so all of them were for it.
func (in *intake) settle(sent func(track uint32) (packets, frames uint32), stayed bool) tally {
	in.mu.Lock()
	defer in.mu.Unlock()
	var t tally
	for _, id := range slices.Sorted(maps.Keys(in.tracks)) {
		t.add(in.tracks[id].tally(sent, stayed))
	}
	return t
}

// times returns when the first packet and the first whole keyframe came; zero: never.
func (in *intake) times() (first, keyframe time.Time) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.first, in.keyframe
}
