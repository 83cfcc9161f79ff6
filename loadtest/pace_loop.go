package loadtest

import (
	"context"
	"time"
)

// run sends until ctx ends.
func (p *pace) run(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var due []turn
	for {
		var next time.Time
		due, next = p.take(time.Now(), due[:0])
		for _, t := range due {
			for i := range t.track.layers {
				now := time.Now()
				t.peer.send(t.track, t.track.next(i, now), now)
			}
		}
		if next.IsZero() {
			timer.Reset(time.Hour)
		} else {
			timer.Reset(time.Until(next))
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-p.wake:
		}
	}
}
