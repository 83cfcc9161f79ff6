package client

import (
	"sync/atomic"
	"testing"
	"time"

	"salon/loadtest/media"
)

func TestFramesLeaveWhenTheyAreDueAndLatenessIsCounted(t *testing.T) {
	p := newPace()
	now := time.Unix(10, 0)
	sound := media.NewTrack(0, media.Microphone, media.Shape{}.WithDefaults(), 1)
	picture := media.NewTrack(1, media.Camera, media.Shape{}.WithDefaults(), 1)
	var flows atomic.Bool
	flows.Store(true)
	p.add(now, sound, nil, &flows)
	p.add(now, picture, nil, &flows)
	count := map[*media.Track]int{}
	end := now.Add(10 * time.Second)
	for at := now; at.Before(end); {
		turn, next := p.take(at)
		if turn != nil {
			count[turn.track]++
			turn.track.Layers[turn.layer].Next(at)
			p.back(at, turn)
			continue
		}
		if !next.After(at) {
			t.Fatalf("come again at %v", next)
		}
		at = next.Add(time.Millisecond)
	}
	if count[sound] < 496 || count[sound] > 501 || count[picture] < 298 || count[picture] > 301 {
		t.Errorf("%d packets of audio, %d pictures", count[sound], count[picture])
	}
	late := p.Lateness()
	if p50 := late.Quantile(0.5); p50 < 950*time.Microsecond || p50 > 1050*time.Microsecond {
		t.Errorf("late by %v", p50)
	}
	flows.Store(false)
	if turn, next := p.take(end.Add(time.Hour)); turn != nil || !next.IsZero() {
		t.Error("sends for those who are gone")
	}
}

func TestAPauseIsNotMadeUpForByAFlood(t *testing.T) {
	p := newPace()
	now := time.Unix(10, 0)
	var flows atomic.Bool
	flows.Store(true)
	p.add(now, media.NewTrack(0, media.Microphone, media.Shape{}.WithDefaults(), 1), nil, &flows)
	late := now.Add(time.Minute)
	for n := range 5 {
		turn, _ := p.take(late)
		if turn == nil {
			return
		}
		if n > 3 {
			t.Fatalf("%d packets at once", n)
		}
		turn.track.Layers[turn.layer].Next(late)
		p.back(late, turn)
	}
}
