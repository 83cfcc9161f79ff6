package main

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/pion/rtp"

	"salon/loadtest/trace"
)

// A tape is what a receiver would have after a browser sent two layers and a microphone for two seconds.
func tape(tb testing.TB, began time.Time) *receiver {
	tb.Helper()
	r := &receiver{wire: &wire{}, log: slog.New(slog.DiscardHandler), what: scene{
		Name: "camera-vp8", Codec: "VP8", Speech: "speech-opus", Encodings: []encoding{{RID: "q"}, {RID: "f"}},
	}}
	for i, rid := range []string{"f", "q"} { // as they happened to come
		s := &stream{ssrc: uint32(1 + i), rid: rid, video: true, clock: 90000}
		number, timestamp := uint16(65530), uint32(1<<32-9000+i*777) // both wrap
		for n := range 60 {
			at := began.Add(time.Duration(n)*33333*time.Microsecond + time.Duration(1-i)*400*time.Microsecond)
			for k := range 2 {
				r.wire.seen = append(r.wire.seen, sighting{
					at: at.Add(time.Duration(k) * 50 * time.Microsecond), ssrc: s.ssrc, number: number, timestamp: timestamp,
				})
				s.notes = append(s.notes, note{
					number: number, size: 1000 + k, marker: k == 1,
					shape: shape{key: n == 50, begins: k == 0, temporal: uint8(n % 2), width: 640, height: 360},
				})
				number++
			}
			timestamp += 3000
		}
		r.streams = append(r.streams, s)
	}
	s := &stream{ssrc: 3, clock: 48000}
	for n := range 100 {
		r.wire.seen = append(r.wire.seen, sighting{at: began.Add(time.Duration(n) * 20 * time.Millisecond), ssrc: 3, number: uint16(n), timestamp: uint32(n * 960)})
		s.notes = append(s.notes, note{number: uint16(n), size: 80, level: &rtp.AudioLevelExtension{Level: 30, Voice: true}})
	}
	r.streams = append(r.streams, s)
	return r
}

func TestWhatCameBecomesARoundThatCanBePlayed(t *testing.T) {
	began := time.Unix(100, 0)
	c := cut{from: began.Add(100 * time.Millisecond), to: began.Add(1100 * time.Millisecond)}
	list, err := tape(t, began).assemble(c)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d traces: %v", len(list), err)
	}
	video, speech := list[0], list[1]
	if video.Length() != time.Second || len(video.Layers) != 2 || video.Layers[0].RID != "q" || video.Layers[1].RID != "f" {
		t.Fatalf("%s of %d layers", video.Length(), len(video.Layers))
	}
	for _, l := range video.Layers {
		if len(l.Frames) != 30 || len(l.Keys) != 1 || l.Width != 640 || l.Height != 360 {
			t.Errorf("%s: %d frames, %d keyframes, %d x %d", l.RID, len(l.Frames), len(l.Keys), l.Width, l.Height)
		}
		for i, f := range l.Frames {
			if f.Ticks != uint32(3000*i) || len(f.Packets) != 2 || !f.Marked || f.Span() != 50*time.Microsecond {
				t.Fatalf("%s frame %d: %+v", l.RID, i, f)
			}
		}
	}
	if d := video.Layers[1].Frames[3].At - video.Layers[0].Frames[3].At; d != 400*time.Microsecond {
		t.Errorf("layers are %s apart", d)
	}
	if f := speech.Layers[0].Frames; len(f) != 50 || !f[7].Voice || f[7].Level != 30 || speech.Length() != time.Second {
		t.Errorf("%d packets of speech in %s", len(f), speech.Length())
	}
	trace.NewPlayer(video, 0)
}

func TestATrackOfWhichNothingCameIsAnError(t *testing.T) {
	r := tape(t, time.Unix(100, 0))
	r.streams = r.streams[:2]
	if _, err := r.assemble(cut{from: time.Unix(100, 0), to: time.Unix(101, 0)}); !errors.Is(err, errSilence) {
		t.Error(err)
	}
	r.streams = nil
	if _, err := r.assemble(cut{from: time.Unix(100, 0), to: time.Unix(101, 0)}); !errors.Is(err, errSilence) {
		t.Error(err)
	}
}

func TestOnlyRTPIsSeenOnTheWire(t *testing.T) {
	packet := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: 7, Timestamp: 8, SSRC: 9, PayloadType: 96}, Payload: make([]byte, 20)}
	if err := packet.SetExtension(1, []byte{1}); err != nil {
		t.Fatal(err)
	}
	raw, err := packet.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := look(raw); !ok || s.number != 7 || s.timestamp != 8 || s.ssrc != 9 {
		t.Errorf("%+v %v", s, ok)
	}
	for name, b := range map[string][]byte{
		"short": raw[:11], "STUN": append([]byte{0, 1}, raw[2:]...), "RTCP": append([]byte{0x80, 201}, raw[2:]...),
	} {
		if s, ok := look(b); ok {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestLayersStandInTheDependencyDescriptor(t *testing.T) {
	// Templates 5 to 8: S0T0, S0T1, S1T0, S1T1. Five flags (the first: templates follow), offset 5, count, then what
	// comes after each template: 1 temporal, 2 spatial, 1 temporal, 3 the end.
	bits := "10000" + "000101" + "00001" + "01" + "10" + "01" + "11"
	structure := make([]byte, (len(bits)+7)/8)
	for i, b := range bits {
		if b == '1' {
			structure[i/8] |= 0x80 >> (i % 8)
		}
	}
	var d dependencies
	if s, k := d.layer([]byte{0x80 | 6, 0, 1}); s != 0 || k != 0 {
		t.Errorf("before templates came: %d %d", s, k)
	}
	d.layer(append([]byte{0xc0&0x80 | 5, 0, 1}, structure...))
	for template, want := range map[byte][2]uint8{5: {0, 0}, 6: {0, 1}, 7: {1, 0}, 8: {1, 1}, 9: {0, 0}, 4: {0, 0}} {
		if s, k := d.layer([]byte{0x80 | template, 0, 2}); s != want[0] || k != want[1] {
			t.Errorf("template %d: %d %d", template, s, k)
		}
	}
}

func FuzzShapes(f *testing.F) {
	f.Add([]byte{0x90, 0xe0, 0x80, 1, 2, 0x20, 0x10, 0, 0, 0x9d, 1, 0x2a, 0, 5, 0xd0, 2}, []byte{0x85, 0, 1, 0x80, 0xa0})
	f.Fuzz(func(_ *testing.T, payload, descriptor []byte) {
		for _, codec := range []string{"VP8", "VP9", "H264", "AV1"} {
			r := newShapeReader(codec)
			r.read(payload, descriptor)
			r.read(payload, nil)
		}
		look(payload)
	})
}
