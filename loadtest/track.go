package loadtest

import (
	"sync/atomic"
	"time"
)

// A track is what one participant publishes: an encoder, and how far it got.
type track struct {
	id      uint32
	cid     string
	video   bool
	encoder encoder

	wantKey atomic.Bool   // a keyframe was asked for
	gone    atomic.Bool   // the participant left; nothing is sent any more
	packets atomic.Uint32 // sent so far
	frames  atomic.Uint32
}

// next makes the track's next frame.
func (t *track) next(now time.Time) frame {
	f := t.encoder.encode(now, t.wantKey.Swap(false))
	t.packets.Store(t.encoder.sent())
	t.frames.Add(1)
	return f
}

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
