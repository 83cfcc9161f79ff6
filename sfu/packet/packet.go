// Package packet reads RTP packets as they come from strangers, and writes the headers of those we send.
//
// It decides nothing: it says what a packet is (Parse), what its extensions hold, and where it stands in its stream (Describe):
// first or last of a frame, which layer, a place where a decoder can start. It reads no clock and keeps no state, save Templates,
// which the caller owns. Nothing here allocates. Hostile bytes end here as errors.
//
// A Packet borrows the bytes it was parsed from and belongs to whoever read them, one goroutine at a time.
//
// RFC 3550 (RTP), 8285 (header extensions), 6464 (audio level), 7741 (VP8), 9628 (VP9), 6184 (H.264), 7798 (H.265), and the
// AV1 RTP specification with its dependency descriptor.
package packet

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// Sizes and marks of RFC 3550 and RFC 8285.
const (
	fixedHeader   = 12     // bytes before the CSRC list
	version       = 2      // top two bits of the first byte
	flagPadding   = 0x20   // first byte
	flagExtension = 0x10   // first byte
	flagMarker    = 0x80   // second byte
	oneByteForm   = 0xBEDE // profile of an extension block with one-byte element headers
	twoByteForm   = 0x1000 // the same with two-byte headers; the low 4 bits are the application's
	oneByteMax    = 16     // bytes in the longest element of the one-byte form
	oneByteStop   = 15     // element number which ends a one-byte block
)

// Packet is one received RTP packet. The zero value is ready for Parse, and a Packet may be parsed into again and again.
type Packet struct {
	// Raw is the whole packet. The Packet borrows it: it is valid as long as the reader's buffer is.
	Raw []byte
	// HeaderSize counts the bytes before the payload: fixed header, CSRC list and extension block.
	HeaderSize int
	// PaddingSize counts the bytes after the payload, the count byte itself included.
	PaddingSize int
	PayloadType uint8
	Marker      bool
	Sequence    uint16
	Timestamp   uint32
	SSRC        uint32
	// Descriptor is the zero value until Describe.
	Descriptor Descriptor

	// Where the extensions are: Raw[off[e]:][:size[e]] for each e in present, garbage for others.
	present ExtensionSet
	size    [NumExtensions]uint8
	off     [NumExtensions]uint16
}

// Parse reads the header of raw into p and forgets what p held. m gives the extensions their meaning and may be nil; elements that it
// does not know are skipped, and of elements with the same number the first counts. After an error p must not be used but for Parse.
func (p *Packet) Parse(raw []byte, m *ExtensionMap) error {
	switch {
	case len(raw) < fixedHeader:
		return fmt.Errorf("rtp header: %w", ErrShort)
	case len(raw) > math.MaxUint16:
		return fmt.Errorf("rtp header: %w", ErrLong)
	case raw[0]>>6 != version:
		return fmt.Errorf("rtp header: %w", ErrVersion)
	}
	p.Raw, p.present, p.Descriptor = raw, 0, Descriptor{}
	p.Marker, p.PayloadType = raw[1]&flagMarker != 0, raw[1]&^flagMarker
	p.Sequence = binary.BigEndian.Uint16(raw[2:])
	p.Timestamp = binary.BigEndian.Uint32(raw[4:])
	p.SSRC = binary.BigEndian.Uint32(raw[8:])
	p.HeaderSize = fixedHeader + 4*int(raw[0]&0x0F)
	if len(raw) < p.HeaderSize {
		return fmt.Errorf("csrc list: %w", ErrShort)
	}
	if raw[0]&flagExtension != 0 {
		if err := p.parseExtensions(m); err != nil {
			return err
		}
	}
	return p.parsePadding()
}

func (p *Packet) parsePadding() error {
	p.PaddingSize = 0
	if p.Raw[0]&flagPadding == 0 {
		return nil
	}
	p.PaddingSize = int(p.Raw[len(p.Raw)-1])
	if p.PaddingSize == 0 || p.PaddingSize > len(p.Raw)-p.HeaderSize {
		return fmt.Errorf("rtp padding: %w", ErrPadding)
	}
	return nil
}

