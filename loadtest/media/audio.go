package media

import (
	"math/rand/v2"
	"time"
)

const (
	audioPacket = 20 * time.Millisecond
	opusTOC     = 0x78 // hybrid, full band, 20 ms, mono, one frame (RFC 6716 section 3.1)

	// quietPacket is how often something is sent in a silence (RFC 6716 section 2.1.9, as libopus does it), with as
	// little in it as a Stamp allows.
	quietPacket = 400 * time.Millisecond
	quietBytes  = 1 + StampSize
	// talkLevel is how loud synthetic speech is, -dBov.
	talkLevel = 30
	// Talking and silence take turns of these lengths on average, as in conversations.
	talkFor, quietFor = 1200 * time.Millisecond, 1800 * time.Millisecond
)

// A Voice makes the payloads of Opus: only their first byte is Opus, then comes the Stamp. It reads no clock. Not safe
// for concurrent use.
type Voice struct {
	track  uint32
	number uint32
	buf    []byte
	list   [1][]byte
}

// NewVoice makes the packets of the track that a TrackID names.
func NewVoice(track uint32) *Voice { return &Voice{track: track, buf: make([]byte, MaxPacketBytes)} }

// Pack returns one payload of this many bytes, or of as many as the Stamp needs. It is valid until the next call.
func (v *Voice) Pack(now time.Time, size int) [][]byte {
	b := v.buf[:min(max(size, 1+StampSize), MaxPacketBytes)]
	b[0] = opusTOC
	Stamp{Track: v.track, Number: v.number, Sent: now.UnixNano(), Frame: v.number, Of: 1}.put(b[1:])
	v.number++
	v.list[0] = b
	return v.list[:]
}

// Sent is how many packets were made; each is a frame.
func (v *Voice) Sent() (packets, frames uint32) { return v.number, v.number }

// talk is a synthetic microphone: a packet of constant size every 20 ms; with silences, hardly any in those.
type talk struct {
	*Voice
	bytes    int
	silences *rand.Rand    // nil: it never is silent
	left     time.Duration // of the stretch
	quiet    bool
	began    bool // the stretch did, with a marker due if it is talk
	ticks    uint32
}

func newTalk(track uint32, m Shape, seed uint64) *talk {
	t := &talk{Voice: NewVoice(track), bytes: m.AudioBytes}
	if m.DTX {
		t.quiet = true
		t.silences = rand.New(rand.NewPCG(seed, uint64(track))) //nolint:gosec // a repeatable load, no secret
		t.turn()
	}
	return t
}

// turn begins the next stretch of talk or silence: half to one and a half of its usual length.
func (t *talk) turn() {
	usual := talkFor
	if t.quiet = !t.quiet; t.quiet {
		usual = quietFor
	}
	t.left = usual/2 + time.Duration(t.silences.Int64N(int64(usual)))
	t.began = true
}

// Wait tells when the next packet is due.
func (t *talk) Wait() time.Duration {
	switch {
	case t.number == 0:
		return 0
	case t.quiet && !t.began:
		return quietPacket
	default:
		return audioPacket
	}
}

func (t *talk) Next(now time.Time, _ bool) Burst {
	gone := t.Wait()
	t.ticks += uint32(gone * AudioClock / time.Second) //nolint:gosec // wraps by design
	b := Burst{Timestamp: t.ticks, Marker: t.began && !t.quiet}
	size := t.bytes
	b.Level = Voiced | talkLevel
	if t.quiet {
		size, b.Level = quietBytes, Silent
	}
	b.Payloads = t.Pack(now, size)
	t.began = false
	if t.left -= gone; t.silences != nil && t.left <= 0 {
		t.turn()
	}
	return b
}
