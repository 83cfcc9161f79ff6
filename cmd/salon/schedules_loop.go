package main

import (
	"context"
	"errors"
	"time"
)

// scheduleInterval is the time between two looks for schedules to continue.
const scheduleInterval = time.Hour

// continueSchedules makes the conferences that the schedules of clubs have come to, at
// the start and now and then, until ctx ends. What goes wrong is tried again the next
// time: conferences are made weeks ahead.
func (c *club) continueSchedules(ctx context.Context) error {
	ticker := time.NewTicker(scheduleInterval)
	defer ticker.Stop()
	for {
		filled, err := c.store.Fill(ctx, c.now())
		switch {
		case errors.Is(err, context.Canceled):
			return nil
		case err != nil:
			c.log.Warn("schedules not continued", "err", err)
		case filled > 0:
			c.log.Info("schedules continued", "count", filled)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
