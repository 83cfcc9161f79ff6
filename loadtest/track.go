package loadtest

import (
	"fmt"
	"sync/atomic"
	"time"
)

// A track is what one participant publishes, in one layer or several.
type track struct {
	cid    string
	video  bool
	layers []*layer // from the smallest
	gone   atomic.Bool
}

// A layer is one encoding of a track, and how far it got.
type layer struct {
	id      uint32
	encoder encoder

	wantKey atomic.Bool   // a keyframe was asked for
	packets atomic.Uint32 // sent so far
	frames  atomic.Uint32
}

// newTrack makes what a seat publishes of one kind.
func newTrack(seat int, video bool, m Media, seed uint64) *track {
	if !video {
		id := trackID(seat, false, 0)
		return &track{cid: fmt.Sprintf("audio-%d", seat), layers: []*layer{{id: id, encoder: newAudioEncoder(id, m)}}}
	}
	t := &track{cid: fmt.Sprintf("video-%d", seat), video: true}
	for i := range m.Layers {
		id := trackID(seat, true, i)
		t.layers = append(t.layers, &layer{id: id, encoder: newVideoEncoder(id, m.layer(i), seed)})
	}
	return t
}

// every is the time from one frame to the next.
func (t *track) every() time.Duration { return t.layers[0].encoder.every() }

// next makes the next frame of layer i.
func (t *track) next(i int, now time.Time) frame {
	l := t.layers[i]
	f := l.encoder.encode(now, l.wantKey.Swap(false))
	f.layer = i
	l.packets.Store(l.encoder.sent())
	l.frames.Add(1)
	return f
}

// rid names layer i of a simulcast track as browsers do; empty where there is one layer.
func (t *track) rid(i int) string {
	if len(t.layers) == 1 {
		return ""
	}
	return rids()[i]
}

func rids() []string { return []string{"q", "h", "f"} }

// payloadType returns those of our offers.
func (t *track) payloadType() uint8 {
	if t.video {
		return payloadVP8
	}
	return payloadOpus
}

// A peer is one media connection. Its methods but send are called by the participant's goroutine, send by the pace's.
type peer interface {
	// offer describes the connection as it should be.
	offer() (string, error)
	// answer takes the server's answer to the last offer.
	answer(sdp string) error
	// candidate takes an RTCIceCandidateInit as JSON.
	candidate(init string) error
	// receive makes room for so many more tracks of the server's; the next offer says so.
	receive(audio, video int)
	// ready is closed when media can flow, failed when it never will.
	ready() <-chan struct{}
	failed() <-chan struct{}
	// send sends one frame of a published track.
	send(t *track, f frame, now time.Time)
	// close ends it all; it may be called once.
	close()
}
