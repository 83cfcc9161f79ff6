package sfutest

import "time"

// OpusStream sends Opus (RFC 7587), one frame in a packet.
type OpusStream struct {
	RTP
	// AudioLevelID is the number of the audio level extension (RFC 6464); 0 leaves it out.
	AudioLevelID uint8
}

// Packet returns one packet with size bytes of Opus at the level in -dBov (0 to 127). The voice flag is set above -50 dBov; the
// marker never, as in Chromium without DTX.
func (s *OpusStream) Packet(now time.Time, level uint8, size int) []byte {
	payload := filler(max(size, 1), uint32(s.Sequence))
	payload[0] = 0x78 // CELT, full band, 20 ms, mono, one frame
	var extra []Extension
	if s.AudioLevelID != 0 {
		value := level & 0x7F
		if level < 50 {
			value |= 0x80
		}
		extra = append(extra, Extension{ID: s.AudioLevelID, Value: []byte{value}})
	}
	return s.packet(s.timestamp(now, opusClock), false, payload, extra...)
}
