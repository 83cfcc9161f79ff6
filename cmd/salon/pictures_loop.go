package main

import (
	"context"
	"errors"
	"time"
)

// pictureInterval is the time between two looks for pictures that nobody uses.
const pictureInterval = time.Hour

// sweepPictures takes unused pictures away, now and then, until ctx ends. What goes
// wrong is tried again the next time.
func (c *club) sweepPictures(ctx context.Context) error {
	ticker := time.NewTicker(pictureInterval)
	defer ticker.Stop()
	for {
		gone, err := c.shown.Sweep(ctx, c.now())
		switch {
		case errors.Is(err, context.Canceled):
			return nil
		case err != nil:
			c.log.Warn("pictures not swept", "err", err)
		case gone > 0:
			c.log.Info("pictures swept", "count", gone)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
