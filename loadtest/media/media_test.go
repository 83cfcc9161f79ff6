package media

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func TestVideoHasTheRateThatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		media   Shape
		packets int // in ten seconds, the first frame being a keyframe
	}{
		{Shape{}, 1530 + 10},
		{Shape{FramePackets: 10}, 3000 + 20},
		{Shape{FPS: 15, FramePackets: 1}, 150 + 2},
	} {
		m := c.media.WithDefaults()
		v := NewVideo(1, m, 3)
		now, packets, bytes := time.Unix(1000, 0), 0, 0
		for range 10 * m.FPS {
			f := v.Encode(now, false)
			packets += len(f.Payloads)
			for _, p := range f.Payloads {
				bytes += len(p)
			}
			now = now.Add(v.Every())
		}
		if packets != c.packets || v.Sent() != uint32(packets) {
			t.Errorf("%+v: %d packets, want %d", m, packets, c.packets)
		}
		if average := bytes / packets; average < m.PacketBytes*98/100 || average > m.PacketBytes*102/100 {
			t.Errorf("%+v: packets of %d bytes", m, average)
		}
	}
}

func TestPacketsOfAFrameDifferByAByteAtMostShorterOnesFirst(t *testing.T) {
	v := NewVideo(1, Shape{}.WithDefaults(), 5)
	for range 200 {
		f := v.Encode(time.Unix(1, 0), false)
		for i := 1; i < len(f.Payloads); i++ {
			if d := len(f.Payloads[i]) - len(f.Payloads[i-1]); d < 0 || d > 1 {
				t.Fatalf("%d bytes behind %d", len(f.Payloads[i]), len(f.Payloads[i-1]))
			}
		}
		if n := len(f.Payloads); len(f.Payloads[n-1])-len(f.Payloads[0]) > 1 {
			t.Fatal("sizes spread by more than a byte")
		}
	}
}

func TestStampsSurviveTheCodec(t *testing.T) {
	now := time.Unix(1234, 567)
	v := NewVideo(TrackID(4, true, 0), Shape{}.WithDefaults(), 1)
	var number uint32
	for frameNumber := range uint32(40) {
		key := frameNumber%20 == 0
		f := v.Encode(now, key)
		for i, p := range f.Payloads {
			s, ok := VideoStamp(p)
			want := Stamp{
				Track: 33, Number: number, Sent: now.UnixNano(), Frame: frameNumber,
				Index: uint8(i), Of: uint8(len(f.Payloads)), Key: key,
			}
			if !ok || s != want || !s.At().Equal(now) {
				t.Fatalf("frame %d packet %d: %+v, want %+v", frameNumber, i, s, want)
			}
			if BeginsKeyframe(p) != (key && i == 0) {
				t.Fatalf("frame %d packet %d: keyframe %v", frameNumber, i, !key)
			}
			number++
		}
	}
	a := NewAudio(TrackID(4, false, 0), Shape{}.WithDefaults())
	for i := range uint32(3) {
		f := a.Encode(now, false)
		if s, ok := AudioStamp(f.Payloads[0]); !ok || s.Number != i || s.Track != 32 || f.Timestamp != i*960 {
			t.Fatalf("audio %d: %+v at %d", i, s, f.Timestamp)
		}
	}
}

func TestADescriptorThatTheServerShortensIsStillRead(t *testing.T) {
	v := NewVideo(1, Shape{}.WithDefaults(), 1)
	p := v.Encode(time.Unix(1, 0), true).Payloads[0]
	rest := p[vp8Descriptor:]
	for name, descriptor := range map[string][]byte{
		"no extension":        {0x10},
		"no fields":           {0x90, 0x00},
		"picture id of 7":     {0x90, 0x80, 0x11},
		"picture id of 15":    {0x90, 0x80, 0x91, 0x11},
		"all, without layers": {0x90, 0xc0, 0x91, 0x11, 0x05},
	} {
		if _, ok := VideoStamp(append(bytes.Clone(descriptor), rest...)); !ok {
			t.Errorf("%s: not read", name)
		}
	}
}

func TestMediaOutOfBoundsIsRefused(t *testing.T) {
	for _, m := range []Shape{{FPS: 500}, {FramePackets: 0.5}, {FramePackets: 100}, {PacketBytes: 20}, {PacketBytes: 3000}, {AudioBytes: 10}} {
		if err := m.Validate(); !errors.Is(err, ErrBounds) {
			t.Errorf("%+v: %v", m, err)
		}
	}
	if err := (Shape{}).Validate(); err != nil {
		t.Error(err)
	}
}

func FuzzStamp(f *testing.F) {
	v := NewVideo(1, Shape{}.WithDefaults(), 1)
	for _, p := range v.Encode(time.Unix(1, 0), true).Payloads {
		f.Add(p)
	}
	f.Add(NewAudio(1, Shape{}.WithDefaults()).Encode(time.Unix(1, 0), false).Payloads[0])
	f.Fuzz(func(_ *testing.T, b []byte) {
		VideoStamp(b)
		AudioStamp(b)
		BeginsKeyframe(b)
	})
}

func TestLayersOfATrackHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[uint32]bool{}
	for seat := range 3 {
		for _, video := range []bool{false, true} {
			for layer := range MaxLayers {
				id := TrackID(seat, video, layer)
				if seen[id] {
					t.Fatalf("%d twice", id)
				}
				seen[id] = true
				if track, l := SplitID(id); track != TrackID(seat, video, 0) || l != layer {
					t.Errorf("%d is layer %d of %d", id, l, track)
				}
			}
		}
	}
}

func TestSmallerLayersCostLess(t *testing.T) {
	m := Shape{Layers: 3}.WithDefaults()
	rate := func(i int) float64 {
		l := m.layer(i)
		return l.FramePackets * float64(l.PacketBytes)
	}
	if !(rate(0) < rate(1) && rate(1) < rate(2)) || m.layer(2) != m {
		t.Errorf("%g %g %g", rate(0), rate(1), rate(2))
	}
	if two := (Shape{Layers: 2}).WithDefaults(); two.layer(0).FramePackets != 1 || two.layer(1) != two {
		t.Errorf("%+v", two.layer(0))
	}
	if rids := NewTrack(1, true, m, 1); rids.RID(0) != "q" || rids.RID(2) != "f" || NewTrack(1, true, Shape{}.WithDefaults(), 1).RID(0) != "" {
		t.Error("layers have other names than browsers'")
	}
}
