package client

import (
	"context"
	"time"
)

// Run sends until ctx ends.
func (p *Pace) Run(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if next := p.catchUp(); next.IsZero() {
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

// catchUp sends what is due and returns when more will be; zero: nobody publishes.
func (p *Pace) catchUp() time.Time {
	for {
		now := time.Now()
		t, next := p.take(now)
		if t == nil {
			return next
		}
		t.peer.Send(t.track, t.layer, t.track.Layers[t.layer].Next(now), now)
		p.back(now, t)
	}
}
