package media

import (
	"fmt"
	"sync/atomic"
	"time"
)

// A Track is what one participant publishes, in one layer or several.
type Track struct {
	CID    string // the client's name for it
	Kind   Kind
	Codec  Codec
	Layers []*Layer // from the smallest
}

// A Layer is one encoding of a track, and how far it got.
type Layer struct {
	ID     uint32 // its TrackID
	source Source

	WantKey atomic.Bool // a keyframe was asked for
	packets atomic.Uint32
	frames  atomic.Uint32
}

// NewTrack makes what a seat publishes of one kind.
func NewTrack(seat int, kind Kind, m Maker, seed uint64) *Track {
	t := &Track{CID: fmt.Sprintf("%s-%d", kind, seat), Kind: kind, Codec: Opus}
	if kind.Video() {
		t.Codec = m.VideoCodec()
	}
	for i, s := range m.Make(seat, kind, seed) {
		t.Layers = append(t.Layers, &Layer{ID: TrackID(seat, kind, i), source: s})
	}
	return t
}

// Largest leaves out all layers but the largest.
func (t *Track) Largest() { t.Layers = t.Layers[len(t.Layers)-1:] }

// Next makes the burst of this layer that is due; see Source.
func (l *Layer) Next(now time.Time) Burst {
	b := l.source.Next(now, l.WantKey.Swap(false))
	packets, frames := l.source.Sent()
	l.packets.Store(packets)
	l.frames.Store(frames)
	return b
}

// Wait is how long after the last burst the next one is due; see Source.
func (l *Layer) Wait() time.Duration { return l.source.Wait() }

// Sent is how much was made so far. Anybody may ask.
func (l *Layer) Sent() (packets, frames uint32) { return l.packets.Load(), l.frames.Load() }

// RID names layer i of a simulcast track as browsers do; empty where there is one layer.
func (t *Track) RID(i int) string {
	if len(t.Layers) == 1 {
		return ""
	}
	return RIDs()[i]
}

// RIDs are the names of layers, from the smallest.
func RIDs() []string { return []string{"q", "h", "f"} }
