package media

import "encoding/binary"

// vp8 is RFC 7741. Before the Stamp stand a descriptor with X, I|L|T, a picture id of 15 bits, TL0PICIDX and
// TID|Y|KEYIDX (section 4.2), and as much as a keyframe's header takes (section 4.3), in every packet.
type vp8 struct{}

const (
	vp8Descriptor = 6
	vp8Header     = 10
)

func (vp8) room(int, int, bool) int { return vp8Descriptor + vp8Header }

func (vp8) write(p []byte, i, _ int, pic numbered) {
	p[0], p[1] = 0x80, 0xe0 // X; I, L, T
	if i == 0 {
		p[0] |= 0x10 // S: begins partition 0
	}
	binary.BigEndian.PutUint16(p[2:], uint16(0x8000|pic.number&0x7fff)) //nolint:gosec // masked
	p[4], p[5] = pic.base, pic.Temporal<<6
	if pic.Sync {
		p[5] |= 0x20 // Y
	}
	h := p[vp8Descriptor : vp8Descriptor+vp8Header]
	clear(h)
	if i > 0 {
		return
	}
	h[0] = 0x10 // show_frame
	if !pic.Key {
		h[0] |= 0x01
		return
	}
	h[3], h[4], h[5] = 0x9d, 0x01, 0x2a
	binary.LittleEndian.PutUint16(h[6:], pic.Width)
	binary.LittleEndian.PutUint16(h[8:], pic.Height)
}

func (vp8) skip(p []byte) (int, bool) {
	if len(p) < 1 {
		return 0, false
	}
	if p[0]&0x80 == 0 {
		return 1, true
	}
	if len(p) < 2 {
		return 0, false
	}
	n, has := 2, p[1]
	if has&0x80 != 0 { // I
		if len(p) <= n {
			return 0, false
		}
		if p[n]&0x80 != 0 {
			n++
		}
		n++
	}
	if has&0x40 != 0 { // L
		n++
	}
	if has&0x30 != 0 { // T or K
		n++
	}
	return n, len(p) >= n
}

func (v vp8) begins(p []byte) bool {
	n, ok := v.skip(p)
	return ok && len(p) > n && p[0]&0x1f == 0x10 && p[n]&1 == 0
}