func (p *Packet) parseExtensions(m *ExtensionMap) error {
	at := p.HeaderSize
	if len(p.Raw) < at+4 {
		return fmt.Errorf("extension header: %w", ErrShort)
	}
	form := binary.BigEndian.Uint16(p.Raw[at:])
	at += 4
	p.HeaderSize = at + 4*int(binary.BigEndian.Uint16(p.Raw[at-2:]))
	switch {
	case len(p.Raw) < p.HeaderSize:
		return fmt.Errorf("extension block: %w", ErrShort)
	case form == oneByteForm:
		return p.parseOneByte(at, m)
	case form&0xFFF0 == twoByteForm:
		return p.parseTwoByte(at, m)
	}
	return nil // another profile's block: nothing in it is for us
}

func (p *Packet) parseOneByte(at int, m *ExtensionMap) error {
	for at < p.HeaderSize {
		head := p.Raw[at]
		at++
		if head == 0 {
			continue // padding
		}
		id, size := head>>4, int(head&0x0F)+1
		if id == 0 || id == oneByteStop {
			return nil // RFC 8285, 4.2: what follows does not count
		}
		if at+size > p.HeaderSize {
			return fmt.Errorf("extension element: %w", ErrShort)
		}
		p.note(m.Extension(id), at, size)
		at += size
	}
	return nil
}

func (p *Packet) parseTwoByte(at int, m *ExtensionMap) error {
	for at < p.HeaderSize {
		id := p.Raw[at]
		at++
		if id == 0 {
			continue // padding
		}
		if at == p.HeaderSize {
			return fmt.Errorf("extension element: %w", ErrShort)
		}
		size := int(p.Raw[at])
		at++
		if at+size > p.HeaderSize {
			return fmt.Errorf("extension element: %w", ErrShort)
		}
		p.note(m.Extension(id), at, size)
		at += size
	}
	return nil
}

func (p *Packet) note(e Extension, at, size int) {
	if e == NoExtension || p.present.Has(e) {
		return
	}
	p.present = p.present.With(e)
	p.off[e], p.size[e] = uint16(at), uint8(size)
}

// Payload is what stands between header and padding; empty, but not nil, in a packet of padding alone.
func (p *Packet) Payload() []byte {
	return p.Raw[p.HeaderSize : len(p.Raw)-p.PaddingSize]
}

// SameExtensions tells whether those extensions of p and q that stand in keep take the same room.
func (p *Packet) SameExtensions(q *Packet, keep ExtensionSet) bool {
	if (p.present^q.present)&keep != 0 {
		return false
	}
	for s := p.present & keep; s != 0; s &= s - 1 {
		if e := bits.TrailingZeros16(uint16(s)); p.size[e] != q.size[e] {
			return false
		}
	}
	return true
}

// Extension is the value of e, nil when the packet has none. A value of the one-byte form has 1 to 16 bytes, one of the
// two-byte form 0 to 255.
func (p *Packet) Extension(e Extension) []byte {
	if !p.present.Has(e) {
		return nil
	}
	at, end := int(p.off[e]), int(p.off[e])+int(p.size[e])
	return p.Raw[at:end:end]
}

// Has tells which extensions the packet carries.
func (p *Packet) Has() ExtensionSet { return p.present }

// AudioLevel reads RFC 6464: the level in -dBov (0 is the loudest, 127 is silence) and whether the sender heard voice.
func (p *Packet) AudioLevel() (level uint8, voice, ok bool) {
	v := p.Extension(AudioLevel)
	if len(v) == 0 {
		return 0, false, false
	}
	return v[0] &^ 0x80, v[0]&0x80 != 0, true
}

// TransportCC is the number that the sender gave this packet among all of its transport.
func (p *Packet) TransportCC() (uint16, bool) {
	v := p.Extension(TransportCC)
	if len(v) < 2 {
		return 0, false
	}
	return binary.BigEndian.Uint16(v), true
}
