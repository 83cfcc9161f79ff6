package loadtest

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func TestVideoHasTheRateThatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		media   Media
		packets int // in ten seconds, the first frame being a keyframe
	}{
		{Media{}, 1530 + 10},
		{Media{FramePackets: 10}, 3000 + 20},
		{Media{FPS: 15, FramePackets: 1}, 150 + 2},
	} {
		m := c.media.withDefaults()
		v := newVideoEncoder(1, m, 3)
		now, packets, bytes := time.Unix(1000, 0), 0, 0
		for range 10 * m.FPS {
			f := v.encode(now, false)
			packets += len(f.payloads)
			for _, p := range f.payloads {
				bytes += len(p)
			}
			now = now.Add(v.every())
		}
		if packets != c.packets || v.sent() != uint32(packets) {
			t.Errorf("%+v: %d packets, want %d", m, packets, c.packets)
		}
		if average := bytes / packets; average < m.PacketBytes*98/100 || average > m.PacketBytes*102/100 {
			t.Errorf("%+v: packets of %d bytes", m, average)
		}
	}
}

func TestPacketsOfAFrameDifferByAByteAtMostShorterOnesFirst(t *testing.T) {
	v := newVideoEncoder(1, Media{}.withDefaults(), 5)
	for range 200 {
		f := v.encode(time.Unix(1, 0), false)
		for i := 1; i < len(f.payloads); i++ {
			if d := len(f.payloads[i]) - len(f.payloads[i-1]); d < 0 || d > 1 {
				t.Fatalf("%d bytes behind %d", len(f.payloads[i]), len(f.payloads[i-1]))
			}
		}
		if n := len(f.payloads); len(f.payloads[n-1])-len(f.payloads[0]) > 1 {
			t.Fatal("sizes spread by more than a byte")
		}
	}
}

func TestStampsSurviveTheCodec(t *testing.T) {
	now := time.Unix(1234, 567)
	v := newVideoEncoder(trackID(4, true, 0), Media{}.withDefaults(), 1)
	var number uint32
	for frameNumber := range uint32(40) {
		key := frameNumber%20 == 0
		f := v.encode(now, key)
		for i, p := range f.payloads {
			s, ok := videoStamp(p)
			want := stamp{
				track: 33, number: number, sent: now.UnixNano(), frame: frameNumber,
				index: uint8(i), of: uint8(len(f.payloads)), key: key,
			}
			if !ok || s != want || !s.at().Equal(now) {
				t.Fatalf("frame %d packet %d: %+v, want %+v", frameNumber, i, s, want)
			}
			if beginsKeyframe(p) != (key && i == 0) {
				t.Fatalf("frame %d packet %d: keyframe %v", frameNumber, i, !key)
			}
			number++
		}
	}
	a := newAudioEncoder(trackID(4, false, 0), Media{}.withDefaults())
	for i := range uint32(3) {
		f := a.encode(now, false)
		if s, ok := audioStamp(f.payloads[0]); !ok || s.number != i || s.track != 32 || f.timestamp != i*960 {
			t.Fatalf("audio %d: %+v at %d", i, s, f.timestamp)
		}
	}
}

func TestADescriptorThatTheServerShortensIsStillRead(t *testing.T) {
	v := newVideoEncoder(1, Media{}.withDefaults(), 1)
	p := v.encode(time.Unix(1, 0), true).payloads[0]
	rest := p[vp8Descriptor:]
	for name, descriptor := range map[string][]byte{
		"no extension":        {0x10},
		"no fields":           {0x90, 0x00},
		"picture id of 7":     {0x90, 0x80, 0x11},
		"picture id of 15":    {0x90, 0x80, 0x91, 0x11},
		"all, without layers": {0x90, 0xc0, 0x91, 0x11, 0x05},
	} {
		if _, ok := videoStamp(append(bytes.Clone(descriptor), rest...)); !ok {
			t.Errorf("%s: not read", name)
		}
	}
}

func TestMediaOutOfBoundsIsRefused(t *testing.T) {
	for _, m := range []Media{{FPS: 500}, {FramePackets: 0.5}, {FramePackets: 100}, {PacketBytes: 20}, {PacketBytes: 3000}, {AudioBytes: 10}} {
		if err := m.validate(); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: %v", m, err)
		}
	}
	if err := (Media{}).validate(); err != nil {
		t.Error(err)
	}
}

func FuzzStamp(f *testing.F) {
	v := newVideoEncoder(1, Media{}.withDefaults(), 1)
	for _, p := range v.encode(time.Unix(1, 0), true).payloads {
		f.Add(p)
	}
	f.Add(newAudioEncoder(1, Media{}.withDefaults()).encode(time.Unix(1, 0), false).payloads[0])
	f.Fuzz(func(_ *testing.T, b []byte) {
		videoStamp(b)
		audioStamp(b)
		beginsKeyframe(b)
		originalNumber(b)
	})
}
