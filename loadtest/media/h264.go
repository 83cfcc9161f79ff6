package media

import "encoding/binary"

// h264 is RFC 6184 with packetization mode 1, as browsers send it: a frame in one packet is one NAL unit, a larger one
// is fragments of it (FU-A, section 5.8). A keyframe begins with an aggregate of the parameter sets (STAP-A, section
// 5.7.1), here with a third unit that carries the Stamp.
type h264 struct{}

// NAL unit types (ITU-T H.264 table 7-1, RFC 6184 table 1).
const (
	nalSlice = 1
	nalIDR   = 5
	nalSEI   = 6
	nalSPS   = 7
	nalPPS   = 8
	nalSTAP  = 24
	nalFU    = 28

	nalReferenced = 0x60 // nal_ref_idc 3
	fuBegins      = 0x80
	fuEnds        = 0x40
)

// parameterSets are an aggregate's header and the sets of 720p in the constrained baseline profile.
func parameterSets() []byte {
	return []byte{
		nalReferenced | nalSTAP,
		0, 10, nalReferenced | nalSPS, 0x42, 0xe0, 0x1f, 0x8c, 0x8d, 0x40, 0x28, 0x02, 0xdd,
		0, 4, nalReferenced | nalPPS, 0xce, 0x3c, 0x80,
	}
}

const (
	parameterBytes = 1 + 2 + 10 + 2 + 4
	unitHeader     = 2 + 1 // a size and the header of a unit within an aggregate
	// sliceHeader is a byte: first_mb_in_slice is 0, as Exp-Golomb code (ITU-T H.264 section 9.1).
	sliceHeader = 1
	firstSlice  = 0x88
)

func (h264) room(i, n int, key bool) int {
	switch {
	case key && i == 0:
		return parameterBytes + unitHeader
	case n == 1:
		return 1 + sliceHeader
	default:
		return 2 + sliceHeader
	}
}

func (h264) write(p []byte, i, n int, pic numbered) {
	kind, first := byte(nalSlice), 0
	if pic.Key {
		kind, first = nalIDR, 1
	}
	switch {
	case pic.Key && i == 0:
		at := copy(p, parameterSets())
		unit := nalSEI
		if n == 1 {
			unit = nalIDR
		}
		binary.BigEndian.PutUint16(p[at:], uint16(len(p)-at-2)) //nolint:gosec // one datagram
		p[at+2] = nalReferenced | byte(unit)
	case n == 1:
		p[0], p[1] = nalReferenced|kind, firstSlice
	default:
		p[0], p[1], p[2] = nalReferenced|nalFU, kind, firstSlice
		if i == first {
			p[1] |= fuBegins
		}
		if i == n-1 {
			p[1] |= fuEnds
		}
	}
}

func (h264) skip(p []byte) (int, bool) { return 1, len(p) > 0 && p[0]&0x80 == 0 }

func (h264) begins(p []byte) bool {
	if len(p) < 4 {
		return false
	}
	switch p[0] & 0x1f {
	case nalIDR, nalSPS:
		return true
	case nalSTAP:
		return p[3]&0x1f == nalSPS
	case nalFU:
		return p[1]&fuBegins != 0 && p[1]&0x1f == nalIDR
	default:
		return false
	}
}
