package client

import (
	"testing"
	"time"

	"salon/loadtest/media"
)

func TestFramesLeaveWhenTheyAreDueAndLatenessIsCounted(t *testing.T) {
	p := newPace()
	now := time.Unix(10, 0)
	sound := media.NewTrack(0, false, media.Shape{}.WithDefaults(), 1)
	picture := media.NewTrack(1, true, media.Shape{}.WithDefaults(), 1)
	p.add(now, sound, nil)
	p.add(now, picture, nil)
	count := map[*media.Track]int{}
	end := now.Add(10 * time.Second)
	for at := now; at.Before(end); {
		due, next := p.take(at, nil)
		for _, turn := range due {
			count[turn.track]++
		}
		if !next.After(at) {
			t.Fatalf("come again at %v", next)
		}
		at = next.Add(time.Millisecond)
	}
	if count[sound] < 499 || count[sound] > 501 || count[picture] < 299 || count[picture] > 301 {
		t.Errorf("%d packets of audio, %d pictures", count[sound], count[picture])
	}
	late := p.Lateness()
	if p50 := late.Quantile(0.5); p50 < 950*time.Microsecond || p50 > 1050*time.Microsecond {
		t.Errorf("late by %v", p50)
	}
	sound.Gone.Store(true)
	picture.Gone.Store(true)
	if due, next := p.take(end.Add(time.Hour), nil); len(due) != 0 || !next.IsZero() {
		t.Error("sends for those who are gone")
	}
}

func TestAPauseIsNotMadeUpForByAFlood(t *testing.T) {
	p := newPace()
	now := time.Unix(10, 0)
	p.add(now, media.NewTrack(0, false, media.Shape{}.WithDefaults(), 1), nil)
	due, _ := p.take(now.Add(time.Minute), nil)
	if len(due) > 3 {
		t.Errorf("%d packets at once", len(due))
	}
}
