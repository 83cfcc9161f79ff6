package packet

import (
	"bytes"
	"testing"

	"github.com/pion/rtp"
	"pgregory.net/rapid"
)

func received(t testing.TB, raw []byte) *Packet {
	t.Helper()
	var p Packet
	if err := p.Parse(raw, testMap()); err != nil {
		t.Fatal(err)
	}
	return &p
}

func TestAppendHeader(t *testing.T) {
	base := Outgoing{PayloadType: 96, Marker: true, Sequence: 0x1234, Timestamp: 0xDEADBEEF, SSRC: 0xCAFEBABE}
	with := func(change func(*Outgoing)) Outgoing {
		h := base
		change(&h)
		return h
	}
	// MID "v", level 0x85, transport number 0x0102, orientation 3
	p := received(t, header(0x10, 0xBE, 0xDE, 0, 3, 0x10, 'v', 0x40, 0x85, 0x51, 1, 2, 0x80, 3, 0, 0, 0, 0xFF))
	wide := received(t, append(header(0x10, 0x10, 0x00, 0, 5, 7, 17), make([]byte, 18)...))
	to := func(ids map[Extension]uint8) *ExtensionMap {
		uris := map[string]uint8{}
		for e, id := range ids {
			uris[e.URI()] = id
		}
		return NewExtensionMap(uris)
	}
	tests := map[string]struct {
		h    Outgoing
		p    *Packet
		to   *ExtensionMap
		keep ExtensionSet
		want []byte
	}{
		"without extensions":             {h: base, p: p, want: header(0)},
		"padding sets its bit":           {h: with(func(h *Outgoing) { h.Padding = true }), want: header(0x20)},
		"none in common leaves no block": {h: base, p: p, to: to(map[Extension]uint8{RID: 3}), keep: Forwarded, want: header(0)},
		"renumbered": {
			h: base, p: p, to: to(map[Extension]uint8{AudioLevel: 1}), keep: Forwarded,
			want: header(0x10, 0xBE, 0xDE, 0, 1, 0x10, 0x85, 0, 0),
		},
		"hop-by-hop extensions stay behind": {
			h: base, p: p, to: testMap(), keep: Forwarded,
			want: header(0x10, 0xBE, 0xDE, 0, 1, 0x40, 0x85, 0x80, 3),
		},
		"hop-by-hop extensions go when asked for": {
			h: base, p: p, to: testMap(), keep: ExtensionSet(0).With(MID),
			want: header(0x10, 0xBE, 0xDE, 0, 1, 0x10, 'v', 0, 0),
		},
		"our own take the place of received ones": {
			h: with(func(h *Outgoing) {
				h.MID, h.HasTransportCC, h.TransportCC = "0", true, 0xAABB
				h.HasAbsSendTime, h.AbsSendTime = true, 0x010203
			}),
			p: p, to: testMap(), keep: ^ExtensionSet(0).With(VideoOrientation).Without(AudioLevel),
			want: header(0x10, 0xBE, 0xDE, 0, 3, 0x40, 0x85, 0x10, '0', 0x51, 0xAA, 0xBB, 0x62, 1, 2, 3, 0),
		},
		"our own that were not negotiated stay away": {
			h: with(func(h *Outgoing) { h.MID, h.HasTransportCC = "0", true }), to: to(map[Extension]uint8{TransportCC: 2}),
			want: header(0x10, 0xBE, 0xDE, 0, 1, 0x21, 0, 0, 0),
		},
		"large number takes the two-byte form": {
			h: base, p: p, to: to(map[Extension]uint8{AudioLevel: 15}), keep: Forwarded,
			want: header(0x10, 0x10, 0, 0, 1, 15, 1, 0x85, 0),
		},
		"long value takes the two-byte form": {
			h: base, p: wide, to: testMap(), keep: Forwarded,
			want: header(0x10, append([]byte{0x10, 0, 0, 5, 7, 17}, make([]byte, 18)...)...),
		},
		"long id takes the two-byte form": {
			h: with(func(h *Outgoing) { h.MID = "seventeen letters" }), to: testMap(),
			want: header(0x10, append([]byte{0x10, 0, 0, 5, 1, 17}, "seventeen letters\x00"...)...),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := AppendHeader([]byte("before"), test.h, test.p, test.to, test.keep)
			if want := append([]byte("before"), test.want...); !bytes.Equal(got, want) {
				t.Errorf("got  %x\nwant %x", got, want)
			}
		})
	}
}

