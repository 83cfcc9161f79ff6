package report

import (
	_ "embed" // the page's template
	"fmt"
	"html/template"
	"io"

	"salon/loadtest/measure"
)

//go:embed report.html
var reportPage string

// A page is what the template shows of a report.
type page struct {
	*Report
	Tiles  []row // the figures that one looks at first
	Rows   []row
	Groups []group
	Plots  []template.HTML
}

// A row is one figure in words.
type row struct{ Name, Value, About string }

// A group is the percentiles of one kind of time.
type group struct {
	Name   string // of its figures, before the point
	About  string
	Spread measure.Spread
}

// WriteHTML writes r as one page that needs nothing else: plots are drawn here, and opened without a network.
func (r *Report) WriteHTML(w io.Writer) error {
	t, err := template.New("report").Funcs(template.FuncMap{"grouped": grouped}).Parse(reportPage)
	if err != nil {
		return fmt.Errorf("read page: %w", err)
	}
	p, err := r.page()
	if err != nil {
		return err
	}
	if err := t.Execute(w, p); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

func (r *Report) page() (page, error) {
	p := page{Report: r}
	tiles := map[string]string{
		"rate": "received", "loss": "lost", "latency.p50": "latency p50", "latency.p99": "latency p99",
		"cpu.per_packet": "server CPU per packet", "rss.per_participant": "server memory per participant",
		"api.rate": "answered", "api.errors": "errors", "api.p50": "p50", "api.p95": "p95", "api.p99": "p99",
	}
	for _, f := range r.figures() {
		v, ok := f.value(r)
		if !ok {
			continue
		}
		if short, first := tiles[f.name]; first {
			p.Tiles = append(p.Tiles, row{Name: short, Value: f.write(v), About: f.about})
		}
		if f.point == "" {
			p.Rows = append(p.Rows, row{f.name, f.write(v), f.about})
		}
	}
	for _, s := range r.spreads() {
		if s.Spread.Count > 0 {
			p.Groups = append(p.Groups, s)
		}
	}
	for _, plot := range r.plots() {
		svg, err := plot.svg()
		if err != nil {
			return page{}, err
		}
		p.Plots = append(p.Plots, template.HTML(svg)) //nolint:gosec // drawn by us, of numbers
	}
	return p, nil
}

// Verdict is the run in one sentence.
func (p page) Verdict() string {
	failed := 0
	for _, a := range p.Assertions {
		if !a.Holds {
			failed++
		}
	}
	switch {
	case len(p.Void) > 0:
		return "Void: the generator was the bottleneck"
	case failed > 0:
		return fmt.Sprintf("%d of %d assertions fail", failed, len(p.Assertions))
	case len(p.Assertions) > 0:
		return "Everything asserted holds"
	default:
		return "Measured"
	}
}

// Mood picks the banner's colour.
func (p page) Mood() string {
	switch {
	case len(p.Void) > 0:
		return "void"
	case !p.OK():
		return "bad"
	default:
		return "good"
	}
}
