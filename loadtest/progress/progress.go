// Package progress shows a run while it runs: moving bars in a terminal, plain lines in a pipe. It decides nothing and
// may miss samples.
package progress

import (
	"time"

	"salon/loadtest/report"
)

// Display sees a run while it runs. Its methods are called by one goroutine, about once a second.
type Display interface {
	// Joining tells how many of so many have joined.
	Joining(joined, of int, s report.Sample)
	// Measuring tells how much of the measurement is over.
	Measuring(elapsed, of time.Duration, s report.Sample)
	// Note says something in words.
	Note(text string)
	// Done ends the display. It is called once, also when the run fails.
	Done()
}
