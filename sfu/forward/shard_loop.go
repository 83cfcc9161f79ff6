package forward

import (
	"context"
	"time"

	"salon/sfu/beat"
)

// tickInterval is the rhythm of everything that isn't caused by a packet: half of the interval of
// transport-wide feedback, and short against the round-trip time after which a request is repeated.
const tickInterval = 50 * time.Millisecond

// restWhileBusy is how long the loop leaves the ticks to bursts before it looks after them: a timer wakes the machine up twice, for
// itself and for the runtime's monitor, which costs as much as forwarding dozens of packets.
const restWhileBusy = 200 * time.Millisecond

// Run ticks the Shard until ctx ends, where bursts don't. It sleeps while there is no Peer. out belongs to it.
func (s *Shard) Run(ctx context.Context, out Out) error {
	timer := time.NewTimer(tickInterval)
	defer timer.Stop()
	for {
		if s.Peers() == 0 {
			timer.Stop()
			select {
			case <-ctx.Done():
				return nil
			case <-s.wake:
				timer.Reset(tickInterval)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case now := <-timer.C:
			timer.Reset(beat.Until(time.Now(), s.tickAlone(now, out)))
			out.Flush()
		}
	}
}
