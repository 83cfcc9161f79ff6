package packet

import (
	"bytes"
	"errors"
	"testing"

	"github.com/pion/rtp"
	"pgregory.net/rapid"
)

// testMap is what a browser negotiates, more or less.
func testMap() *ExtensionMap {
	ids := map[string]uint8{"urn:unheard-of": 9}
	for e := MID; int(e) < NumExtensions; e++ {
		ids[e.URI()] = uint8(e)
	}
	return NewExtensionMap(ids)
}

// header is 12 bytes: version 2, the given flags in the first byte, payload type 96 with marker, sequence 0x1234.
func header(flags byte, rest ...byte) []byte {
	return append([]byte{
		0x80 | flags, 0xE0, 0x12, 0x34,
		0xDE, 0xAD, 0xBE, 0xEF, 0xCA, 0xFE, 0xBA, 0xBE,
	}, rest...)
}

func TestParseReadsTheHeader(t *testing.T) {
	var p Packet
	raw := header(0x22, 1, 1, 1, 1, 2, 2, 2, 2, 'a', 'b', 'c', 0, 2)
	if err := p.Parse(raw, nil); err != nil {
		t.Fatal(err)
	}
	if p.HeaderSize != 20 || p.PaddingSize != 2 || p.PayloadType != 96 || !p.Marker || p.Sequence != 0x1234 ||
		p.Timestamp != 0xDEADBEEF || p.SSRC != 0xCAFEBABE || string(p.Payload()) != "abc" {
		t.Errorf("got %+v, payload %q", p, p.Payload())
	}
}

