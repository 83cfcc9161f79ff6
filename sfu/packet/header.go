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
	w := extensionWriter{dst: dst, to: to, two: needsTwoBytes(&h, p, to, own, copied)}
	w.begin()
	w.copyFrom(p, copied)
	w.own(&h, own)
	return w.end()
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

// extensionWriter appends one extension block to dst. block is where the block's own header begins.
type extensionWriter struct {
	dst   []byte
	to    *ExtensionMap
	block int
	two   bool
}

func (w *extensionWriter) begin() {
	w.block = len(w.dst)
	form := uint16(oneByteForm)
	if w.two {
		form = twoByteForm
	}
	w.dst = append(w.dst, byte(form>>8), byte(form), 0, 0)
}

// element writes the head of an element with n bytes.
func (w *extensionWriter) element(e Extension, n int) {
	if w.two {
		w.dst = append(w.dst, w.to.ids[e], byte(n))
		return
	}
	w.dst = append(w.dst, w.to.ids[e]<<4|byte(n-1))
}

func (w *extensionWriter) copyFrom(p *Packet, set ExtensionSet) {
	for ; set != 0; set &= set - 1 {
		e := Extension(bits.TrailingZeros16(uint16(set)))
		w.element(e, int(p.size[e]))
		w.dst = append(w.dst, p.Raw[p.off[e]:][:p.size[e]]...)
	}
}

func (w *extensionWriter) own(h *Outgoing, set ExtensionSet) {
	if set.Has(MID) {
		mid := h.MID[:min(len(h.MID), 255)]
		w.element(MID, len(mid))
		w.dst = append(w.dst, mid...)
	}
	if set.Has(TransportCC) {
		w.element(TransportCC, 2)
		w.dst = binary.BigEndian.AppendUint16(w.dst, h.TransportCC)
	}
	if set.Has(AbsSendTime) {
		w.element(AbsSendTime, 3)
		w.dst = append(w.dst, byte(h.AbsSendTime>>16), byte(h.AbsSendTime>>8), byte(h.AbsSendTime))
	}
}

// end pads the block to 32 bits and writes its length.
func (w *extensionWriter) end() []byte {
	for (len(w.dst)-w.block)%4 != 0 {
		w.dst = append(w.dst, 0)
	}
	binary.BigEndian.PutUint16(w.dst[w.block+2:], uint16((len(w.dst)-w.block)/4-1))
	return w.dst
}
