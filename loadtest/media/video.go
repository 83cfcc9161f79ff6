package media

import (
	"math/rand/v2"
	"time"
)

const (
	// keyframeFactor is how much larger a keyframe is than another frame: what 720p conversations show, roughly.
	keyframeFactor = 3
	// sizeSpread is how far a frame's size may be off the average, as a fraction.
	sizeSpread = 0.03
)

// synthetic is video of constant rate: a frame of nearly the same size in each interval, which leaves as one burst. As
// Chromium does it, the packets of a frame differ by at most one byte, the shorter ones first.
type synthetic struct {
	media  Shape
	rng    *rand.Rand
	pack   *Packetizer
	frames uint32
	owed   float64 // fractions of packets that earlier frames left
	sizes  []int
}

func newSynthetic(track uint32, m Shape, seed uint64) *synthetic {
	rng := rand.New(rand.NewPCG(seed, uint64(track))) //nolint:gosec // a repeatable load, no secret
	return &synthetic{media: m, rng: rng, pack: NewPacketizer(track, m.Codec, seed)}
}

func (v *synthetic) Sent() (packets, frames uint32) { return v.pack.Sent() }

func (v *synthetic) Wait() time.Duration {
	if v.frames == 0 {
		return 0
	}
	return time.Second / time.Duration(v.media.FPS)
}

// packets returns how many the next frame has: on average FramePackets, keyframeFactor times that for a keyframe.
func (v *synthetic) packets(key bool) int {
	v.owed += v.media.FramePackets
	n := int(v.owed + 1e-9)
	v.owed -= float64(n)
	if key {
		n = int(float64(keyframeFactor)*v.media.FramePackets + 0.5)
	}
	return max(n, 1)
}

func (v *synthetic) Next(now time.Time, key bool) Burst {
	key = key || v.frames == 0
	n := v.packets(key)
	spread := 1 + sizeSpread*(2*v.rng.Float64()-1)
	total := int(float64(n*v.media.PacketBytes) * spread)
	v.sizes = v.sizes[:0]
	for i := range n {
		size := total / n
		if i >= n-total%n {
			size++
		}
		v.sizes = append(v.sizes, size)
	}
	v.pack.Begin(n, Picture{Key: key, Sync: true})
	b := Burst{
		Payloads: v.pack.Pack(now, v.sizes...), Key: key, Marker: true,
		Timestamp: v.frames * uint32(VideoClock/v.media.FPS), //nolint:gosec // FPS is bounded
	}
	v.frames++
	return b
}
