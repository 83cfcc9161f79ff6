package media

import (
	"math/rand/v2"
	"time"
)

// MaxPacketBytes is the largest payload that fits into a datagram with all that stands around it.
const MaxPacketBytes = 1180

// MaxFramePackets is how many packets a frame may have: a Stamp counts them in a byte.
const MaxFramePackets = 255

// A Packetizer makes the payloads of one layer of video for frames whose sizes are given: what no decoder would like, in
// packets that any forwarder takes for the codec's, with valid descriptors and growing picture ids, each with its Stamp.
// It reads no clock. Not safe for concurrent use.
type Packetizer struct {
	track  uint32
	form   packaging
	frames uint32
	number uint32
	arena  []byte
	list   [][]byte

	// The frame that is being sent.
	of, next int
	picture  numbered
}

// A Picture is what a frame is, beside its packets.
type Picture struct {
	Key           bool
	Temporal      uint8  // temporal layer, where the codec's payload tells; 0 of keyframes
	Spatial       uint8  // spatial layer of one that has them in one stream; above 0, it belongs to the frame before
	Spatials      uint8  // how many of those the stream has; 0 means one
	Sync          bool   // receivers of lower temporal layers may go up here
	Width, Height uint16 // told by keyframes; 0: 1280 x 720
}

// A numbered picture is one as descriptors count it.
type numbered struct {
	Picture
	number uint32 // of the picture
	base   uint8  // TL0PICIDX: of the last one in the lowest temporal layer
}

// NewPacketizer makes the packets of the layer that a TrackID names. seed chooses where picture ids begin.
func NewPacketizer(track uint32, c Codec, seed uint64) *Packetizer {
	rng := rand.New(rand.NewPCG(seed, uint64(track))) //nolint:gosec // a repeatable load, no secret
	p := &Packetizer{track: track, form: c.packaging()}
	p.picture.number = rng.Uint32N(1 << 15)
	p.picture.base = uint8(p.picture.number) //nolint:gosec // wraps by design
	return p
}

// Begin starts a frame of so many packets, at most MaxFramePackets. The frame before is over, complete or not.
func (p *Packetizer) Begin(packets int, pic Picture) {
	if p.of > 0 {
		p.frames++
	}
	if pic.Width == 0 {
		pic.Width, pic.Height = 1280, 720
	}
	base := p.picture.base
	number := p.picture.number
	if pic.Spatial == 0 {
		number++
		if pic.Temporal == 0 {
			base++
		}
	}
	p.of, p.next = min(max(packets, 1), MaxFramePackets), 0
	p.picture = numbered{Picture: pic, number: number, base: base}
}

// Pack returns the next packets of the frame, of these sizes in bytes as near as the descriptor, the Stamp and
// MaxPacketBytes allow. now is when they leave. They are valid until the next call of Pack.
func (p *Packetizer) Pack(now time.Time, sizes ...int) [][]byte {
	p.list = p.list[:0]
	if need := len(sizes) * MaxPacketBytes; cap(p.arena) < need {
		p.arena = make([]byte, need)
	}
	for k, size := range sizes {
		if p.next >= p.of {
			break // more than the frame was to have
		}
		room := p.form.room(p.next, p.of, p.picture.Key)
		size = min(max(size, room+StampSize), MaxPacketBytes)
		b := p.arena[k*MaxPacketBytes:][:size:size]
		p.form.write(b, p.next, p.of, p.picture)
		Stamp{
			Track: p.track, Number: p.number, Sent: now.UnixNano(), Frame: p.frames,
			Index: uint8(p.next), Of: uint8(p.of), Key: p.picture.Key, //nolint:gosec // both at most MaxFramePackets
		}.put(b[room:])
		p.number++
		p.next++
		p.list = append(p.list, b)
	}
	return p.list
}

// Done tells whether all packets of the frame were made.
func (p *Packetizer) Done() bool { return p.next >= p.of }

// Sent is how many packets were made, and how many frames begun.
func (p *Packetizer) Sent() (packets, frames uint32) {
	if p.of == 0 {
		return 0, 0
	}
	return p.number, p.frames + 1
}
