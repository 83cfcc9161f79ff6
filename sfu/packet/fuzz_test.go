package packet

import (
	"testing"

	"github.com/pion/rtp"
)

// FuzzParse looks for panics, and for packets that pion reads differently. What pion refuses or reads more freely is left out.
func FuzzParse(f *testing.F) {
	f.Add(header(0x22, 1, 1, 1, 1, 2, 2, 2, 2, 'a', 'b', 'c', 0, 2))
	f.Add(header(0x10, 0xBE, 0xDE, 0, 2, 0x40, 0xB2, 0x51, 0xAB, 0xCD, 0, 0, 0, 1, 2))
	f.Add(header(0x30, 0x10, 0x00, 0, 2, 4, 1, 0x85, 0, 5, 2, 1, 2, 0, 0, 3))
	f.Add(header(0x10, 0xBE, 0xDE, 0, 1, 0xF0, 0, 0x40, 0x85))
	for _, raw := range captured(f) {
		f.Add(raw)
	}
	m := testMap()
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p Packet
		if p.Parse(raw, m) != nil {
			return
		}
		for e := MID; int(e) < NumExtensions; e++ {
			if v := p.Extension(e); len(v) > 255 {
				t.Fatalf("extension %d has %d bytes", e, len(v))
			}
		}
		p.AudioLevel()
		p.TransportCC()
		var again Packet
		out := append(AppendHeader(nil, Outgoing{Padding: p.PaddingSize > 0}, &p, m, ^ExtensionSet(0)), p.Raw[p.HeaderSize:]...)
		if err := again.Parse(out, m); err != nil {
			t.Fatalf("own header: %v", err)
		}
		for e := MID; int(e) < NumExtensions; e++ {
			if string(again.Extension(e)) != string(p.Extension(e)) {
				t.Fatalf("extension %d does not survive", e)
			}
		}
		var want rtp.Packet
		if want.Unmarshal(append([]byte(nil), raw...)) == nil && string(want.Payload) != string(p.Payload()) {
			t.Fatalf("payload %x, pion has %x", p.Payload(), want.Payload)
		}
	})
}

// FuzzDescribe looks for panics, and for offsets that would let Rewrite write outside of the descriptor.
func FuzzDescribe(f *testing.F) {
	f.Add(uint8(VP8), []byte{0x90, 0xF0, 0x80, 0x05, 1, 0xA1, 7})
	f.Add(uint8(VP9), []byte{0x8A, 0x05, 0x38, 1, 0x40, 0, 0xB4, 2, 0x80, 1, 0x68, 2, 0x04, 0xFF, 0x48, 1, 2})
	f.Add(uint8(VP9), []byte{0xFC, 0x80, 0x05, 0x24, 0x03, 0x02})
	f.Add(uint8(H264), []byte{0x78, 0, 2, 0x67, 0x42, 0, 1, 0x68})
	f.Add(uint8(H264), []byte{0x7C, 0x85, 0x88})
	f.Add(uint8(H265), []byte{0x60, 0x01, 0, 2, 0x42, 0x01})
	f.Add(uint8(AV1), []byte{0x28, 0x02, 0x08, 0x00, 0x34, 0x20})
	for _, raw := range captured(f) {
		var p Packet
		if err := p.Parse(raw, nil); err != nil {
			f.Fatal(err)
		}
		for c := VP8; c <= AV1; c++ {
			f.Add(uint8(c), p.Payload())
		}
	}
	f.Fuzz(func(t *testing.T, codec uint8, payload []byte) {
		c := Codec(codec % (uint8(AV1) + 1))
		var p Packet
		if p.Parse(header(0, payload...), nil) != nil || p.Describe(c) != nil {
			return
		}
		rewritten := append([]byte(nil), payload...)
		size := 0
		switch c {
		case VP8:
			p.Descriptor.VP8.Rewrite(rewritten, 0xFFFF, 0xFF, 0xFF)
			size = int(p.Descriptor.VP8.Size)
		case VP9:
			p.Descriptor.VP9.Rewrite(rewritten, 0xFFFF, 0xFF)
			size = int(p.Descriptor.VP9.Size)
		case Unknown, Opus, RED, H264, H265, AV1:
			return
		}
		if string(rewritten[size:]) != string(payload[size:]) {
			t.Fatal("rewriting reached the bit stream")
		}
		before := p.Descriptor
		if p.Parse(header(0, rewritten...), nil) != nil || p.Describe(c) != nil {
			t.Fatal("the rewritten descriptor is refused")
		}
		if after := p.Descriptor; after.VP8.Size != before.VP8.Size || after.VP9.Size != before.VP9.Size || after.Keyframe != before.Keyframe {
			t.Fatalf("before %+v, after %+v", before, after)
		}
	})
}

func FuzzDependencyDescriptor(f *testing.F) {
	f.Add(bitString(mandatory+"1:1 0:1 0:1 0:1 0:1 | "+structureL2T2+"1:1 319:16 179:16 639:16 359:16"), []byte{0x8A, 0, 1})
	f.Add([]byte{1, 2, 3}, bitString("1:1 1:1 11:6 1:16 | 0:1 0:1 0:1 0:1 1:1 | 1:8 2:8"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var known Templates
		for _, dd := range [][]byte{first, second} {
			before := known
			d, err := known.Update(dd)
			if err != nil && known != before {
				t.Fatal("a refused descriptor left something behind")
			}
			if d.Spatial >= maxSpatial || d.Temporal >= maxTemporal {
				t.Fatalf("layer out of range: %+v", d)
			}
		}
	})
}
