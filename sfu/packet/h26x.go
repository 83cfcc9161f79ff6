package packet

import "encoding/binary"

// NAL unit types of H.264 (ITU-T H.264 table 7-1) and of its RTP format (RFC 6184, table 1).
const (
	h264Slice  = 1
	h264IDR    = 5
	h264SEI    = 6
	h264SPS    = 7
	h264AUD    = 9
	h264STAPA  = 24
	h264FUA    = 28
	h264FUB    = 29
	nalMask    = 0x1F
	fuStart    = 0x80 // FU header, H.264 and H.265 alike
	firstSlice = 0x80 // first bit of a slice header: ue(v) 0, i.e. the first macroblock, or first_slice_segment_in_pic_flag
)

// NAL unit types of H.265 (ITU-T H.265 table 7-1) and of its RTP format (RFC 7798, 4.4).
const (
	h265LastSlice = 31
	h265BLA       = 16 // first of the types at which decoding may start
	h265LastIRAP  = 23
	h265VPS       = 32
	h265SPS       = 33
	h265AUD       = 35
	h265AP        = 48
	h265FU        = 49
)

// readH264 calls a place where a decoder can start: an SPS, alone or in a STAP-A, or the beginning of an IDR slice.
func (d *Descriptor) readH264(payload []byte) error {
	switch t := payload[0] & nalMask; t {
	case h264STAPA:
		return eachNAL(payload[1:], 1, func(nal []byte) { d.noteH264(nal[0]&nalMask, nal[1:]) })
	case h264FUA, h264FUB:
		head := 2
		if t == h264FUB {
			head = 4 // a decoding order number follows
		}
		if len(payload) < head {
			return ErrShort
		}
		if payload[1]&fuStart != 0 {
			d.noteH264(payload[1]&nalMask, payload[head:])
		}
	default:
		d.noteH264(t, payload[1:])
	}
	return nil
}

// noteH264 notes what a NAL unit tells whose type is t and whose bytes after the header begin with rest.
func (d *Descriptor) noteH264(t byte, rest []byte) {
	switch t {
	case h264SPS:
		d.Start, d.Keyframe = true, true
	case h264AUD, h264SEI:
		d.Start = true
	case h264IDR, h264Slice:
		first := len(rest) > 0 && rest[0]&firstSlice != 0
		d.Start = d.Start || first
		d.Keyframe = d.Keyframe || t == h264IDR && first
	}
}

// readH265 calls a place where a decoder can start: a VPS or SPS, alone or in an aggregation, or the first slice of an IRAP picture.
func (d *Descriptor) readH265(payload []byte) error {
	if len(payload) < 2 {
		return ErrShort
	}
	if tid := payload[1] & 7; tid > 0 {
		d.Temporal = tid - 1
	}
	switch t := payload[0] >> 1 & 0x3F; t {
	case h265AP:
		return eachNAL(payload[2:], 2, func(nal []byte) { d.noteH265(nal[0]>>1&0x3F, nal[2:]) })
	case h265FU:
		if len(payload) < 3 {
			return ErrShort
		}
		if payload[2]&fuStart != 0 {
			d.noteH265(payload[2]&0x3F, payload[3:])
		}
	default:
		d.noteH265(t, payload[2:])
	}
	return nil
}

func (d *Descriptor) noteH265(t byte, rest []byte) {
	switch {
	case t == h265VPS || t == h265SPS:
		d.Start, d.Keyframe = true, true
	case t == h265AUD:
		d.Start = true
	case t <= h265LastSlice && len(rest) > 0 && rest[0]&firstSlice != 0:
		d.Start = true
		d.Keyframe = d.Keyframe || t >= h265BLA && t <= h265LastIRAP
	}
}

// eachNAL walks the NAL units of an aggregation, each behind its length of 16 bits. None may be shorter than its header.
func eachNAL(b []byte, header int, see func(nal []byte)) error {
	for len(b) > 0 {
		if len(b) < 2 {
			return ErrShort
		}
		n := int(binary.BigEndian.Uint16(b))
		b = b[2:]
		if n < header || n > len(b) {
			return ErrShort
		}
		see(b[:n])
		b = b[n:]
	}
	return nil
}
