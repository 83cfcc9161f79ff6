package forward

import (
	"context"
	"time"
)

// tickInterval is the rhythm of everything that isn't caused by a packet: half of the interval of
// transport-wide feedback, and short against the round-trip time after which a request is repeated.
const tickInterval = 50 * time.Millisecond

// Run ticks the Shard until ctx ends. It sleeps while there is no Peer. out belongs to it.
func (s *Shard) Run(ctx context.Context, out Out) error {
	ticker := time.NewTicker(tickInterval)
	defer ticker.Stop()
	for {
		if s.Peers() == 0 {
			ticker.Stop()
			select {
			case <-ctx.Done():
				return nil
			case <-s.wake:
				ticker.Reset(tickInterval)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case now := <-ticker.C:
			s.Tick(now, out)
			out.Flush()
		}
	}
}
