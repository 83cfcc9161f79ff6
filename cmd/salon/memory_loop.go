package main

import (
	"context"
	"os"
	"runtime/debug"
	"time"

	"salon/sfu/beat"
)

const (
	// trimInterval is the time between two looks at the heap.
	trimInterval = time.Second
	// trimRest is the least time between two collections for the sake of memory alone, but behind a full rush.
	trimRest = 30 * time.Second
)

// tend keeps the memory of the process small until ctx ends: it says how often garbage is collected, unless the operator has said so by
// GOGC, and gives back to the system what joins have left behind.
func tend(ctx context.Context) error {
	_, said := os.LookupEnv("GOGC")
	percent := collectSmall // the runtime's own
	timer := time.NewTimer(beat.Until(time.Now(), trimInterval))
	defer timer.Stop()
	before := readHeap()
	var trimmed time.Time
	var then heap // when it was trimmed
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			timer.Reset(beat.Until(time.Now(), trimInterval))
		}
		now := readHeap()
		if at := now.collectAt(before); at != percent && !said {
			debug.SetGCPercent(at)
			percent = at
		}
		if now.wasteful(before) && (time.Since(trimmed) >= trimRest || now.allocated-then.allocated >= fullRush) {
			debug.FreeOSMemory()
			now, trimmed = readHeap(), time.Now()
			then = now
		}
		before = now
	}
}
