package sfutest

import "time"

// AV1Stream sends AV1 (AV1 RTP specification) in one spatial layer, each frame one OBU cut into pieces; a sequence header goes before
// keyframes.
type AV1Stream struct {
	RTP
	// Temporals is the number of temporal layers, 1 to 3; 0 means 1.
	Temporals int
	// DependencyID is the number of the dependency descriptor extension; 0 leaves it out.
	DependencyID uint8
	// FrameNumber is that of the next frame.
	FrameNumber uint16

	sinceKey int
}

// Frame returns the packets of one frame with about size bytes.
func (s *AV1Stream) Frame(now time.Time, keyframe bool, size int) [][]byte {
	if keyframe {
		s.sinceKey = 0
	}
	tid := temporalLayer(s.Temporals, s.sinceKey)
	obu := filler(max(size, 2), uint32(s.FrameNumber))
	obu[0], obu[1] = 6<<3|0x04, tid<<5 // OBU_FRAME with extension
	var sequence []byte
	if keyframe {
		sequence = []byte{4, 1 << 3, 0x00, 0x00, 0x00} // its length, then OBU_SEQUENCE_HEADER
	}
	timestamp := s.timestamp(now, videoClock)
	longest := s.dependency(true, true, keyframe, tid)
	sizes := cut(len(obu), s.room(longest...)-1-len(sequence))
	packets := make([][]byte, 0, len(sizes))
	for i, n := range sizes {
		first, last := i == 0, i == len(sizes)-1
		payload := []byte{0x10} // one element, without length
		if !first {
			payload[0] |= 0x80 // Z
		} else if keyframe {
			payload[0] = 0x28 // N; two elements
			payload = append(payload, sequence...)
		}
		if !last {
			payload[0] |= 0x40 // Y
		}
		payload = append(payload, obu[:n]...)
		obu = obu[n:]
		packets = append(packets, s.packet(timestamp, last, payload, s.dependency(first, last, keyframe, tid)...))
	}
	s.FrameNumber++
	s.sinceKey++
	return packets
}

// dependency is the dependency descriptor of one packet; with the template structure in a keyframe's first.
func (s *AV1Stream) dependency(first, last, keyframe bool, tid byte) []Extension {
	if s.DependencyID == 0 {
		return nil
	}
	var w bitWriter
	w.flag(first)
	w.flag(last)
	w.bits(uint32(tid), 6)
	w.bits(uint32(s.FrameNumber), 16)
	if first && keyframe {
		s.structure(&w)
	}
	return []Extension{{ID: s.DependencyID, Value: w.b}}
}

// structure writes one template and one decode target for each temporal layer, and no chains (appendix A.8 of the specification).
func (s *AV1Stream) structure(w *bitWriter) {
	const notPresent, discardable, switching = 0, 1, 2
	layers := max(1, s.Temporals)
	w.bits(0x10, 5)             // structure alone
	w.bits(0, 6)                // first template is 0
	w.bits(uint32(layers-1), 5) // decode targets
	for range layers - 1 {
		w.bits(1, 2) // next temporal layer
	}
	w.bits(3, 2)
	for template := range layers {
		for target := range layers {
			switch {
			case template > target:
				w.bits(notPresent, 2)
			case template == target && template > 0:
				w.bits(discardable, 2)
			default:
				w.bits(switching, 2)
			}
		}
	}
	for range layers {
		w.flag(false) // references
	}
	w.bits(0, []int{1: 1, 2: 1, 3: 2}[layers]) // no chains: ns(layers+1) of 0
	w.flag(false)                              // resolutions
}

// bitWriter appends bits, most significant first.
type bitWriter struct {
	b    []byte
	free int // bits of the last byte
}

func (w *bitWriter) bits(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		w.flag(v>>i&1 == 1)
	}
}

func (w *bitWriter) flag(set bool) {
	if w.free == 0 {
		w.b, w.free = append(w.b, 0), 8
	}
	w.free--
	if set {
		w.b[len(w.b)-1] |= 1 << w.free
	}
}
