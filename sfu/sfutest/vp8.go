package sfutest

import "time"

// VP8Stream sends VP8 (RFC 7741) with all that its descriptor can hold: 15-bit picture ids, TL0PICIDX, TID, Y and KEYIDX.
type VP8Stream struct {
	RTP
	// Temporals is the number of temporal layers, 1 to 3; 0 means 1.
	Temporals int
	// PictureID is that of the next frame; TL0 and KeyIdx are those of the frame before.
	PictureID uint16
	TL0       uint8
	KeyIdx    uint8

	sinceKey int // frames since the last keyframe
}

// Frame returns the packets of one frame whose bit stream has size bytes, at least 10.
func (s *VP8Stream) Frame(now time.Time, keyframe bool, size int) [][]byte {
	tid, sync := s.layer(keyframe)
	bits := s.bitstream(keyframe, max(size, 10))
	if tid == 0 {
		s.TL0++
	}
	head := []byte{
		0x80, 0xF0, // X; I, L, T, K
		0x80 | byte(s.PictureID>>8), byte(s.PictureID),
		s.TL0,
		tid<<6 | sync<<5 | s.KeyIdx&0x1F,
	}
	if tid != 0 {
		head[0] |= 0x20 // N: nothing refers to it
	}
	timestamp := s.timestamp(now, videoClock)
	sizes := cut(len(bits), s.room()-len(head))
	packets := make([][]byte, 0, len(sizes))
	for i, n := range sizes {
		payload := append(append([]byte(nil), head...), bits[:n]...)
		if i == 0 {
			payload[0] |= 0x10 // S
		}
		bits = bits[n:]
		packets = append(packets, s.packet(timestamp, i == len(sizes)-1, payload))
	}
	s.PictureID = (s.PictureID + 1) & 0x7FFF
	s.sinceKey++
	return packets
}

// layer is the temporal layer of the next frame, and whether it is a layer sync: each layer's first frame after a keyframe is one.
func (s *VP8Stream) layer(keyframe bool) (tid, sync byte) {
	if keyframe {
		s.sinceKey = 0
		s.KeyIdx = (s.KeyIdx + 1) & 0x1F
	}
	tid = temporalLayer(s.Temporals, s.sinceKey)
	if tid != 0 && s.sinceKey <= 2 {
		sync = 1
	}
	return tid, sync
}

// bitstream is a VP8 frame whose header (RFC 6386, 9.1) is right and whose rest is noise.
func (s *VP8Stream) bitstream(keyframe bool, size int) []byte {
	bits := filler(size, uint32(s.PictureID))
	first := uint32(size)<<5 | 1<<4 // length of the first partition, shown
	if !keyframe {
		first |= 1
	}
	bits[0], bits[1], bits[2] = byte(first), byte(first>>8), byte(first>>16)
	if keyframe {
		copy(bits[3:], []byte{0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x01}) // start code, 640x360
	}
	return bits
}
