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
func (n *node) sweepPictures(ctx context.Context) error {
	ticker := time.NewTicker(pictureInterval)
	defer ticker.Stop()
	for {
		gone, err := n.shown.Sweep(ctx, n.now())
		switch {
		case errors.Is(err, context.Canceled):
			return nil
		case err != nil:
			n.log.Warn("pictures not swept", "err", err)
		case gone > 0:
			n.log.Info("pictures swept", "count", gone)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
