package trace

import (
	"errors"
	"testing"
	"time"

	"salon/loadtest/media"
)

// play plays a source for a while of virtual time and fails where a server would stumble.
func play(t *testing.T, s media.Source, c media.Codec, length time.Duration) (packets, bytes int) {
	t.Helper()
	began, clock := time.Unix(1000, 0), time.Duration(c.Clock())
	now, last := began.Add(s.Wait()), began
	var timestamp, number, frame uint32
	of, index := uint8(0), uint8(0)
	for now.Sub(began) < length {
		b := s.Next(now, now.Sub(last) > time.Minute)
		if now.Sub(last) > time.Minute {
			last = now
		}
		if d := b.Timestamp - timestamp; packets > 0 && d > uint32(time.Second*clock/time.Second) {
			t.Fatalf("timestamp %d behind %d", b.Timestamp, timestamp)
		}
		timestamp = b.Timestamp
		for _, p := range b.Payloads {
			stamp, ok := c.Stamp(p)
			if !ok || stamp.Number != number || !stamp.At().Equal(now) || len(p) > media.MaxPacketBytes {
				t.Fatalf("packet %d: %+v %v", number, stamp, ok)
			}
			if packets > 0 && (index+1 < of) != (stamp.Frame == frame) {
				t.Fatalf("packet %d: frame %d, behind %d of %d of frame %d", number, stamp.Frame, index, of, frame)
			}
			of, index, frame = stamp.Of, stamp.Index, stamp.Frame
			number++
			packets++
			bytes += len(p)
		}
		wait := s.Wait()
		if wait < 0 || wait > time.Second {
			t.Fatalf("%s to the next burst", wait)
		}
		now = now.Add(wait)
	}
	elapsed := time.Duration(timestamp) * time.Second / clock
	if d := (now.Sub(began) - elapsed).Abs(); d > time.Second {
		t.Errorf("timestamps of %s in %s", elapsed, length)
	}
	if sent, _ := s.Sent(); sent != number {
		t.Errorf("%d packets sent, %d seen", sent, number)
	}
	return packets, bytes
}

func TestRecordingsPlayForAnHour(t *testing.T) {
	for codec, length := range map[media.Codec]time.Duration{
		media.VP8: time.Hour, media.VP9: 5 * time.Minute, media.H264: 5 * time.Minute, media.AV1: 5 * time.Minute,
	} {
		p, err := NewPlayback(codec, media.MaxLayers, false)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range p.Make(1, media.Camera, 1) {
			packets, bytes := play(t, s, codec, length)
			l := Summarize(p.traces[media.Camera]).Layers[i]
			if want := l.PacketsPerS * length.Seconds(); float64(packets) < 0.98*want || float64(packets) > 1.05*want {
				t.Errorf("%s layer %d: %d packets in %s, want %.0f", codec, i, packets, length, want)
			}
			if want := l.BitsPerS / 8 * length.Seconds(); float64(bytes) < 0.98*want || float64(bytes) > 1.05*want {
				t.Errorf("%s layer %d: %d bytes in %s, want %.0f", codec, i, bytes, length, want)
			}
		}
	}
	p, err := NewPlayback(media.VP8, 1, false)
	if err != nil {
		t.Fatal(err)
	}
	if packets, _ := play(t, p.Make(1, media.Microphone, 1)[0], media.Opus, time.Hour); packets > 40*3600 {
		t.Errorf("%d packets of speech with pauses", packets)
	}
	if screens := p.Make(1, media.Screen, 1); len(screens) != 1 {
		t.Errorf("%d layers of a screen, want the largest", len(screens))
	}
}

func TestACodecWithoutRecordingIsNamed(t *testing.T) {
	if _, err := NewPlayback("VP10", 1, false); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if _, err := NewPlayback(media.H264, 1, true); !errors.Is(err, ErrUnknown) {
		t.Errorf("a screen in H264: %v", err)
	}
	if p, err := NewPlayback(media.H264, 1, false); err != nil || p.Make(1, media.Screen, 1) != nil {
		t.Errorf("a screen that nobody asked for: %v", err)
	}
}

func TestPublishersBeginAtDifferentPlaces(t *testing.T) {
	p, err := NewPlayback(media.VP8, 3, false)
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[int]bool{}
	for seat := range 8 {
		s := p.Make(seat, media.Camera, 1)[2]
		for range 5 {
			s.Next(time.Unix(1, 0), false)
		}
		n := 0
		for _, b := range s.Next(time.Unix(1, 0), false).Payloads {
			n += len(b)
		}
		sizes[n] = true
	}
	if len(sizes) < 6 {
		t.Errorf("eight publishers, %d different frames", len(sizes))
	}
}

func TestPlaybackAllocatesNothing(t *testing.T) {
	p, err := NewPlayback(media.VP8, 1, false)
	if err != nil {
		t.Fatal(err)
	}
	s := p.Make(1, media.Camera, 1)[0]
	for range 5000 {
		s.Next(time.Unix(1, 0), false)
	}
	if n := testing.AllocsPerRun(1000, func() { s.Next(time.Unix(1, 0), false) }); n != 0 {
		t.Errorf("%g allocations a burst", n)
	}
}
