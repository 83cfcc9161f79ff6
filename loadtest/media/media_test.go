package media

import (
	"bytes"
	"encoding/binary"
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
		v := newSynthetic(1, m, 3)
		now, packets, bytes := time.Unix(1000, 0), 0, 0
		for range 10 * m.FPS {
			f := v.Next(now, false)
			packets += len(f.Payloads)
			for _, p := range f.Payloads {
				bytes += len(p)
			}
			now = now.Add(v.Wait())
		}
		if sent, frames := v.Sent(); packets != c.packets || sent != uint32(packets) || frames != uint32(10*m.FPS) {
			t.Errorf("%+v: %d packets, want %d", m, packets, c.packets)
		}
		if average := bytes / packets; average < m.PacketBytes*98/100 || average > m.PacketBytes*102/100 {
			t.Errorf("%+v: packets of %d bytes", m, average)
		}
	}
}

func TestPacketsOfAFrameDifferByAByteAtMostShorterOnesFirst(t *testing.T) {
	v := newSynthetic(1, Shape{}.WithDefaults(), 5)
	for range 200 {
		f := v.Next(time.Unix(1, 0), false)
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
	for _, c := range codecs() {
		v := newSynthetic(TrackID(4, Camera, 0), Shape{Codec: c, FramePackets: 2.5}.WithDefaults(), 1)
		var number uint32
		for frameNumber := range uint32(40) {
			key := frameNumber%20 == 0
			b := v.Next(now, key)
			for i, p := range b.Payloads {
				s, ok := c.Stamp(p)
				want := Stamp{
					Track: 65, Number: number, Sent: now.UnixNano(), Frame: frameNumber,
					Index: uint8(i), Of: uint8(len(b.Payloads)), Key: key,
				}
				if !ok || s != want || !s.At().Equal(now) {
					t.Fatalf("%s frame %d packet %d: %+v, want %+v", c, frameNumber, i, s, want)
				}
				if first := i == 0 || c == H264 && i == 1; c.BeginsKeyframe(p) != (key && first) { // parameter sets stand before
					t.Fatalf("%s frame %d packet %d: keyframe %v", c, frameNumber, i, !key)
				}
				number++
			}
		}
	}
	a := newTalk(TrackID(4, Microphone, 0), Shape{}.WithDefaults(), 1)
	for i := range uint32(3) {
		b := a.Next(now, false)
		if s, ok := Opus.Stamp(b.Payloads[0]); !ok || s.Number != i || s.Track != 64 || b.Timestamp != i*960 {
			t.Fatalf("audio %d: %+v at %d", i, s, b.Timestamp)
		}
	}
}

func TestSpeakersWhoPauseSendHardlyAnythingMeanwhile(t *testing.T) {
	v := newTalk(0, Shape{DTX: true}.WithDefaults(), 1)
	var gone time.Duration
	packets, small, marked := 0, 0, 0
	for gone < 5*time.Minute {
		gone += v.Wait()
		b := v.Next(time.Unix(1, 0), false)
		if want := uint32(gone * AudioClock / time.Second); b.Timestamp != want {
			t.Fatalf("timestamp %d, want %d", b.Timestamp, want)
		}
		packets++
		if len(b.Payloads[0]) == quietBytes {
			small++
		}
		if b.Marker {
			marked++
		}
	}
	if packets > 15000*55/100 || packets < 15000*30/100 || small < 300 || marked < 60 || marked > 160 {
		t.Errorf("%d packets, %d of them in silences, %d beginnings", packets, small, marked)
	}
}

func TestAFrameMayLeaveInPieces(t *testing.T) {
	p := NewPacketizer(TrackID(1, Camera, 2), VP8, 1)
	p.Begin(3, Picture{Key: true})
	now := time.Unix(1, 0)
	var list []Stamp
	for _, sizes := range [][]int{{900, 2000}, {10}, {900}} {
		for _, b := range p.Pack(now, sizes...) {
			s, ok := VP8.Stamp(b)
			if !ok || len(b) > MaxPacketBytes {
				t.Fatalf("%d bytes", len(b))
			}
			list = append(list, s)
		}
	}
	if len(list) != 3 || list[2].Index != 2 || list[2].Of != 3 || !p.Done() {
		t.Errorf("%+v", list)
	}
	p.Begin(1, Picture{})
	s, _ := VP8.Stamp(p.Pack(now, 500)[0])
	if packets, frames := p.Sent(); s.Frame != 1 || s.Number != 3 || packets != 4 || frames != 2 {
		t.Errorf("%+v after %d packets, %d frames", s, packets, frames)
	}
}

func TestADescriptorThatTheServerShortensIsStillRead(t *testing.T) {
	v := newSynthetic(1, Shape{}.WithDefaults(), 1)
	p := v.Next(time.Unix(1, 0), true).Payloads[0]
	rest := p[vp8Descriptor:]
	for name, descriptor := range map[string][]byte{
		"no extension":        {0x10},
		"no fields":           {0x90, 0x00},
		"picture id of 7":     {0x90, 0x80, 0x11},
		"picture id of 15":    {0x90, 0x80, 0x91, 0x11},
		"all, without layers": {0x90, 0xc0, 0x91, 0x11, 0x05},
	} {
		if _, ok := VP8.Stamp(append(bytes.Clone(descriptor), rest...)); !ok {
			t.Errorf("%s: not read", name)
		}
	}
}

func TestMediaOutOfBoundsIsRefused(t *testing.T) {
	for _, m := range []Shape{{FPS: 500}, {FramePackets: 0.5}, {FramePackets: 100}, {PacketBytes: 20}, {PacketBytes: 3000}, {AudioBytes: 10}, {Codec: "vp10"}} {
		if err := m.Validate(); !errors.Is(err, ErrBounds) {
			t.Errorf("%+v: %v", m, err)
		}
	}
	if err := (Shape{}).Validate(); err != nil {
		t.Error(err)
	}
}

func FuzzStamp(f *testing.F) {
	v := newSynthetic(1, Shape{}.WithDefaults(), 1)
	for _, p := range v.Next(time.Unix(1, 0), true).Payloads {
		f.Add(p)
	}
	f.Add(newTalk(1, Shape{}.WithDefaults(), 1).Next(time.Unix(1, 0), false).Payloads[0])
	f.Fuzz(func(_ *testing.T, b []byte) {
		for _, c := range append(codecs(), Opus) {
			c.Stamp(b)
			c.BeginsKeyframe(b)
		}
	})
}

func TestLayersOfATrackHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[uint32]bool{}
	for seat := range 3 {
		for _, video := range []Kind{Microphone, Camera, Screen} {
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
	if rids := NewTrack(1, Camera, m, 1); rids.RID(0) != "q" || rids.RID(2) != "f" || NewTrack(1, Camera, Shape{}.WithDefaults(), 1).RID(0) != "" {
		t.Error("layers have other names than browsers'")
	}
}

func TestTemporalLayersStandInTheDescriptor(t *testing.T) {
	p := NewPacketizer(TrackID(1, Camera, 0), VP8, 1)
	p.Begin(1, Picture{Key: true, Width: 320, Height: 180})
	first := bytes.Clone(p.Pack(time.Unix(1, 0), 500)[0])
	if h := first[vp8Descriptor:]; h[6] != 320&0xff || h[7] != 320>>8 || h[8] != 180 || h[9] != 0 {
		t.Errorf("picture of % x", h[:10])
	}
	for i, c := range []struct {
		picture Picture
		byte    uint8 // TID, Y
		base    uint8 // TL0PICIDX, behind the first's
	}{
		{Picture{Temporal: 2, Sync: true}, 0xa0, 0}, {Picture{Temporal: 1}, 0x40, 0}, {Picture{}, 0x00, 1}, {Picture{Temporal: 2}, 0x80, 1},
	} {
		p.Begin(1, c.picture)
		b := p.Pack(time.Unix(1, 0), 500)[0]
		if b[5] != c.byte || b[4] != first[4]+c.base || b[3] != first[3]+uint8(i)+1 {
			t.Errorf("frame %d: % x behind % x", i, b[:6], first[:6])
		}
	}
}

func TestSpatialLayersShareAPictureAndOnlyTheLowestBeginsIt(t *testing.T) {
	for _, c := range []Codec{VP9, AV1} {
		p := NewPacketizer(TrackID(1, Camera, 0), c, 1)
		var numbers []uint16
		for i, picture := range []Picture{
			{Key: true, Spatials: 2}, {Key: true, Spatials: 2, Spatial: 1}, {Spatials: 2, Temporal: 1}, {Spatials: 2, Temporal: 1, Spatial: 1},
		} {
			p.Begin(2, picture)
			list := p.Pack(time.Unix(1, 0), 500, 500)
			if c.BeginsKeyframe(list[0]) != (i == 0) || c.BeginsKeyframe(list[1]) {
				t.Errorf("%s frame %d: keyframe %v", c, i, i != 0)
			}
			if s, ok := c.Stamp(list[1]); !ok || s.Frame != uint32(i) || s.Key != picture.Key {
				t.Errorf("%s frame %d: %+v", c, i, s)
			}
			if c == VP9 {
				numbers = append(numbers, binary.BigEndian.Uint16(list[0][1:]))
				if list[0][3] != picture.Temporal<<5|picture.Spatial<<1|uint8(i&1&^(i>>1)) {
					t.Errorf("frame %d: layers %#x", i, list[0][3])
				}
			}
		}
		if c == VP9 && (numbers[0] != numbers[1] || numbers[2] != numbers[3] || numbers[2] == numbers[0]) {
			t.Errorf("picture ids %x", numbers)
		}
	}
}
