package signaling

import (
	"context"
	"time"
)

// How clients are sent away whom other nodes serve: so far apart that those nodes let them in as they come, and all within a time
// that a shutdown has. Our choices.
const (
	apart     = 20 * time.Millisecond
	allWithin = 4 * time.Second
)

// clear sends the clients of all passages away, one after another. It returns when all were, or ctx ends.
func (p *passages) clear(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for begin := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		left, ok := p.send()
		if !ok {
			return
		}
		rest := max(allWithin-time.Since(begin), 0)
		timer.Reset(min(apart, rest/time.Duration(left+1)))
	}
}
