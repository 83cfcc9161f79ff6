package packet

import "encoding/binary"

// Bits of the VP8 payload descriptor (RFC 7741, 4.2).
const (
	vp8X   = 0x80 // first byte: a second one follows
	vp8S   = 0x10 // first byte: start of a partition
	vp8PID = 0x07 // first byte: partition index
	vp8I   = 0x80 // second byte: picture id
	vp8L   = 0x40 // second byte: TL0PICIDX
	vp8T   = 0x20 // second byte: TID and Y
	vp8K   = 0x10 // second byte: KEYIDX
	vp8M   = 0x80 // picture id: it has 15 bits
	vp8Y   = 0x20 // byte of TID, Y and KEYIDX
	vp8Key = 0x1F // byte of TID, Y and KEYIDX
	vp8P   = 0x01 // payload header, RFC 6386, 9.1: inter frame
)

// VP8Descriptor is a VP8 payload descriptor (RFC 7741, 4.2) with what it takes to rewrite it in place.
type VP8Descriptor struct {
	// Size counts the bytes of the descriptor; the VP8 bit stream follows.
	Size uint8
	// PictureIDSize counts the bytes of the picture id: 0 (none), 1 (7 bits) or 2 (15 bits).
	PictureIDSize uint8
	PictureID     uint16
	HasTL0        bool
	TL0           uint8 // running number of the temporal base layer's frames
	HasTID        bool
	TID           uint8 // temporal layer
	Sync          bool  // depends on the base layer alone (Y); meaningful if HasTID
	HasKeyIdx     bool
	KeyIdx        uint8 // 5 bits: running number of key frames

	// Offsets into the payload, meaningful if the field is there. The picture id is always at 2.
	tl0At, keyAt uint8
}

// Rewrite writes the three numbers in place into payload, which must begin with a copy of this very descriptor. Fields that are not
// there are left out, 7-bit picture ids and 5-bit key indices are cut to size, and nothing changes its length.
func (d VP8Descriptor) Rewrite(payload []byte, pictureID uint16, tl0, keyIdx uint8) {
	switch d.PictureIDSize {
	case 1:
		payload[2] = byte(pictureID) &^ vp8M
	case 2:
		binary.BigEndian.PutUint16(payload[2:], pictureID|vp8M<<8)
	}
	if d.HasTL0 {
		payload[d.tl0At] = tl0
	}
	if d.HasKeyIdx {
		payload[d.keyAt] = payload[d.keyAt]&^vp8Key | keyIdx&vp8Key
	}
}

func (d *Descriptor) readVP8(payload []byte) error {
	if err := d.VP8.read(payload); err != nil {
		return err
	}
	d.Start = payload[0]&vp8S != 0 && payload[0]&vp8PID == 0
	d.Temporal, d.Sync = d.VP8.TID, d.VP8.Sync
	if rest := payload[d.VP8.Size:]; d.Start && len(rest) > 0 {
		d.Keyframe = rest[0]&vp8P == 0
	}
	return nil
}

func (d *VP8Descriptor) read(payload []byte) error {
	d.Size = 1
	if payload[0]&vp8X == 0 {
		return nil
	}
	if len(payload) < 2 {
		return ErrShort
	}
	d.Size = 2
	flags := payload[1]
	if flags&vp8I != 0 {
		if err := d.readPictureID(payload); err != nil {
			return err
		}
	}
	if flags&vp8L != 0 {
		if len(payload) <= int(d.Size) {
			return ErrShort
		}
		d.HasTL0, d.TL0, d.tl0At = true, payload[d.Size], d.Size
		d.Size++
	}
	if flags&(vp8T|vp8K) == 0 {
		return nil
	}
	if len(payload) <= int(d.Size) {
		return ErrShort
	}
	last := payload[d.Size]
	if flags&vp8T != 0 {
		d.HasTID, d.TID, d.Sync = true, last>>6, last&vp8Y != 0
	}
	if flags&vp8K != 0 {
		d.HasKeyIdx, d.KeyIdx, d.keyAt = true, last&vp8Key, d.Size
	}
	d.Size++
	return nil
}

func (d *VP8Descriptor) readPictureID(payload []byte) error {
	if len(payload) < 3 {
		return ErrShort
	}
	if payload[2]&vp8M == 0 {
		d.PictureIDSize, d.PictureID, d.Size = 1, uint16(payload[2]), 3
		return nil
	}
	if len(payload) < 4 {
		return ErrShort
	}
	d.PictureIDSize, d.PictureID, d.Size = 2, binary.BigEndian.Uint16(payload[2:])&^(vp8M<<8), 4
	return nil
}
