package loadtest

import (
	"testing"
	"time"
)

func TestFramesLeaveWhenTheyAreDueAndLatenessIsCounted(t *testing.T) {
	p := newPace()
	now := time.Unix(10, 0)
	sound := newTrack(0, false, Media{}.withDefaults(), 1)
	picture := newTrack(1, true, Media{}.withDefaults(), 1)
	p.add(now, sound, nil)
	p.add(now, picture, nil)
	count := map[*track]int{}
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
	late := p.lateness()
	if p50 := late.quantile(0.5); p50 < 950*time.Microsecond || p50 > 1050*time.Microsecond {
		t.Errorf("late by %v", p50)
	}
	sound.gone.Store(true)
	picture.gone.Store(true)
	if due, next := p.take(end.Add(time.Hour), nil); len(due) != 0 || !next.IsZero() {
		t.Error("sends for those who are gone")
	}
}

func TestAPauseIsNotMadeUpForByAFlood(t *testing.T) {
	p := newPace()
	now := time.Unix(10, 0)
	p.add(now, newTrack(0, false, Media{}.withDefaults(), 1), nil)
	due, _ := p.take(now.Add(time.Minute), nil)
	if len(due) > 3 {
		t.Errorf("%d packets at once", len(due))
	}
}
