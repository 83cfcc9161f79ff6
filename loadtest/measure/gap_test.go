package measure

import (
	"testing"
	"time"

	"salon/loadtest/media"
)

// packet is one of track at.
func packet(track, number uint32, at time.Time) []byte {
	s := media.NewTrack(int(track), media.Microphone, media.Shape{}.WithDefaults(), 1).Layers[0]
	var b []byte
	for range number + 1 {
		b = s.Next(at).Payloads[0]
	}
	return b
}

func TestWhatLiesBetweenTwoLivesIsAGap(t *testing.T) {
	in := NewIntake(NewWindow())
	zero := time.Unix(100, 0)
	in.Take(zero, media.Opus, packet(3, 0, zero), false)
	in.Take(zero.Add(5*time.Second), media.Opus, packet(3, 1, zero), false)
	if g := in.Gaps(); len(g) != 0 {
		t.Fatalf("silence alone is no gap: %v", g)
	}
	in.Break()
	in.Take(zero.Add(5100*time.Millisecond), media.Opus, packet(3, 2, zero), false)
	in.Take(zero.Add(9*time.Second), media.Opus, packet(3, 3, zero), false)
	g := in.Gaps()
	if len(g) != 1 || g[0].Length() != 100*time.Millisecond || media.SeatOf(g[0].Track) != 3 {
		t.Fatalf("gaps %v", g)
	}
}

func TestSilenceIsAGapWhereMediaHasNone(t *testing.T) {
	in := NewIntake(NewWindow())
	in.Silence = 300 * time.Millisecond
	zero := time.Unix(100, 0)
	for i, at := range []time.Duration{0, 300, 601, 700} {
		in.Take(zero.Add(at*time.Millisecond), media.Opus, packet(1, uint32(i), zero), false)
	}
	g := in.Gaps()
	if len(g) != 1 || g[0].From != zero.Add(300*time.Millisecond) || g[0].Length() != 301*time.Millisecond {
		t.Fatalf("gaps %v", g)
	}
	if f := in.Flows(); len(f) != 1 || f[0].From != zero.Add(700*time.Millisecond) {
		t.Fatalf("flows %v", f)
	}
}
