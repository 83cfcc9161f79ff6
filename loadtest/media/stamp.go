package media

import (
	"encoding/binary"
	"time"
)

// A Stamp is what a packet's payload says of itself, so that the receiver can measure without asking the sender. On the
// wire, behind whatever the codec needs, big-endian:
//
//	magic u32 | track u32 | number u32 | sent i64 (Unix ns) | frame u32 | index u8 | of u8 | flags u8 | sum u8
type Stamp struct {
	Track  uint32 // unique within the run
	Number uint32 // of the packets of this track, from 0, without gaps
	Sent   int64  // Unix ns
	Frame  uint32 // of this track
	Index  uint8  // within its frame
	Of     uint8  // packets of its frame
	Key    bool   // belongs to a keyframe
}

// StampSize is how many bytes of a payload a Stamp takes.
const StampSize = 28

const (
	stampMagic = 0x73746d70
	flagKey    = 1
)

// put writes s into the first StampSize bytes of b.
func (s Stamp) put(b []byte) {
	_ = b[StampSize-1]
	binary.BigEndian.PutUint32(b, stampMagic)
	binary.BigEndian.PutUint32(b[4:], s.Track)
	binary.BigEndian.PutUint32(b[8:], s.Number)
	binary.BigEndian.PutUint64(b[12:], uint64(s.Sent)) //nolint:gosec // bits, not a number
	binary.BigEndian.PutUint32(b[20:], s.Frame)
	b[24], b[25], b[26] = s.Index, s.Of, 0
	if s.Key {
		b[26] = flagKey
	}
	b[27] = sum(b[:27])
}

// readStamp reads what put wrote; false when b begins with anything else.
func readStamp(b []byte) (Stamp, bool) {
	if len(b) < StampSize || binary.BigEndian.Uint32(b) != stampMagic || b[27] != sum(b[:27]) {
		return Stamp{}, false
	}
	return Stamp{
		Track:  binary.BigEndian.Uint32(b[4:]),
		Number: binary.BigEndian.Uint32(b[8:]),
		Sent:   int64(binary.BigEndian.Uint64(b[12:])), //nolint:gosec // bits, not a number
		Frame:  binary.BigEndian.Uint32(b[20:]),
		Index:  b[24],
		Of:     b[25],
		Key:    b[26]&flagKey != 0,
	}, true
}

// At is when the packet was sent, for comparison with wall clocks of this machine.
func (s Stamp) At() time.Time { return time.Unix(0, s.Sent) }

func sum(b []byte) (x byte) {
	for _, c := range b {
		x = x<<1 | x>>7
		x ^= c
	}
	return x
}

// TrackID names one layer of a track by who publishes it: seats are counted from 0, layers from the smallest.
func TrackID(seat int, kind Kind, layer int) uint32 {
	return uint32(seat)<<4 | uint32(layer)<<2 | uint32(kind) //nolint:gosec // millions of seats don't fit into a machine
}

// SeatOf tells whose track it is.
func SeatOf(id uint32) int { return int(id >> 4) }

// SplitID separates a TrackID into the track, as its smallest layer is called, and the layer.
func SplitID(id uint32) (track uint32, layer int) {
	return id &^ 12, int(id >> 2 & 3)
}

// LayerID is the TrackID of a layer of the track that its smallest layer names.
func LayerID(track uint32, layer int) uint32 { return track | uint32(layer)<<2 } //nolint:gosec // at most three
