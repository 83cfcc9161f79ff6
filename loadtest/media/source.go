package media

import "time"

// A Burst is what leaves at one moment: one audio packet, or the packets of a picture, or a part of them. It is valid
// until its Source makes the next one.
type Burst struct {
	Payloads  [][]byte
	Timestamp uint32 // RTP, from the source's beginning
	Key       bool   // of a keyframe
	Marker    bool   // on the last packet: it ends a picture, or begins to talk after a silence
	Level     Level  // of audio
}

// A Level is how loud a packet of audio is, as its header extension says: Voiced or not, and -dBov (RFC 6464).
type Level uint8

// Voiced says that somebody speaks; Silent is as quiet as can be.
const (
	Voiced Level = 0x80
	Silent Level = 127
)

// A Source makes one layer of a track, or all of a track that has one. It reads no clock: the caller asks for a Burst
// when it is due. Not safe for concurrent use; the goroutine that sends owns it.
type Source interface {
	// Next makes the burst that is due. key asks for a keyframe as soon as one can begin; a source without pictures
	// does not mind.
	Next(now time.Time, key bool) Burst
	// Wait is how long after the last burst was due the next one is; before the first, how long after the beginning.
	Wait() time.Duration
	// Sent is how much was made: the number of the next packet's Stamp, and the frames begun.
	Sent() (packets, frames uint32)
}

// A Kind is what a track shows.
type Kind uint8

// The kinds of tracks that one participant may publish, one of each.
const (
	Microphone Kind = iota
	Camera
	Screen
)

// Video tells pictures from sound.
func (k Kind) Video() bool { return k != Microphone }

// String is the kind as tracks are named.
func (k Kind) String() string { return [...]string{"audio", "video", "screen"}[k] }

// A Maker makes the media of a run's publishers: synthetic (Shape), or played from a recording.
type Maker interface {
	// Name says in a word where media comes from.
	Name() string
	// VideoCodec is that of all its video.
	VideoCodec() Codec
	// Make returns the sources of a seat's track, one for each layer from the smallest, none if there is none of
	// that kind. It is called from several goroutines.
	Make(seat int, kind Kind, seed uint64) []Source
}
