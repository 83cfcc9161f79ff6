package media

import "time"

const (
	AudioClock  = 48000 // Hz, RFC 7587
	audioPacket = 20 * time.Millisecond
	opusTOC     = 0x78 // hybrid, full band, 20 ms, mono, one frame (RFC 6716 section 3.1)
)

// audioEncoder makes one Opus packet of constant size every 20 ms. Only its first byte is Opus.
type audioEncoder struct {
	track  uint32
	number uint32
	buf    []byte
	list   [1][]byte
}

func NewAudio(track uint32, m Shape) *audioEncoder {
	return &audioEncoder{track: track, buf: make([]byte, m.AudioBytes)}
}

func (a *audioEncoder) Every() time.Duration { return audioPacket }
func (a *audioEncoder) Sent() uint32         { return a.number }

func (a *audioEncoder) Encode(now time.Time, _ bool) Frame {
	a.buf[0] = opusTOC
	Stamp{Track: a.track, Number: a.number, Sent: now.UnixNano(), Frame: a.number, Of: 1}.put(a.buf[1:])
	f := Frame{Timestamp: a.number * uint32(AudioClock*audioPacket/time.Second)}
	a.list[0] = a.buf
	f.Payloads = a.list[:]
	a.number++
	return f
}

// AudioStamp finds the Stamp in an Opus payload.
func AudioStamp(payload []byte) (Stamp, bool) {
	if len(payload) < 1 {
		return Stamp{}, false
	}
	return readStamp(payload[1:])
}
