package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"
)

// leftoverPatience is how long a goroutine may take to end after its owner has waited
// for its last act: between wg.Done and the end of the function lie a few instructions.
const leftoverPatience = 2 * time.Second

// checkGoroutines fails, with the stacks on w, if a goroutine other than the caller's
// and the signal watcher of the runtime is left.
func checkGoroutines(w io.Writer) error {
	for end := time.Now().Add(leftoverPatience); ; time.Sleep(10 * time.Millisecond) {
		left := leftovers(stacks())
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(end) {
			fmt.Fprintln(w, strings.Join(left, "\n\n"))
			return fmt.Errorf("%w: %d", errLeftover, len(left))
		}
	}
}

// leftovers picks the goroutines of a stack dump that somebody should have ended. The
// first one of the dump is the caller.
func leftovers(dump string) []string {
	var left []string
	for i, g := range strings.Split(strings.TrimSpace(dump), "\n\n") {
		if i > 0 && !strings.Contains(g, "os/signal.signal_recv") {
			left = append(left, g)
		}
	}
	return left
}

// stacks dumps all goroutines, however many there are.
func stacks() string {
	for size := 1 << 20; ; size *= 2 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return string(buf[:n])
		}
	}
}
