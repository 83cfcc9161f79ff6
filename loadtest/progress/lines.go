package progress

import (
	"fmt"
	"io"
	"time"

	"salon/loadtest/report"
)

// Lines shows progress as plain lines, for pipes and logs.
type Lines struct{ Out io.Writer }

// Joining implements Progress.
func (l Lines) Joining(joined, of int, s report.Sample) {
	if s == (report.Sample{}) { // nothing is measured while this goes on
		fmt.Fprintf(l.Out, "joining  %d/%d\n", joined, of)
		return
	}
	fmt.Fprintf(l.Out, "joining  %d/%d  %s\n", joined, of, line(s))
}

// Measuring implements Progress.
func (l Lines) Measuring(elapsed, of time.Duration, s report.Sample) {
	fmt.Fprintf(l.Out, "measuring  %.0f/%.0f s  %s\n", elapsed.Seconds(), of.Seconds(), line(s))
}

// Note implements Progress.
func (l Lines) Note(text string) { fmt.Fprintln(l.Out, text) }

// Done implements Progress.
func (l Lines) Done() {}

// line is a sample for people.
func line(s report.Sample) string {
	return fmt.Sprintf("%.0f/s  p50 %.2f ms  p99 %.2f ms  server %.2f cores  generator %.2f cores",
		s.PacketsPerS, s.P50, s.P99, s.ServerCores, s.SelfCores)
}
