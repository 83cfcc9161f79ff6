package link

import (
	"testing"
	"time"
)

func TestALinkLosesDelaysAndQueues(t *testing.T) {
	zero := time.Unix(0, 0)
	send := func(step Step, every time.Duration) (came int, last time.Duration) {
		l := New([]Step{step}, 1)
		for i := range 1000 {
			now := zero.Add(time.Duration(i) * every)
			at, ok := l.Pass(now, 0, 1000)
			if !ok {
				continue
			}
			came++
			if at.Before(now) || at.Sub(zero) < last {
				t.Fatalf("packet %d arrives at %v", i, at.Sub(zero))
			}
			last = at.Sub(zero)
		}
		return came, last
	}
	if came, _ := send(Step{Loss: 0.1}, time.Millisecond); came < 860 || came > 940 {
		t.Errorf("of 1000 packets at 10 %% loss %d came", came)
	}
	if came, last := send(Step{Delay: 70 * time.Millisecond, Jitter: time.Millisecond}, time.Millisecond); came != 1000 ||
		last < (999+70)*time.Millisecond || last > (999+72)*time.Millisecond {
		t.Errorf("delayed: %d came, the last at %v", came, last)
	}
	// 8 Mbit/s come in, 4 go out: half is lost once the queue is full, which adds its length.
	if came, last := send(Step{Rate: 4_000_000}, time.Millisecond); came < 500 || came > 700 || last < time.Second || last > 1400*time.Millisecond {
		t.Errorf("squeezed: %d came, the last at %v", came, last)
	}
	if New(nil, 1) != nil {
		t.Error("no steps make a link")
	}
}

func TestALinkChangesWithTime(t *testing.T) {
	l := New([]Step{{At: time.Second, Loss: 1}, {At: 2 * time.Second}}, 1)
	for since, passes := range map[time.Duration]bool{-time.Second: true, 0: true, time.Second: false, 2 * time.Second: true} {
		if _, ok := l.Pass(time.Unix(10, 0), since, 100); ok != passes {
			t.Errorf("after %v: passes %v", since, ok)
		}
	}
}
