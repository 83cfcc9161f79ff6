package loadtest

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
)

// A RunSummary is one of several runs, in short.
type RunSummary struct {
	PerPacketUS float64 `json:"per_packet_us"` // 0: no server process was named
	P50         float64 `json:"p50_ms"`
	P99         float64 `json:"p99_ms"`
	Loss        float64 `json:"loss"`
	PacketsPerS float64 `json:"packets_per_s"`
	Void        bool    `json:"void,omitempty"`
	Chosen      bool    `json:"chosen,omitempty"` // the report is this run's
}

// Repeat runs a scenario so many times and returns the report of the median run: by server CPU for each packet, or by
// median latency where that is unknown, among the runs that are not void. All runs are in it, in short.
func Repeat(ctx context.Context, times int, s Scenario, cfg Config, show Progress, log *slog.Logger) (*Report, error) {
	defer show.Done()
	reports := make([]*Report, 0, times)
	for i := range max(times, 1) {
		r, err := run(ctx, s, cfg, show, log)
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
		show.Note(fmt.Sprintf("run %d: %s", i+1, summary(r)))
	}
	return medianOf(reports), nil
}

// medianOf chooses among runs; there is at least one.
func medianOf(reports []*Report) *Report {
	good := slices.DeleteFunc(slices.Clone(reports), func(r *Report) bool { return len(r.Void) > 0 })
	if len(good) == 0 {
		good = slices.Clone(reports)
	}
	slices.SortStableFunc(good, func(a, b *Report) int {
		x, y := summary(a), summary(b)
		return cmp.Or(cmp.Compare(x.PerPacketUS, y.PerPacketUS), cmp.Compare(x.P50, y.P50))
	})
	chosen := good[(len(good)-1)/2]
	for _, r := range reports {
		s := summary(r)
		s.Chosen = r == chosen
		chosen.Runs = append(chosen.Runs, s)
	}
	return chosen
}

func summary(r *Report) RunSummary {
	s := RunSummary{
		P50: r.Client.Latency.P50, P99: r.Client.Latency.P99, Loss: r.Client.Loss, PacketsPerS: r.Client.PacketsPerS,
		Void: len(r.Void) > 0,
	}
	if r.Server != nil {
		s.PerPacketUS = r.Server.PerPacketUS
	}
	return s
}

// String is one line for people.
func (s RunSummary) String() string {
	line := fmt.Sprintf("%.0f packets/s, loss %.3g %%, p50 %.2f ms, p99 %.2f ms", s.PacketsPerS, 100*s.Loss, s.P50, s.P99)
	if s.PerPacketUS > 0 {
		line += fmt.Sprintf(", server %.2f µs for each packet", s.PerPacketUS)
	}
	if s.Void {
		line += ", void"
	}
	if s.Chosen {
		line += ", the median"
	}
	return line
}
