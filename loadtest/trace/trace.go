// Package trace holds what a real browser's media looks like on the wire, to be sent again: when each packet left, how
// large it was, to which frame and layer it belonged, which frames were keyframes, how loud it was. It holds no payload.
// It decides what a recording says and how a Player repeats it without end; it never makes packets, and it reads no
// clock. Traces are made by the command in record and embedded here; `make trace` records them again.
package trace

import "time"

// A Trace is one recorded track. Nothing of it changes after it was read, so that many Players may share it.
type Trace struct {
	Name  string
	Codec string // as in a MIME type: VP8, opus
	Clock uint32 // RTP timestamps per second
	// Ticks is the length of one round in RTP timestamps: the next round begins so much later. The last frame of a
	// round is as far from the first of the next as frames usually are.
	Ticks  uint32
	Layers []Layer // from the smallest; one of audio
}

// A Layer is one encoding of a track.
type Layer struct {
	RID           string // as simulcast calls it (RFC 8851); empty where there is one
	Width, Height uint16 // of the picture; 0 of audio
	Frames        []Frame
	// Keys are keyframes that a PLI was answered with, recorded behind the round. Their At is 0.
	Keys []Frame
}

// A Frame is what was encoded at once: the packets of one picture of one layer, or one packet of audio.
type Frame struct {
	Ticks    uint32        // RTP timestamp, from the first frame's of any layer
	At       time.Duration // when the first packet left, from the first frame's
	Key      bool
	Spatial  uint8 // of a codec that has its layers in one stream
	Temporal uint8
	Sync     bool  // a receiver may go up to this temporal layer here
	Marked   bool  // its last packet has the marker
	Level    uint8 // of audio: -dBov, RFC 6464
	Voice    bool  // of audio: somebody speaks
	Packets  []Packet
}

// A Packet is how one packet went out.
type Packet struct {
	After time.Duration // since its frame's first
	Size  int           // bytes of payload
}

// Length is the time of one round.
func (t *Trace) Length() time.Duration { return t.span(uint64(t.Ticks)) }

// span turns RTP timestamps into time.
func (t *Trace) span(ticks uint64) time.Duration {
	seconds, rest := ticks/uint64(t.Clock), ticks%uint64(t.Clock)
	return time.Duration(seconds)*time.Second + time.Duration(rest)*time.Second/time.Duration(t.Clock) //nolint:gosec // below centuries
}

// Bytes is the payload of the frame.
func (f Frame) Bytes() (n int) {
	for _, p := range f.Packets {
		n += p.Size
	}
	return n
}

// Span is how long the frame's packets took to leave.
func (f Frame) Span() time.Duration {
	if len(f.Packets) == 0 {
		return 0
	}
	return f.Packets[len(f.Packets)-1].After
}
