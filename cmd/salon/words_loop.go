package main

import (
	"context"
	"errors"
	"time"
)

// wordsInterval is the time between two looks for parts of the indexes to put together.
const wordsInterval = time.Minute

// mergeWords keeps searches fast while the club is written to, until ctx ends. What goes
// wrong is tried again the next time.
func (c *club) mergeWords(ctx context.Context) error {
	ticker := time.NewTicker(wordsInterval)
	defer ticker.Stop()
	for {
		_, err := c.store.MergeWords(ctx)
		switch {
		case errors.Is(err, context.Canceled):
			return nil
		case err != nil:
			c.log.Warn("words not merged", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
