package main

import (
	"context"
	"runtime/debug"
	"time"
)

const (
	// trimInterval is the time between two looks at the heap.
	trimInterval = time.Second
	// trimRest is the least time between two collections for the sake of memory alone.
	trimRest = 30 * time.Second
)

// trim gives memory back to the system that joins have left behind, until ctx ends.
func trim(ctx context.Context) error {
	ticker := time.NewTicker(trimInterval)
	defer ticker.Stop()
	before := readHeap()
	var trimmed time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		now := readHeap()
		if now.wasteful(before) && time.Since(trimmed) >= trimRest {
			debug.FreeOSMemory()
			now, trimmed = readHeap(), time.Now()
		}
		before = now
	}
}
