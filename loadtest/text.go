package loadtest

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// WriteText writes the figures as a table for a terminal, and the verdict in words.
func (r *Report) WriteText(w io.Writer) error {
	s := &r.Scenario
	fmt.Fprintf(w, "\n%s: %s\n%d participants (%d of an independent stack), %.0f s\n\n", s.Name, s.About, s.Participants, s.Plain, s.DurationS)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range figures() {
		if v, ok := f.value(r); ok {
			fmt.Fprintf(t, "  %s\t%s\t%s\n", f.name, f.write(v), f.about)
		}
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	r.writeWords(w)
	return nil
}

func (r *Report) writeWords(w io.Writer) {
	for _, step := range r.Limit {
		fmt.Fprintf(w, "step: %s\n", step)
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
