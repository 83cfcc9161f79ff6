package media

import (
	"fmt"
	"sync/atomic"
	"time"
)

// A Track is what one participant publishes, in one layer or several.
type Track struct {
	CID    string
	Video  bool
	Layers []*Layer // from the smallest
	Gone   atomic.Bool
}

// A Layer is one encoding of a track, and how far it got.
type Layer struct {
	ID      uint32
	encoder Source

	WantKey atomic.Bool   // a keyframe was asked for
	Packets atomic.Uint32 // sent so far
	Frames  atomic.Uint32
}

// NewTrack makes what a seat publishes of one kind.
func NewTrack(seat int, video bool, m Shape, seed uint64) *Track {
	if !video {
		id := TrackID(seat, false, 0)
		return &Track{CID: fmt.Sprintf("audio-%d", seat), Layers: []*Layer{{ID: id, encoder: NewAudio(id, m)}}}
	}
	t := &Track{CID: fmt.Sprintf("video-%d", seat), Video: true}
	for i := range m.Layers {
		id := TrackID(seat, true, i)
		t.Layers = append(t.Layers, &Layer{ID: id, encoder: NewVideo(id, m.layer(i), seed)})
	}
	return t
}

// Every is the time from one frame to the next.
func (t *Track) Every() time.Duration { return t.Layers[0].encoder.Every() }

// Next makes the next frame of layer i.
func (t *Track) Next(i int, now time.Time) Frame {
	l := t.Layers[i]
	f := l.encoder.Encode(now, l.WantKey.Swap(false))
	f.Layer = i
	l.Packets.Store(l.encoder.Sent())
	l.Frames.Add(1)
	return f
}

// RID names layer i of a simulcast track as browsers do; empty where there is one layer.
func (t *Track) RID(i int) string {
	if len(t.Layers) == 1 {
		return ""
	}
	return RIDs()[i]
}

func RIDs() []string { return []string{"q", "h", "f"} }
