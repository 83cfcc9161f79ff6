package media

import "encoding/binary"

// vp9 is RFC 9628 in non-flexible mode; spatial layers, if any, use one another in keyframes alone, as browsers send simulcast: a
// descriptor with picture id, layer indices and TL0PICIDX (section 4.2), the scalability structure before keyframes,
// and the byte with which a frame's header begins.
type vp9 struct{}

// Bits of the descriptor's first byte.
const (
	vp9PictureID  = 0x80
	vp9Predicted  = 0x40
	vp9Layers     = 0x20
	vp9Flexible   = 0x10
	vp9Begins     = 0x08
	vp9Ends       = 0x04
	vp9Structure  = 0x02
	vp9Descriptor = 5 // first byte, picture id, layers, TL0PICIDX
	vp9Sizes      = 5 // N_S|Y|G, width, height
	vp9Header     = 1
)

func (v vp9) room(i, _ int, key bool) int {
	if key && i == 0 {
		return vp9Descriptor + vp9Sizes + vp9Header
	}
	return vp9Descriptor + vp9Header
}

func (v vp9) write(p []byte, i, n int, pic numbered) {
	p[0] = vp9PictureID | vp9Layers
	if !pic.Key {
		p[0] |= vp9Predicted
	}
	if i == 0 {
		p[0] |= vp9Begins
	}
	if i == n-1 {
		p[0] |= vp9Ends
	}
	binary.BigEndian.PutUint16(p[1:], uint16(0x8000|pic.number&0x7fff)) //nolint:gosec // masked
	p[3], p[4] = pic.Temporal<<5|pic.Spatial<<1, pic.base
	if pic.Sync && pic.Temporal > 0 {
		p[3] |= 0x10 // U: a switching up point
	}
	if pic.Key && pic.Spatial > 0 {
		p[3] |= 0x01 // D: depends on the spatial layer below
	}
	at := vp9Descriptor
	if pic.Key && i == 0 && pic.Spatial == 0 {
		p[0] |= vp9Structure
		at += v.structure(p[at:], pic)
	}
	p[at] = 0x86 // frame marker, profile 0, an inter frame that is shown
	if pic.Key {
		p[at] = 0x82
	}
}

// structure writes the scalability structure and returns its length: the picture's size where there is one spatial
// layer, else how many there are.
func (vp9) structure(p []byte, pic numbered) int {
	if pic.Spatials > 1 {
		p[0] = (pic.Spatials - 1) << 5
		return 1
	}
	p[0] = 0x10 // Y
	binary.BigEndian.PutUint16(p[1:], pic.Width)
	binary.BigEndian.PutUint16(p[3:], pic.Height)
	return vp9Sizes
}

func (vp9) skip(p []byte) (n int, ok bool) {
	if len(p) < 1 {
		return 0, false
	}
	n = 1
	if p[0]&vp9PictureID != 0 {
		if len(p) <= n {
			return 0, false
		}
		if p[n]&0x80 != 0 {
			n++
		}
		n++
	}
	if p[0]&vp9Layers != 0 {
		n++
		if p[0]&vp9Flexible == 0 {
			n++
		}
	}
	if p[0]&vp9Flexible != 0 && p[0]&vp9Predicted != 0 {
		for more := true; more; n++ { // at most three reference indices
			if len(p) <= n {
				return 0, false
			}
			more = p[n]&1 != 0
		}
	}
	return n, len(p) >= n // the structure is within reach of the Stamp
}

func (v vp9) begins(p []byte) bool {
	n, ok := v.skip(p)
	if !ok || p[0]&(vp9Predicted|vp9Begins) != vp9Begins {
		return false
	}
	return p[0]&vp9Layers == 0 || p[0]&vp9Flexible != 0 || p[n-2]>>1&7 == 0 // the lowest spatial layer
}