func TestWrittenHeadersAreReadByPion(t *testing.T) {
	in := testMap()
	rapid.Check(t, func(t *rapid.T) {
		_, raw := drawPacket(t)
		var p Packet
		if err := p.Parse(raw, in); err != nil {
			t.Fatal(err)
		}
		ids := map[string]uint8{}
		for e := MID; int(e) < NumExtensions; e++ {
			ids[e.URI()] = rapid.OneOf(rapid.Just(uint8(0)), rapid.Uint8Range(1, 14), rapid.Uint8()).Draw(t, "id")
		}
		to := NewExtensionMap(ids)
		keep := ExtensionSet(rapid.Uint16().Draw(t, "keep"))
		h := Outgoing{
			PayloadType: rapid.Uint8Range(0, 127).Draw(t, "pt"), Marker: rapid.Bool().Draw(t, "marker"),
			MID: rapid.StringN(0, 20, 20).Draw(t, "mid"), TransportCC: rapid.Uint16().Draw(t, "number"), HasTransportCC: true,
		}
		var got rtp.Header
		n, err := got.Unmarshal(append(AppendHeader(nil, h, &p, to, keep), p.Payload()...))
		if err != nil || n%4 != 0 {
			t.Fatalf("header of %d bytes: %v", n, err)
		}
		for e := MID; int(e) < NumExtensions; e++ {
			want := p.Extension(e)
			switch {
			case e == MID && h.MID != "":
				want = []byte(h.MID)
			case e == TransportCC:
				want = []byte{byte(h.TransportCC >> 8), byte(h.TransportCC)}
			case !keep.Has(e):
				want = nil
			}
			if id := to.ID(e); id != 0 && !bytes.Equal(got.GetExtension(id), want) {
				t.Fatalf("extension %d: got %v, want %v", e, got.GetExtension(id), want)
			}
		}
	})
}

func TestAppendHeaderAllocatesNothing(t *testing.T) {
	p := received(t, header(0x10, 0xBE, 0xDE, 0, 3, 0x10, 'v', 0x40, 0x85, 0x51, 1, 2, 0x80, 3, 0, 0, 0, 0xFF))
	to, dst := testMap(), make([]byte, 0, 100)
	h := Outgoing{MID: "1", HasTransportCC: true}
	if n := testing.AllocsPerRun(100, func() { dst = AppendHeader(dst[:0], h, p, to, Forwarded) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAppendHeader(b *testing.B) {
	p := received(b, header(0x10, 0xBE, 0xDE, 0, 3, 0x10, 'v', 0x40, 0x85, 0x51, 1, 2, 0x80, 3, 0, 0, 0, 0xFF))
	to, dst := testMap(), make([]byte, 0, 100)
	h := Outgoing{MID: "1", HasTransportCC: true}
	for b.Loop() {
		dst = AppendHeader(dst[:0], h, p, to, Forwarded)
	}
}

func BenchmarkParse(b *testing.B) {
	raw := header(0x10, 0xBE, 0xDE, 0, 3, 0x10, 'v', 0x40, 0x85, 0x51, 1, 2, 0x80, 3, 0, 0, 0, 0x90, 0xF0, 0x80, 1, 2, 0x20, 0, 1)
	m := testMap()
	var p Packet
	for b.Loop() {
		if p.Parse(raw, m) != nil || p.Describe(VP8) != nil {
			b.Fatal("parse failed")
		}
	}
}
