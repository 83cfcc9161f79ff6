package report

import (
	"fmt"
	"math"

	"github.com/go-analyze/charts"
)

// Sizes of a plot in pixels; pages scale them.
const (
	plotWidth  = 520
	plotHeight = 270
)

// A plot is one picture of a report: lines over a row of labels.
type plot struct {
	title  string
	across string // what the row of labels is, with its unit
	up     string // what the lines are, with their unit
	names  []string
	labels []string
	lines  [][]float64
	format func(float64) string
	fill   bool
}

// svg draws p, with text as text and nothing fetched from anywhere.
func (p plot) svg() (string, error) {
	opt := charts.NewLineChartOptionWithData(p.lines)
	opt.Theme = charts.GetTheme(charts.ThemeLight).WithBackgroundColor(charts.ColorTransparent).
		WithSeriesColors([]charts.Color{charts.ColorFromHex("#2f6fde"), charts.ColorFromHex("#d9730d")}) // told apart by everyone, on light and dark
	opt.Title = charts.TitleOption{Text: p.title + ", " + p.up, FontStyle: charts.FontStyle{FontSize: 12}}
	opt.Legend = charts.LegendOption{SeriesNames: p.names, Offset: charts.OffsetRight}
	opt.XAxis.Labels = p.labels
	small := charts.FontStyle{FontSize: 9}
	opt.XAxis.Title, opt.XAxis.TitleFontStyle = p.across, small
	if len(p.names) < 2 {
		opt.Legend.Show = charts.Ptr(false) // the title says it
	}
	opt.XAxis.BoundaryGap = charts.Ptr(false)
	opt.YAxis[0].Min = charts.Ptr(0.0)
	opt.ValueFormatter = p.format
	opt.Symbol.Shape = charts.SymbolNone
	opt.LineStrokeWidth = 1.6
	if p.fill {
		opt.FillArea = charts.Ptr(true)
		opt.FillOpacity = 60
	}
	painter := charts.NewPainter(charts.PainterOptions{
		OutputFormat: charts.ChartOutputSVG, Width: plotWidth, Height: plotHeight,
	})
	if err := painter.LineChart(opt); err != nil {
		return "", fmt.Errorf("draw %s: %w", p.title, err)
	}
	b, err := painter.Bytes()
	if err != nil {
		return "", fmt.Errorf("draw %s: %w", p.title, err)
	}
	return string(b), nil
}

// plots are the pictures of r that have something to show.
func (r *Report) plots() (list []plot) {
	if len(r.Timeline) > 1 {
		list = append(list, r.overTime()...)
	}
	if len(r.Client.LatencyCurve) > 0 {
		curve := plot{title: "Latency by share of packets", across: "of all packets", up: "at most, ms", names: []string{"at most"}, format: short}
		curve.lines = make([][]float64, 1)
		for _, p := range r.Client.LatencyCurve {
			curve.labels = append(curve.labels, fmt.Sprintf("%g %%", 100*p.Share))
			curve.lines[0] = append(curve.lines[0], p.MS)
		}
		list = append(list, curve)
	}
	if len(r.Limit) > 1 {
		list = append(list, r.towardsLimit())
	}
	return list
}

// seconds is the time axis: before 0 they join.
const seconds = "seconds since the measurement began"

func (r *Report) overTime() []plot {
	n := len(r.Timeline)
	labels := make([]string, n)
	column := func(of func(*Sample) float64) []float64 {
		list := make([]float64, n)
		for i := range r.Timeline {
			list[i] = of(&r.Timeline[i])
		}
		return list
	}
	for i := range r.Timeline {
		labels[i] = fmt.Sprintf("%.0f", r.Timeline[i].AtS)
	}
	list := []plot{
		{
			title: "Packets received and decrypted", across: seconds, up: "packets/s", names: []string{"packets/s"}, labels: labels, format: short, fill: true,
			lines: [][]float64{column(func(s *Sample) float64 { return s.PacketsPerS })},
		},
		{
			title: "Latency in each second", across: seconds, up: "ms", names: []string{"p50", "p99"}, labels: labels, format: short,
			lines: [][]float64{column(func(s *Sample) float64 { return s.measured(s.P50) }), column(func(s *Sample) float64 { return s.measured(s.P99) })},
		},
	}
	if r.API != nil {
		list[0].title, list[0].up, list[0].names = "Requests answered", "requests/s", []string{"requests/s"}
		list[1].title = "Answers in each second"
	}
	cores := plot{
		title: "CPU", across: seconds, up: "cores", names: []string{"generator"}, labels: labels, format: short,
		lines: [][]float64{column(func(s *Sample) float64 { return s.SelfCores })},
	}
	if r.Server != nil {
		cores.names = []string{"server", "generator"}
		cores.lines = [][]float64{column(func(s *Sample) float64 { return s.ServerCores }), cores.lines[0]}
	}
	return append(list, cores)
}

// measured is v, or a gap where nothing was measured.
func (s *Sample) measured(v float64) float64 {
	if s.AtS < 0 || s.P99 == 0 {
		return charts.GetNullValue()
	}
	return v
}

func (r *Report) towardsLimit() plot {
	p := plot{title: "Search for the limit", across: "step: subscribers or rooms", up: "packets/s", names: []string{"packets/s"}, format: short, lines: make([][]float64, 1)}
	for _, s := range r.Limit {
		mark := "good"
		if !s.Good {
			mark = "bad"
		}
		p.labels = append(p.labels, fmt.Sprintf("%d %s", max(s.Size.Subscribers, s.Size.Rooms), mark))
		p.lines[0] = append(p.lines[0], s.PacketsPerS)
	}
	return p
}

// short writes a number on an axis.
func short(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v >= 1000:
		return fmt.Sprintf("%gk", math.Round(v/100)/10)
	case v >= 10:
		return fmt.Sprintf("%.0f", v)
	default:
		return fmt.Sprintf("%.2g", v)
	}
}
