package media

import (
	"bytes"
	"encoding/binary"
)

// A Codec is a payload format of RTP by the subtype of its registered media type, in upper and lower case as there.
type Codec string

// The codecs whose packets this package makes and reads.
const (
	Opus Codec = "opus" // RFC 7587
	VP8  Codec = "VP8"  // RFC 7741
	VP9  Codec = "VP9"  // RFC 9628
	H264 Codec = "H264" // RFC 6184
	AV1  Codec = "AV1"  // AOMedia, RTP payload format for AV1, 1.0
)

// Clock rates in Hz, of every codec of a kind.
const (
	AudioClock = 48000 // RFC 7587
	VideoClock = 90000
)

// Video tells pictures from sound.
func (c Codec) Video() bool { return c != Opus }

// Clock is the rate of c's RTP timestamps in Hz.
func (c Codec) Clock() int64 {
	if c.Video() {
		return VideoClock
	}
	return AudioClock
}

// codecs are those that publishers may use for video, in the order in which they are named to people.
func codecs() []Codec { return []Codec{VP8, VP9, H264, AV1} }

// packaging is what stands before the Stamp in the packets of a video codec.
type packaging interface {
	// room is how many bytes that are in packet i of the n of a frame.
	room(i, n int, key bool) int
	// write fills the room at the beginning of p.
	write(p []byte, i, n int, pic numbered)
	// skip is how long the descriptor of a received payload is; false: it is none.
	skip(payload []byte) (int, bool)
	// begins tells whether a received payload begins a keyframe.
	begins(payload []byte) bool
}

func (c Codec) packaging() packaging {
	switch c {
	case VP9:
		return vp9{}
	case H264:
		return h264{}
	case AV1:
		return av1{}
	default:
		return vp8{}
	}
}

// stampWithin is how far behind a descriptor a Stamp may stand: behind frame headers and parameter sets.
const stampWithin = 48

// Stamp finds the Stamp in a payload, whatever the server made of the descriptor. False: the payload is not ours, or
// its descriptor can't be read.
func (c Codec) Stamp(payload []byte) (Stamp, bool) {
	n := 1
	if c.Video() {
		var ok bool
		if n, ok = c.packaging().skip(payload); !ok {
			return Stamp{}, false
		}
	}
	if n > len(payload) {
		return Stamp{}, false
	}
	magic := binary.BigEndian.AppendUint32(nil, stampMagic)
	rest := payload[n:]
	for from := 0; from <= stampWithin; from++ {
		i := bytes.Index(rest[min(from, len(rest)):], magic)
		if i < 0 || from+i > stampWithin {
			break
		}
		if s, ok := readStamp(rest[from+i:]); ok {
			return s, true
		}
		from += i
	}
	return Stamp{}, false
}

// BeginsKeyframe tells whether a payload begins a keyframe.
func (c Codec) BeginsKeyframe(payload []byte) bool { return c.Video() && c.packaging().begins(payload) }
