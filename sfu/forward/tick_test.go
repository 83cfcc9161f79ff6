package forward

import (
	"testing"
	"time"
)

func TestBurstsKeepTheRhythm(t *testing.T) {
	s := NewShard(Config{}, NewCrew(0), nil)
	now := time.Unix(100, 0)
	ticks := 0
	for range 1000 { // bursts at distances of 7 to 20 ms, for ten seconds and more
		before := s.nextTick
		s.tickAlong(now, nil)
		if s.nextTick != before {
			ticks++
		}
		now = now.Add(time.Duration(7+ticks%14) * time.Millisecond)
	}
	if want := int(now.Sub(time.Unix(100, 0)) / tickInterval); ticks < want-1 || ticks > want+1 {
		t.Errorf("%d ticks, want %d", ticks, want)
	}
	if rest := s.tickAlone(now, nil); rest != restWhileBusy {
		t.Errorf("the loop comes back after %v while bursts tick", rest)
	}
	now = now.Add(restWhileBusy)
	before := s.nextTick
	if rest := s.tickAlone(now, nil); rest != tickInterval || s.nextTick == before {
		t.Errorf("the loop does not tick where bursts have ended: comes back after %v", rest)
	}
	if !s.nextTick.After(now) || s.nextTick.After(now.Add(tickInterval)) {
		t.Errorf("the next tick is %v away", s.nextTick.Sub(now))
	}
}
