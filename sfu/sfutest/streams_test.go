package sfutest_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"salon/sfu/packet"
	"salon/sfu/sfutest"
)

func start() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

const (
	numberID     = 5
	levelID      = 4
	dependencyID = 12
)

func extensions() *packet.ExtensionMap {
	return packet.NewExtensionMap(map[string]uint8{
		packet.AudioLevel.URI(): levelID, packet.TransportCC.URI(): numberID, packet.DependencyDescriptor.URI(): dependencyID,
	})
}

type framer interface {
	Frame(now time.Time, keyframe bool, size int) [][]byte
}

// frames checks a stream's frames packet by packet, and returns the temporal layers of the frames.
func frames(t *testing.T, c packet.Codec, s framer, spatials int) (temporals []uint8) {
	t.Helper()
	var templates packet.Templates
	sequence, number := uint16(65530), uint16(7)
	for f := range 12 {
		now := start().Add(time.Duration(f) * 100 * time.Millisecond)
		keyframe := f == 0 || f == 8
		layers, got := 0, s.Frame(now, keyframe, 3000)
		for i, raw := range got {
			var p packet.Packet
			if err := p.Parse(raw, extensions()); err != nil {
				t.Fatal(err)
			}
			if err := p.Describe(c); err != nil {
				t.Fatal(err)
			}
			if _, err := p.DescribeLayers(&templates); err != nil {
				t.Fatal(err)
			}
			d := p.Descriptor
			if d.Start {
				layers++
			}
			if d.Keyframe != (keyframe && i == 0) && c != packet.H264 {
				t.Errorf("frame %d packet %d: keyframe %v", f, i, d.Keyframe)
			}
			if (i == 0 && !d.Start) || p.Marker != (i == len(got)-1) || p.Marker && !d.End {
				t.Errorf("frame %d packet %d: %+v, marker %v", f, i, d, p.Marker)
			}
			if n, ok := p.TransportCC(); !ok || n != number || p.Sequence != sequence || p.Timestamp != uint32(1000+f*9000) {
				t.Errorf("frame %d packet %d: numbers %d %d, timestamp %d", f, i, n, p.Sequence, p.Timestamp)
			}
			if len(raw) > 1200 || p.SSRC != 42 || p.PayloadType != 96 {
				t.Errorf("frame %d packet %d: %d bytes, ssrc %d, payload type %d", f, i, len(raw), p.SSRC, p.PayloadType)
			}
			sequence, number = sequence+1, number+1
			if i == len(got)-1 {
				temporals = append(temporals, d.Temporal)
			}
		}
		if layers != spatials && c != packet.H264 {
			t.Errorf("frame %d: %d layers, want %d", f, layers, spatials)
		}
	}
	return temporals
}

func common() sfutest.RTP {
	number := uint16(7)
	return sfutest.RTP{SSRC: 42, PT: 96, Sequence: 65530, Timestamp: 1000, TransportCCID: numberID, TransportCC: &number}
}

func TestStreamsAreWhatTheySay(t *testing.T) {
	pattern := []uint8{0, 2, 1, 2, 0, 2, 1, 2, 0, 2, 1, 2}
	plain := make([]uint8, 12)
	tests := map[string]struct {
		codec     packet.Codec
		stream    framer
		spatials  int
		temporals []uint8 // nil where packets do not tell
	}{
		"VP8":                 {packet.VP8, &sfutest.VP8Stream{RTP: common()}, 1, plain},
		"VP8 in three layers": {packet.VP8, &sfutest.VP8Stream{RTP: common(), Temporals: 3}, 1, pattern},
		"VP9":                 {packet.VP9, &sfutest.VP9Stream{RTP: common()}, 1, plain},
		"VP9 SVC":             {packet.VP9, &sfutest.VP9Stream{RTP: common(), Spatials: 3, Temporals: 3}, 3, pattern},
		"H264":                {packet.H264, &sfutest.H264Stream{RTP: common()}, 1, nil},
		"H264 separate sets":  {packet.H264, &sfutest.H264Stream{RTP: common(), SeparateSets: true}, 1, nil},
		"AV1":                 {packet.AV1, &sfutest.AV1Stream{RTP: common()}, 1, nil},
		"AV1 with dependency descriptor": {
			packet.AV1, &sfutest.AV1Stream{RTP: common(), Temporals: 3, DependencyID: dependencyID}, 1, pattern,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := frames(t, test.codec, test.stream, test.spatials)
			if test.temporals != nil && !slices.Equal(got, test.temporals) {
				t.Errorf("temporal layers %v, want %v", got, test.temporals)
			}
		})
	}
}

func TestOpusStream(t *testing.T) {
	s := sfutest.OpusStream{RTP: sfutest.RTP{SSRC: 1, PT: 111}, AudioLevelID: levelID}
	for i, level := range []uint8{20, 127, 49, 50} {
		var p packet.Packet
		if err := p.Parse(s.Packet(start().Add(time.Duration(i)*20*time.Millisecond), level, 80), extensions()); err != nil {
			t.Fatal(err)
		}
		got, voice, ok := p.AudioLevel()
		if got != level || voice != (level < 50) || !ok || p.Timestamp != uint32(960*i) || len(p.Payload()) != 80 {
			t.Errorf("packet %d: level %d %v %v, timestamp %d", i, got, voice, ok, p.Timestamp)
		}
	}
}

func TestPadding(t *testing.T) {
	r := common()
	var p packet.Packet
	if err := p.Parse(r.Padding(start(), 90000, 255), extensions()); err != nil {
		t.Fatal(err)
	}
	if len(p.Payload()) != 0 || p.PaddingSize != 255 {
		t.Errorf("payload %d, padding %d", len(p.Payload()), p.PaddingSize)
	}
}

func TestStreamsAreRepeatable(t *testing.T) {
	a, b := sfutest.VP8Stream{RTP: common()}, sfutest.VP8Stream{RTP: common()}
	for range 3 {
		x, y := a.Frame(start(), true, 5000), b.Frame(start(), true, 5000)
		if !bytes.Equal(bytes.Join(x, nil), bytes.Join(y, nil)) {
			t.Fatal("two equal streams differ")
		}
	}
}
