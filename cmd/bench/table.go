package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// rows lays every figure beside its promise; the first row is the head.
func (s *session) rows() [][]string {
	rows := [][]string{{"scenario", "figure", "must", "aim", "measured", "range", "baseline", "verdict"}}
	for _, r := range s.Results {
		for i, v := range r.Verdicts {
			name := ""
			if i == 0 {
				name = r.Name
			}
			rows = append(rows, append([]string{name}, v.cells(r)...))
		}
	}
	return rows
}

func (v verdict) cells(r *result) []string {
	sign := "≤ "
	if v.Figure.grows() {
		sign = "≥ "
	}
	bound := func(b float64, zero bool) string {
		switch {
		case zero:
			return "0"
		case b == 0:
			return ""
		}
		return sign + v.Figure.text(b)
	}
	measured, spread, baseline := "none", "", ""
	if v.Measured != nil {
		measured = v.Figure.text(*v.Measured)
	}
	if v.Low < v.High {
		spread = v.Figure.text(v.Low) + " to " + v.Figure.text(v.High)
	}
	if v.Baseline != nil {
		baseline = v.Figure.text(*v.Baseline)
	}
	return []string{v.Figure.words(), bound(v.Must, v.Zero), bound(v.Aim, false), measured, spread, baseline, v.says(r)}
}

// says judges in a word.
func (v verdict) says(r *result) string {
	word := ""
	switch {
	case v.Reached:
		word = "aim"
	case v.bounded() && v.Held:
		word = "must"
	case v.bounded():
		word = "missed"
	}
	if v.Figure == limit && strings.HasPrefix(r.Ended, "the generator's limit") {
		word = strings.TrimPrefix(word+", the generator's limit", ", ")
	}
	return word
}

// table is for terminals.
func (s *session) table() string {
	rows := s.rows()
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// page is the measured part of the document, in Markdown.
func (s *session) page() string {
	var b strings.Builder
	pinned := "Server and generator each had one core to themselves."
	if !s.Pinned {
		pinned = "Server and generator were not pinned: the figures are worth little."
	}
	m := s.Machine
	fmt.Fprintf(&b, "Measured on %s at commit `%s`: %s, %d cores, %s %s, %s. %s\nMedians of %d runs, each measuring for %s.\n\n",
		s.Began.Format("2 January 2006, 15:04 MST"), s.Commit, m.CPU, m.Cores, m.OS, m.Kernel, m.Go, pinned, s.Runs, s.Duration)
	if len(s.Settings) > 0 {
		fmt.Fprintf(&b, "The server ran with `%s`.\n\n", strings.Join(s.Settings, "` and `"))
	}
	for i, row := range s.rows() {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|---|---|---|---|---:|---|---:|---|\n")
		}
	}
	b.WriteString("\n| scenario | what | runs that count | void | lacking | transport-wide feedback |\n|---|---|---:|---:|---:|---|\n")
	for _, r := range s.Results {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.Name, r.About, r.Server.counts())
		if r.Baseline != nil {
			fmt.Fprintf(&b, "| | the same against the baseline | %s |\n", r.Baseline.counts())
		}
	}
	return b.String()
}

func (s *series) counts() string {
	feedback := "no"
	if s.Feedback {
		feedback = "yes"
	}
	return fmt.Sprintf("%d | %d | %d | %s", s.Good, s.Void, s.Lacking, feedback)
}
