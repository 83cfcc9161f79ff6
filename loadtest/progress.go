package loadtest

import "time"

// Progress sees a run while it runs. Its methods are called by one goroutine, about once a second.
type Progress interface {
	// Joining tells how many of so many have joined.
	Joining(joined, of int, s Sample)
	// Measuring tells how much of the measurement is over.
	Measuring(elapsed, of time.Duration, s Sample)
	// Note says something in words.
	Note(text string)
	// Done ends the display. It is called once, also when the run fails.
	Done()
}
