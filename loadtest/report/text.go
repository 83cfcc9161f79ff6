package report

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// WriteText writes the figures as a table for a terminal, and the verdict in words.
func (r *Report) WriteText(w io.Writer) error {
	s := &r.Scenario
	fmt.Fprintf(w, "\n%s: %s\n%s, %.0f s\n\n", s.Name, s.About, r.Who(), s.DurationS)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range r.figures() {
		if v, ok := f.value(r); ok && f.point == "" {
			fmt.Fprintf(t, "  %s\t%s\t%s\n", f.name, f.write(v), f.about)
		}
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	r.writeSpreads(w)
	r.writeWords(w)
	return nil
}

// Who tells how many took part.
func (r *Report) Who() string {
	if a := r.API; a != nil {
		return fmt.Sprintf("%d people, %d clubs, %d notes", a.People, a.Clubs, a.Notes)
	}
	return fmt.Sprintf("%d participants, %d of them by an independent stack", r.Scenario.Participants, r.Scenario.Plain)
}

func (r *Report) writeSpreads(w io.Writer) {
	fmt.Fprintf(w, "\n  %-21s%8s%8s%8s%8s%8s\n", "ms", "p50", "p95", "p99", "p999", "max")
	for _, g := range r.spreads() {
		if s := g.Spread; s.Count > 0 {
			fmt.Fprintf(w, "  %-21s%8.2f%8.2f%8.2f%8.2f%8.2f  %s\n", g.Name, s.P50, s.P95, s.P99, s.P999, s.Max, g.About)
		}
	}
	fmt.Fprintln(w)
}

func (r *Report) writeWords(w io.Writer) {
	for _, step := range r.Limit {
		fmt.Fprintf(w, "step: %s\n", step)
	}
	if knee := r.Knee(); knee != "" {
		fmt.Fprintf(w, "limit: %s\n", knee)
	}
	for i, run := range r.Runs {
		fmt.Fprintf(w, "run %d: %s\n", i+1, run)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(w, "note: %s\n", n)
	}
	for _, a := range r.Assertions {
		word := "holds"
		if !a.Holds {
			word = "FAILS"
		}
		fmt.Fprintf(w, "%s: %s (%s)\n", word, a.Text, a.Value)
	}
	for _, why := range r.Void {
		fmt.Fprintf(w, "VOID: %s\n", why)
	}
}
