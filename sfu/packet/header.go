package packet

import (
	"encoding/binary"
	"math/bits"
)

// Outgoing is the header of a packet that we send, but for the extensions that are copied from a received one.
type Outgoing struct {
	PayloadType uint8
	Marker      bool
	// Padding sets the P bit; the caller appends the padding after the payload.
	Padding   bool
	Sequence  uint16
	Timestamp uint32
	SSRC      uint32

	// Our own extensions. Each is written when it is set and negotiated with the other side, and takes the place of a received one.

	// MID is the media section's id; empty leaves it out. At most 255 bytes are written.
	MID string
	// TransportCC is our number of the packet on this transport, written if HasTransportCC.
	TransportCC    uint16
	HasTransportCC bool
	// AbsSendTime is 6.18 fixed point seconds in the low 24 bits, written if HasAbsSendTime.
	HasAbsSendTime bool
	AbsSendTime    uint32
}

// AppendHeader writes the header of h to dst, with those extensions of p that stand in keep and are negotiated with the other side (to),
// under the other side's numbers. p and to may be nil: then nothing is copied. The block takes the one-byte form when all
// elements fit it, else the two-byte form, and is left out when it would be empty. It allocates only if dst has too little room.
func AppendHeader(dst []byte, h Outgoing, p *Packet, to *ExtensionMap, keep ExtensionSet) []byte {
	start := len(dst)
	first, second := byte(version<<6), h.PayloadType&^flagMarker
	if h.Padding {
		first |= flagPadding
	}
	if h.Marker {
		second |= flagMarker
	}
	dst = append(dst, first, second, byte(h.Sequence>>8), byte(h.Sequence),
		byte(h.Timestamp>>24), byte(h.Timestamp>>16), byte(h.Timestamp>>8), byte(h.Timestamp),
		byte(h.SSRC>>24), byte(h.SSRC>>16), byte(h.SSRC>>8), byte(h.SSRC))
	if to == nil {
		return dst
	}
	own := h.own() & to.known
	copied := ExtensionSet(0)
	if p != nil {
		copied = p.present & keep & to.known &^ own
	}
	if own|copied == 0 {
		return dst
	}
	dst[start] |= flagExtension
	block, two := len(dst), needsTwoBytes(&h, p, to, own, copied)
	dst = appendBlockHeader(dst, two)
	for s := copied; s != 0; s &= s - 1 {
		e := bits.TrailingZeros16(uint16(s))
		dst = appendElement(dst, to.ids[e], two, p.Raw[p.off[e]:][:p.size[e]])
	}
	dst = appendOwn(dst, &h, own, to, two)
	for (len(dst)-block)%4 != 0 {
		dst = append(dst, 0)
	}
	binary.BigEndian.PutUint16(dst[block+2:], uint16((len(dst)-block)/4-1))
	return dst
}

// own is the set of extensions that h brings itself.
func (h *Outgoing) own() ExtensionSet {
	s := ExtensionSet(0)
	if h.MID != "" {
		s = s.With(MID)
	}
	if h.HasTransportCC {
		s = s.With(TransportCC)
	}
	if h.HasAbsSendTime {
		s = s.With(AbsSendTime)
	}
	return s
}

// needsTwoBytes tells whether an element does not fit the one-byte form (RFC 8285, 4.2: numbers 1 to 14, 1 to 16 bytes).
func needsTwoBytes(h *Outgoing, p *Packet, to *ExtensionMap, own, copied ExtensionSet) bool {
	for s := own | copied; s != 0; s &= s - 1 {
		if to.ids[bits.TrailingZeros16(uint16(s))] >= oneByteStop {
			return true
		}
	}
	for s := copied; s != 0; s &= s - 1 {
		if n := p.size[bits.TrailingZeros16(uint16(s))]; n == 0 || n > oneByteMax {
			return true
		}
	}
	return own.Has(MID) && len(h.MID) > oneByteMax
}

// appendBlockHeader writes the head of an extension block; its length comes later.
func appendBlockHeader(dst []byte, two bool) []byte {
	if two {
		return append(dst, twoByteForm>>8, twoByteForm&0xFF, 0, 0)
	}
	return append(dst, oneByteForm>>8, oneByteForm&0xFF, 0, 0)
}

func appendElement(dst []byte, id uint8, two bool, value []byte) []byte {
	if two {
		return append(append(dst, id, byte(len(value))), value...)
	}
	dst = append(dst, id<<4|byte(len(value)-1))
	if len(value) == 1 {
		return append(dst, value[0]) // the usual case, without a call
	}
	return append(dst, value...)
}

// appendOwn writes those extensions of h that are in set.
func appendOwn(dst []byte, h *Outgoing, set ExtensionSet, to *ExtensionMap, two bool) []byte {
	if set.Has(MID) {
		mid := h.MID[:min(len(h.MID), 255)]
		if two {
			dst = append(dst, to.ids[MID], byte(len(mid)))
		} else {
			dst = append(dst, to.ids[MID]<<4|byte(len(mid)-1))
		}
		dst = append(dst, mid...)
	}
	if set.Has(TransportCC) {
		dst = appendElement(dst, to.ids[TransportCC], two, []byte{byte(h.TransportCC >> 8), byte(h.TransportCC)})
	}
	if set.Has(AbsSendTime) {
		dst = appendElement(dst, to.ids[AbsSendTime], two, []byte{byte(h.AbsSendTime >> 16), byte(h.AbsSendTime >> 8), byte(h.AbsSendTime)})
	}
	return dst
}
