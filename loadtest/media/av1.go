package media

// av1 is the AOMedia's RTP payload format: an aggregation header (section 4.4), before keyframes a sequence header, and
// one frame OBU in fragments. Only the headers are AV1.
type av1 struct{}

// Bits of the aggregation header, and headers of OBUs without a size of their own (AV1 specification section 5.3).
const (
	av1Continues = 0x80 // Z
	av1Goes      = 0x40 // Y: goes on in the next packet
	av1First     = 0x08 // N: of a coded video sequence

	obuSequence = 1 << 3
	obuFrame    = 6 << 3
	// sequenceBytes is a sequence header OBU: what decoders need is not in it.
	sequenceBytes = 1 + 10
)

func (av1) room(i, _ int, key bool) int {
	switch {
	case i > 0:
		return 1
	case key:
		return 1 + 1 + sequenceBytes + 1
	default:
		return 2
	}
}

func (av1) write(p []byte, i, n int, pic numbered) {
	p[0] = 0x10 // one element, without a size
	if i > 0 {
		p[0] |= av1Continues
	}
	if i < n-1 {
		p[0] |= av1Goes
	}
	if i > 0 {
		return
	}
	at := 1
	if pic.Key {
		p[0] = p[0]&^0x30 | 0x20 // two elements
		if pic.Spatial == 0 {
			p[0] |= av1First
		}
		p[1] = sequenceBytes
		clear(p[2 : 2+sequenceBytes])
		p[2] = obuSequence
		at += 1 + sequenceBytes
	}
	p[at] = obuFrame
}

func (av1) skip(p []byte) (int, bool) { return 1, len(p) > 0 && p[0]&0x07 == 0 }

func (av1) begins(p []byte) bool { return len(p) > 0 && p[0]&(av1Continues|av1First) == av1First }
