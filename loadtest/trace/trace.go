// Package trace holds what a real browser's media looks like on the wire, to be sent again: when each packet left, how
// large it was, to which frame and layer it belonged, which frames were keyframes, how loud it was. It holds no payload.
// It decides what a recording says and how a Player repeats it without end; it never sends, and it reads no clock.
// Traces are made by the command in record and embedded here; `make trace` records them again, 20 s each, from moving
// pictures at up to 2.5 Mbit/s. Nothing of a Trace changes after it was read.
//
// What Chromium 156 shows, by Summarize (p50/p90/p99 where three numbers stand):
//
//   - A frame is a burst. Of a camera in VP8 with 2.5 Mbit/s at 720p, 30 frames/s of 9/15/17 packets, a frame's packets
//     leave within 412/976/1781 µs, one system call each, so some 45 µs apart; with H264 within 365/1356/2511 µs. What
//     is larger than some 40 kB (keyframes of H264, pages of a screen) leaves in portions 40 ms apart, by its pacer.
//   - The layers of simulcast follow one another within 0.5/1.1/2.1 ms, smallest first, and share capture times.
//   - VP8, VP9, H264: packets of a frame differ by one byte at most, the shorter ones first, in every frame of several.
//     AV1: all are of one size but the last, which is shorter by a few bytes.
//   - Layers of a camera in VP8 or H264: 150, 500 and 2500 kbit/s in 31, 68 and 281 packets/s. VP8 has temporal layers
//     in the order 0 2 1 2; H264 tells none.
//   - A PLI for one layer is answered by a keyframe of all, in one picture. In VP8 they are small: 2, 5 and 13 kB, not
//     twice a large frame; in H264 3, 10 and 67 kB, of which the last needs 90 ms.
//   - VP9 and AV1 with three spatial layers in one stream: 90 frames/s of layers, 270 packets/s, 2.1 Mbit/s. The layers
//     of a picture leave when they are encoded, in VP9 9 ms from the first to the last.
//   - Speech in Opus with pauses: 50 packets/s of 81/92/99 bytes while somebody speaks, and one each 400 ms in silence.
package trace

import "time"

// A Trace is one recorded track. Nothing of it changes after it was read, so that many Players may share it.
type Trace struct {
	Name   string
	Origin string // who sent it: the browser and its version
	Codec  string // as in a MIME type: VP8, opus
	Clock  uint32 // RTP timestamps per second
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
	// Keys are keyframes that a PLI was answered with, recorded behind the round. Their At is 0. Where a codec has its
	// layers in one stream, each of them is a frame of its own, here and in Frames.
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

// spatials is how many spatial layers l has in its stream.
func (l *Layer) spatials() (n uint8) {
	for _, f := range l.Frames {
		n = max(n, f.Spatial+1)
	}
	return n
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
