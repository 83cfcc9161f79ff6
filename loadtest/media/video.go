package media

import (
	"encoding/binary"
	"math/rand/v2"
	"time"
)

const (
	VideoClock = 90000 // Hz, RFC 7741
	// keyframeFactor is how much larger a keyframe is than another frame: what 720p conversations show, roughly.
	keyframeFactor = 3
	// vp8Descriptor is the size of the payload descriptor we write (RFC 7741 section 4.2): X, I|L|T, a picture id of
	// 15 bits, TL0PICIDX, TID|Y|KEYIDX.
	vp8Descriptor = 6
	// vp8Header is the size of a keyframe's header (RFC 7741 section 4.3). We leave as much room in every packet, so
	// that a Stamp has one place.
	vp8Header   = 10
	vp8Overhead = vp8Descriptor + vp8Header
	// sizeSpread is how far a frame's size may be off the average, as a fraction.
	sizeSpread = 0.03
)

// videoEncoder makes pictures that no decoder would like, in packets that any forwarder takes for VP8: valid
// descriptors, growing picture ids, keyframe headers. As Chromium does it, the packets of a frame differ by at most
// one byte, the shorter ones first.
type videoEncoder struct {
	track  uint32
	media  Shape
	rng    *rand.Rand
	frames uint32
	number uint32
	owed   float64 // fractions of packets that earlier frames left
	arena  []byte
	list   [][]byte
	keyed  bool // the first frame, a keyframe, was made
	tl0    uint8
	base   uint16
}

func NewVideo(track uint32, m Shape, seed uint64) *videoEncoder {
	rng := rand.New(rand.NewPCG(seed, uint64(track))) //nolint:gosec // a repeatable load, no secret
	return &videoEncoder{track: track, media: m, rng: rng, base: uint16(rng.Uint32N(1 << 15)), tl0: uint8(rng.Uint32N(256))}
}

func (v *videoEncoder) Every() time.Duration { return time.Second / time.Duration(v.media.FPS) }
func (v *videoEncoder) Sent() uint32         { return v.number }

// packets returns how many the next frame has: on average FramePackets, keyframeFactor times that for a keyframe.
func (v *videoEncoder) packets(key bool) int {
	v.owed += v.media.FramePackets
	n := int(v.owed + 1e-9)
	v.owed -= float64(n)
	if key {
		n = int(float64(keyframeFactor)*v.media.FramePackets + 0.5)
	}
	return max(n, 1)
}

func (v *videoEncoder) Encode(now time.Time, key bool) Frame {
	key = key || !v.keyed
	v.keyed = true
	n := v.packets(key)
	spread := 1 + sizeSpread*(2*v.rng.Float64()-1)
	total := min(max(int(float64(n*v.media.PacketBytes)*spread), n*minPacketBytes), n*maxPacketBytes)
	f := Frame{Timestamp: v.frames * uint32(VideoClock/v.media.FPS), key: key} //nolint:gosec // FPS is bounded
	v.arena, v.list = v.arena[:0], v.list[:0]
	if need := total + n; cap(v.arena) < need {
		v.arena = make([]byte, 0, 2*need)
	}
	for i := range n {
		size := total / n
		if i >= n-total%n {
			size++
		}
		at := len(v.arena)
		v.arena = v.arena[:at+size]
		p := v.arena[at : at+size : at+size]
		v.describe(p, i, key)
		Stamp{
			Track: v.track, Number: v.number, Sent: now.UnixNano(), Frame: v.frames,
			Index: uint8(i), Of: uint8(n), Key: key, //nolint:gosec // n is bounded by validate
		}.put(p[vp8Overhead:])
		v.number++
		v.list = append(v.list, p)
	}
	v.frames++
	f.Payloads = v.list
	return f
}

// describe writes descriptor and frame header of packet i.
func (v *videoEncoder) describe(p []byte, i int, key bool) {
	picture := (uint32(v.base) + v.frames) & 0x7fff
	p[0], p[1] = 0x80, 0xe0 // X; I, L, T
	if i == 0 {
		p[0] |= 0x10 // S: begins partition 0
	}
	binary.BigEndian.PutUint16(p[2:], uint16(0x8000|picture)) //nolint:gosec // masked
	p[4] = v.tl0 + uint8(v.frames)                            //nolint:gosec // wraps by design
	p[5] = 0x20                                               // TID 0, Y: one temporal layer
	h := p[vp8Descriptor:vp8Overhead]
	clear(h)
	if i > 0 {
		return
	}
	h[0] = 0x10 // show_frame
	if !key {
		h[0] |= 0x01
		return
	}
	h[3], h[4], h[5] = 0x9d, 0x01, 0x2a
	binary.LittleEndian.PutUint16(h[6:], 1280)
	binary.LittleEndian.PutUint16(h[8:], 720)
}

// VideoStamp finds the Stamp in a VP8 payload, whatever the server made of the descriptor.
func VideoStamp(payload []byte) (Stamp, bool) {
	n, ok := vp8DescriptorSize(payload)
	if !ok || len(payload) < n+vp8Header {
		return Stamp{}, false
	}
	return readStamp(payload[n+vp8Header:])
}

// vp8DescriptorSize reads how long the descriptor is (RFC 7741 section 4.2).
func vp8DescriptorSize(p []byte) (int, bool) {
	if len(p) < 1 {
		return 0, false
	}
	if p[0]&0x80 == 0 {
		return 1, true
	}
	if len(p) < 2 {
		return 0, false
	}
	n, has := 2, p[1]
	if has&0x80 != 0 { // I
		if len(p) <= n {
			return 0, false
		}
		if p[n]&0x80 != 0 {
			n++
		}
		n++
	}
	if has&0x40 != 0 { // L
		n++
	}
	if has&0x30 != 0 { // T or K
		n++
	}
	return n, len(p) >= n
}

// BeginsKeyframe tells whether a VP8 payload begins a keyframe (RFC 7741 section 4.3).
func BeginsKeyframe(p []byte) bool {
	n, ok := vp8DescriptorSize(p)
	return ok && len(p) > n && p[0]&0x1f == 0x10 && p[n]&1 == 0
}
