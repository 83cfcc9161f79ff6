package forward

import "context"

// Work carries shares of bursts until ctx ends. out belongs to it. It sends after the burst's own goroutine was told, so that no
// system call is waited for.
func (c *Crew) Work(ctx context.Context, out Out) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case j := <-c.jobs:
			j.carry(out)
			j.done <- struct{}{}
			out.Flush()
		}
	}
}
