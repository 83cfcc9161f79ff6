package sfutest

import "time"

// VP9Stream sends VP9 (RFC 9628) in non-flexible mode, as libwebrtc does for SVC: the spatial layers of a picture are frames of their
// own, predicted from one another in keyframes only (L3T3_KEY and its kin).
type VP9Stream struct {
	RTP
	// Spatials and Temporals are the numbers of layers, 1 to 3; 0 means 1.
	Spatials, Temporals int
	// PictureID is that of the next picture; TL0 is that of the picture before.
	PictureID uint16
	TL0       uint8

	sinceKey int
}

// Frame returns the packets of one picture, of which each spatial layer has twice the size of the one below; the lowest has size bytes.
func (s *VP9Stream) Frame(now time.Time, keyframe bool, size int) [][]byte {
	if keyframe {
		s.sinceKey = 0
	}
	tid := temporalLayer(s.Temporals, s.sinceKey)
	if tid == 0 {
		s.TL0++
	}
	timestamp := s.timestamp(now, videoClock)
	spatials := max(1, s.Spatials)
	var packets [][]byte
	for sid := range spatials {
		head := s.descriptor(keyframe, sid, tid)
		sizes := cut(max(1, size<<sid), s.room()-len(head)-8)
		for i, n := range sizes {
			payload := append(append([]byte(nil), head...), filler(n, uint32(s.PictureID)+uint32(sid))...)
			if i == 0 {
				payload[0] |= 0x08 // B
			}
			last := i == len(sizes)-1
			if last {
				payload[0] |= 0x04 // E
			}
			packets = append(packets, s.packet(timestamp, last && sid == spatials-1, payload))
		}
	}
	s.PictureID = (s.PictureID + 1) & 0x7FFF
	s.sinceKey++
	return packets
}

func (s *VP9Stream) descriptor(keyframe bool, sid int, tid byte) []byte {
	head := []byte{0xA0, 0x80 | byte(s.PictureID>>8), byte(s.PictureID)} // I and L
	if !keyframe {
		head[0] |= 0x40 // P
	}
	layer := tid<<5 | byte(sid)<<1
	if tid != 0 && s.sinceKey <= 2 {
		layer |= 0x10 // U
	}
	if keyframe && sid > 0 {
		layer |= 0x01 // D
	}
	head = append(head, layer, s.TL0)
	if keyframe && sid == 0 {
		head[0] |= 0x02                                    // V
		head = append(head, byte(max(1, s.Spatials)-1)<<5) // neither resolutions nor group
	}
	return head
}

// temporalLayer is that of the n-th frame since the keyframe, in the patterns 0 1 and 0 2 1 2.
func temporalLayer(layers, n int) byte {
	switch layers {
	case 2:
		return [2]byte{0, 1}[n%2]
	case 3:
		return [4]byte{0, 2, 1, 2}[n%4]
	}
	return 0
}
