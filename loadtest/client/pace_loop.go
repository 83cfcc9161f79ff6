package client

import (
	"context"
	"time"
)

// Run sends until ctx ends.
func (p *pace) Run(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var due []turn
	for {
		var next time.Time
		due, next = p.take(time.Now(), due[:0])
		for _, t := range due {
			for i := range t.track.Layers {
				now := time.Now()
				t.peer.Send(t.track, t.track.Next(i, now), now)
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
