package sfutest

import "time"

// H264Stream sends H.264 (RFC 6184, packetisation mode 1): a keyframe begins with a STAP-A of SPS and PPS; slices that do not fit into
// a packet go as FU-A.
type H264Stream struct {
	RTP
	// SeparateSets sends SPS and PPS in packets of their own.
	SeparateSets bool
}

// Frame returns the packets of one frame, one slice with size bytes.
func (s *H264Stream) Frame(now time.Time, keyframe bool, size int) [][]byte {
	// Baseline profile, level 3.1, 640x360.
	sps := []byte{0x67, 0x42, 0xE0, 0x1F, 0xDA, 0x02, 0x80, 0xBF, 0xE5, 0xC0, 0x5A, 0x80}
	pps := []byte{0x68, 0xCE, 0x3C, 0x80}
	timestamp := s.timestamp(now, videoClock)
	var packets [][]byte
	slice := filler(max(size, 2), uint32(s.Sequence))
	slice[0], slice[1] = 0x61, 0x9A // not IDR; first macroblock 0
	if keyframe {
		slice[0], slice[1] = 0x65, 0x88
		if s.SeparateSets {
			packets = append(packets, s.packet(timestamp, false, sps), s.packet(timestamp, false, pps))
		} else {
			stap := append([]byte{0x78, 0, byte(len(sps))}, sps...)
			stap = append(append(stap, 0, byte(len(pps))), pps...)
			packets = append(packets, s.packet(timestamp, false, stap))
		}
	}
	return append(packets, s.slice(timestamp, slice)...)
}

func (s *H264Stream) slice(timestamp uint32, nal []byte) [][]byte {
	if len(nal) <= s.room() {
		return [][]byte{s.packet(timestamp, true, nal)}
	}
	indicator, kind, rest := nal[0]&0xE0|28, nal[0]&0x1F, nal[1:]
	sizes := cut(len(rest), s.room()-2)
	packets := make([][]byte, 0, len(sizes))
	for i, n := range sizes {
		head, last := kind, i == len(sizes)-1
		if i == 0 {
			head |= 0x80 // S
		}
		if last {
			head |= 0x40 // E
		}
		packets = append(packets, s.packet(timestamp, last, append([]byte{indicator, head}, rest[:n]...)))
		rest = rest[n:]
	}
	return packets
}