func TestParse(t *testing.T) {
	level := func(p *Packet) []byte { return p.Extension(AudioLevel) }
	tests := map[string]struct {
		raw  []byte
		err  error
		get  func(*Packet) []byte
		want []byte
	}{
		"empty is short":               {raw: nil, err: ErrShort},
		"eleven bytes are short":       {raw: header(0)[:11], err: ErrShort},
		"twelve bytes are a packet":    {raw: header(0)},
		"version 1 is refused":         {raw: append([]byte{0x40}, header(0)[1:]...), err: ErrVersion},
		"csrc list cut off":            {raw: header(2, 0, 0, 0, 0, 0, 0, 0), err: ErrShort},
		"too long for a datagram":      {raw: header(0, make([]byte, 65536)...), err: ErrLong},
		"padding of zero":              {raw: header(0x20, 1, 0), err: ErrPadding},
		"padding larger than the rest": {raw: header(0x20, 1, 3), err: ErrPadding},
		"padding without any byte":     {raw: header(0x20), err: ErrPadding},
		"nothing but padding":          {raw: header(0x20, 0, 0, 3)},
		"extension header cut off":     {raw: header(0x10, 0xBE, 0xDE, 0), err: ErrShort},
		"extension block cut off":      {raw: header(0x10, 0xBE, 0xDE, 0, 1, 0x40), err: ErrShort},
		"one-byte element":             {raw: header(0x10, 0xBE, 0xDE, 0, 1, 0x40, 0x85, 0, 0), get: level, want: []byte{0x85}},
		"one-byte element after padding": {
			raw: header(0x10, 0xBE, 0xDE, 0, 1, 0, 0, 0x40, 0x85), get: level, want: []byte{0x85},
		},
		"one-byte element over the end":       {raw: header(0x10, 0xBE, 0xDE, 0, 1, 0, 0, 0x41, 0x85, 7), err: ErrShort},
		"number 15 ends a one-byte block":     {raw: header(0x10, 0xBE, 0xDE, 0, 1, 0xF0, 0, 0x40, 0x85), get: level},
		"number 0 with length ends the block": {raw: header(0x10, 0xBE, 0xDE, 0, 1, 0x01, 0, 0x40, 0x85), get: level},
		"unknown elements are skipped": {
			raw: header(0x10, 0xBE, 0xDE, 0, 1, 0xE0, 1, 0x40, 0x85), get: level, want: []byte{0x85},
		},
		"of two elements the first counts": {
			raw: header(0x10, 0xBE, 0xDE, 0, 1, 0x40, 1, 0x40, 2), get: level, want: []byte{1},
		},
		"two-byte element": {
			raw: header(0x10, 0x10, 0x00, 0, 1, 4, 1, 0x85, 0), get: level, want: []byte{0x85},
		},
		"two-byte form with application bits": {
			raw: header(0x10, 0x10, 0x0A, 0, 1, 0, 4, 1, 0x85), get: level, want: []byte{0x85},
		},
		"two-byte element of no bytes": {
			raw: header(0x10, 0x10, 0x00, 0, 1, 4, 0, 0, 0), get: level, want: []byte{},
		},
		"two-byte element over the end":   {raw: header(0x10, 0x10, 0x00, 0, 1, 4, 3, 1, 1, 1), err: ErrShort},
		"two-byte element without length": {raw: header(0x10, 0x10, 0x00, 0, 1, 0, 0, 0, 4, 1), err: ErrShort},
		"another profile's block is skipped": {
			raw: header(0x10, 0x12, 0x34, 0, 1, 0x40, 0x85, 0, 0), get: level,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var p Packet
			if err := p.Parse(test.raw, testMap()); !errors.Is(err, test.err) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			if test.get == nil {
				return
			}
			if got := test.get(&p); !bytes.Equal(got, test.want) || (got == nil) != (test.want == nil) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestParseForgetsThePacketBefore(t *testing.T) {
	var p Packet
	if err := p.Parse(header(0x30, 0xBE, 0xDE, 0, 1, 0x40, 0x85, 0, 0, 0x80, 1), testMap()); err != nil {
		t.Fatal(err)
	}
	if err := p.Describe(VP8); err == nil {
		t.Error("a descriptor cut off gives no error")
	}
	if err := p.Parse(header(0, 1, 2), testMap()); err != nil {
		t.Fatal(err)
	}
	if p.Extension(AudioLevel) != nil || p.PaddingSize != 0 || p.HeaderSize != 12 || p.Descriptor != (Descriptor{}) {
		t.Errorf("got %+v", p)
	}
}

func TestExtensionValues(t *testing.T) {
	var p Packet
	raw := header(0x10, 0xBE, 0xDE, 0, 2, 0x40, 0xB2, 0x51, 0xAB, 0xCD, 0, 0, 0)
	if err := p.Parse(raw, testMap()); err != nil {
		t.Fatal(err)
	}
	if level, voice, ok := p.AudioLevel(); level != 0x32 || !voice || !ok {
		t.Errorf("audio level %d %v %v", level, voice, ok)
	}
	if seq, ok := p.TransportCC(); seq != 0xABCD || !ok {
		t.Errorf("transport number %x %v", seq, ok)
	}
	if err := p.Parse(header(0x10, 0x10, 0, 0, 1, 4, 0, 5, 0), testMap()); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := p.AudioLevel(); ok {
		t.Error("level read from no bytes")
	}
	if _, ok := p.TransportCC(); ok {
		t.Error("transport number read from no bytes")
	}
}

func TestExtensionMap(t *testing.T) {
	var none *ExtensionMap
	if none.ID(MID) != 0 || none.Extension(3) != NoExtension {
		t.Error("a nil map knows something")
	}
	m := NewExtensionMap(map[string]uint8{MID.URI(): 3, RID.URI(): 3, AudioLevel.URI(): 255, TransportCC.URI(): 0})
	if m.ID(MID) != 3 || m.Extension(3) != MID || m.ID(RID) != 0 || m.ID(TransportCC) != 0 || m.Extension(255) != AudioLevel {
		t.Errorf("got %+v", m)
	}
	for e := MID; int(e) < NumExtensions; e++ {
		if e.URI() == "" || ExtensionFromURI(e.URI()) != e {
			t.Errorf("extension %d: URI %q", e, e.URI())
		}
	}
	if ExtensionFromURI("") != NoExtension || ExtensionFromURI("x") != NoExtension || Extension(200).URI() != "" || m.ID(200) != 0 {
		t.Error("unknown extensions are known")
	}
}

func TestCodecFromMIME(t *testing.T) {
	for mime, want := range map[string]Codec{
		"video/VP8": VP8, "VIDEO/vp9": VP9, "video/h264": H264, "video/H265": H265, "video/AV1": AV1,
		"audio/opus": Opus, "audio/RED": RED, "video/red": Unknown, "": Unknown, "video/rtx": Unknown,
	} {
		if got := CodecFromMIME(mime); got != want {
			t.Errorf("%q is %v, want %v", mime, got, want)
		}
	}
	for c := Unknown; c <= AV1; c++ {
		if c != Unknown && CodecFromMIME(c.MIME()) != c {
			t.Errorf("%v does not come back from %q", c, c.MIME())
		}
	}
}

// drawPacket makes a valid packet with pion/rtp; some of its extensions are ours, some have numbers that we do not know.
func drawPacket(t *rapid.T) (rtp.Packet, []byte) {
	p := rtp.Packet{Header: rtp.Header{
		Version:        2,
		Marker:         rapid.Bool().Draw(t, "marker"),
		PayloadType:    rapid.Uint8Range(0, 127).Draw(t, "pt"),
		SequenceNumber: rapid.Uint16().Draw(t, "seq"),
		Timestamp:      rapid.Uint32().Draw(t, "ts"),
		SSRC:           rapid.Uint32().Draw(t, "ssrc"),
		CSRC:           rapid.SliceOfN(rapid.Uint32(), 0, 15).Draw(t, "csrc"),
	}, Payload: rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(t, "payload")}
	largest, size := uint8(14), 16
	if rapid.Bool().Draw(t, "two-byte") {
		p.ExtensionProfile, largest, size = twoByteForm, 255, 40
		p.Header.Extension = true
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "extensions") {
		id := rapid.Uint8Range(1, largest).Draw(t, "id")
		if err := p.SetExtension(id, rapid.SliceOfN(rapid.Byte(), 1, size).Draw(t, "value")); err != nil {
			t.Fatalf("extension %d: %v", i, err)
		}
	}
	if rapid.Bool().Draw(t, "padded") {
		p.Padding = true
		p.Header.PaddingSize = rapid.Byte().Draw(t, "padding")
		p.Padding = p.Header.PaddingSize != 0
	}
	raw, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return p, raw
}

func TestParseAgreesWithPion(t *testing.T) {
	m := testMap()
	rapid.Check(t, func(t *rapid.T) {
		want, raw := drawPacket(t)
		var p Packet
		if err := p.Parse(raw, m); err != nil {
			t.Fatal(err)
		}
		compare(t, &p, &want, m)
	})
}

func compare(t rapid.TB, p *Packet, want *rtp.Packet, m *ExtensionMap) {
	t.Helper()
	if p.Marker != want.Marker || p.PayloadType != want.PayloadType || p.Sequence != want.SequenceNumber ||
		p.Timestamp != want.Timestamp || p.SSRC != want.SSRC || !bytes.Equal(p.Payload(), want.Payload) ||
		p.PaddingSize != int(want.Header.PaddingSize) {
		t.Fatalf("got %+v, want %+v", p, want)
	}
	for e := MID; int(e) < NumExtensions; e++ {
		if got, want := p.Extension(e), want.GetExtension(m.ID(e)); !bytes.Equal(got, want) {
			t.Fatalf("extension %d: got %v, want %v", e, got, want)
		}
	}
}

func TestParseAllocatesNothing(t *testing.T) {
	raw := header(0x10, 0xBE, 0xDE, 0, 2, 0x40, 0xB2, 0x51, 0xAB, 0xCD, 0, 0, 0, 0x90, 0x80, 1, 0)
	m := testMap()
	var p Packet
	if n := testing.AllocsPerRun(100, func() {
		if p.Parse(raw, m) != nil || p.Describe(VP8) != nil {
			t.Fatal("parse failed")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
