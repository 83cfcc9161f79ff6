package packet

import "encoding/binary"

// Bits of the VP9 payload descriptor (RFC 9628, 4.2).
const (
	vp9I = 0x80 // picture id
	vp9P = 0x40 // predicted from earlier pictures
	vp9L = 0x20 // layer indices
	vp9F = 0x10 // flexible mode
	vp9B = 0x08 // beginning of a frame
	vp9E = 0x04 // end of a frame
	vp9V = 0x02 // scalability structure
	vp9M = 0x80 // picture id: it has 15 bits
	vp9U = 0x10 // layer byte: switching up point
	vp9D = 0x01 // layer byte: depends on the spatial layer below
	vp9N = 0x01 // reference index: another follows
	vp9Y = 0x10 // structure: resolutions
	vp9G = 0x08 // structure: picture group

	vp9MaxReferences = 3 // P_DIFF fields of one picture
)

// VP9Descriptor is a VP9 payload descriptor (RFC 9628, 4.2).
type VP9Descriptor struct {
	// Size counts the bytes of the descriptor; the VP9 bit stream follows.
	Size uint8
	// PictureIDSize counts the bytes of the picture id, which begins at byte 1: 0 (none), 1 (7 bits) or 2 (15 bits).
	PictureIDSize uint8
	PictureID     uint16
	Predicted     bool // P: needs an earlier picture of its own layer
	Flexible      bool // F: references are given one by one, there is no TL0
	HasLayers     bool
	InterLayer    bool // D: needs the spatial layer below of the same picture
	SwitchUp      bool // U: later pictures of this layer need nothing older of it
	HasTL0        bool
	TL0           uint8
	// Spatials is the number of spatial layers that a scalability structure tells; 0 in a packet without one.
	Spatials uint8

	tl0At uint8
}

// Rewrite writes the numbers in place into payload, which must begin with a copy of this very descriptor. What is not there is
// left out, and nothing changes its length.
func (d VP9Descriptor) Rewrite(payload []byte, pictureID uint16, tl0 uint8) {
	switch d.PictureIDSize {
	case 1:
		payload[1] = byte(pictureID) &^ vp9M
	case 2:
		binary.BigEndian.PutUint16(payload[1:], pictureID|vp9M<<8)
	}
	if d.HasTL0 {
		payload[d.tl0At] = tl0
	}
}

func (d *Descriptor) readVP9(payload []byte) error {
	r := byteReader{b: payload}
	flags := r.next()
	v := &d.VP9
	v.Predicted, v.Flexible, v.HasLayers = flags&vp9P != 0, flags&vp9F != 0, flags&vp9L != 0
	if flags&vp9I != 0 {
		v.readPictureID(&r)
	}
	if v.HasLayers {
		b := r.next()
		d.Temporal, d.Spatial = b>>5, b>>1&7
		v.SwitchUp, v.InterLayer = b&vp9U != 0, b&vp9D != 0
		if !v.Flexible {
			v.HasTL0, v.tl0At = true, uint8(r.at)
			v.TL0 = r.next()
		}
	}
	if v.Flexible && v.Predicted {
		if err := readReferences(&r); err != nil {
			return err
		}
	}
	if flags&vp9V != 0 {
		v.readStructure(&r)
	}
	if r.short || r.at > 255 {
		return ErrShort
	}
	v.Size = uint8(r.at)
	d.Start, d.End = flags&vp9B != 0, flags&vp9E != 0
	d.Sync = v.SwitchUp
	d.Keyframe = d.Start && !v.Predicted && d.Spatial == 0
	return nil
}

func (d *VP9Descriptor) readPictureID(r *byteReader) {
	b := r.next()
	d.PictureIDSize, d.PictureID = 1, uint16(b)
	if b&vp9M != 0 {
		d.PictureIDSize, d.PictureID = 2, uint16(b&^vp9M)<<8|uint16(r.next())
	}
}

func readReferences(r *byteReader) error {
	for range vp9MaxReferences {
		if r.next()&vp9N == 0 {
			return nil
		}
	}
	return ErrDescriptor
}

// readStructure skips a scalability structure and notes the number of spatial layers.
func (d *VP9Descriptor) readStructure(r *byteReader) {
	head := r.next()
	d.Spatials = head>>5 + 1
	if head&vp9Y != 0 {
		r.skip(4 * int(d.Spatials))
	}
	if head&vp9G == 0 {
		return
	}
	for n := r.next(); n > 0 && !r.short; n-- {
		r.skip(int(r.next() >> 2 & 3))
	}
}

// byteReader reads bytes until there are none; then short is set and it yields zeros.
type byteReader struct {
	b     []byte
	at    int
	short bool
}

func (r *byteReader) next() byte {
	if r.at >= len(r.b) {
		r.short = true
		return 0
	}
	r.at++
	return r.b[r.at-1]
}

func (r *byteReader) skip(n int) {
	if n > len(r.b)-r.at {
		r.short = true
		n = len(r.b) - r.at
	}
	r.at += n
}
