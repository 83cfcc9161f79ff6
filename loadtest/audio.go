package loadtest

import "time"

const (
	audioClock  = 48000 // Hz, RFC 7587
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

func newAudioEncoder(track uint32, m Media) *audioEncoder {
	return &audioEncoder{track: track, buf: make([]byte, m.AudioBytes)}
}

func (a *audioEncoder) every() time.Duration { return audioPacket }
func (a *audioEncoder) sent() uint32         { return a.number }

func (a *audioEncoder) encode(now time.Time, _ bool) frame {
	a.buf[0] = opusTOC
	stamp{track: a.track, number: a.number, sent: now.UnixNano(), frame: a.number, of: 1}.put(a.buf[1:])
	f := frame{timestamp: a.number * uint32(audioClock*audioPacket/time.Second)}
	a.list[0] = a.buf
	f.payloads = a.list[:]
	a.number++
	return f
}

// audioStamp finds the Stamp in an Opus payload.
func audioStamp(payload []byte) (stamp, bool) {
	if len(payload) < 1 {
		return stamp{}, false
	}
	return readStamp(payload[1:])
}
