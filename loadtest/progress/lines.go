package progress

import (
	"fmt"
	"io"
	"time"

	"salon/loadtest/report"
)

// Lines shows progress as plain lines, for pipes and logs. What says nothing new is left out.
type Lines struct {
	Out io.Writer

	last string
}

// Joining implements Display.
func (l *Lines) Joining(joined, of int, s report.Sample) {
	if s == (report.Sample{}) { // nothing is measured while this goes on
		l.print(fmt.Sprintf("joining  %d/%d", joined, of))
		return
	}
	l.print(fmt.Sprintf("joining  %d/%d  %s", joined, of, line(s)))
}

// Measuring implements Display.
func (l *Lines) Measuring(elapsed, of time.Duration, s report.Sample) {
	l.print(fmt.Sprintf("measuring  %.0f/%.0f s  %s", elapsed.Seconds(), of.Seconds(), line(s)))
}

// Note implements Display.
func (l *Lines) Note(text string) { l.print(text) }

// Done implements Display.
func (l *Lines) Done() {}

func (l *Lines) print(text string) {
	if text != l.last {
		fmt.Fprintln(l.Out, text)
	}
	l.last = text
}

// line is a sample for people.
func line(s report.Sample) string {
	latency := ""
	if s.P99 > 0 {
		latency = fmt.Sprintf("p50 %.2f ms  p99 %.2f ms  ", s.P50, s.P99)
	}
	return fmt.Sprintf("%.0f/s  %sserver %.2f cores  generator %.2f cores", s.PacketsPerS, latency, s.ServerCores, s.SelfCores)
}
