package loadtest

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"

	"salon/loadtest/progress"
	"salon/loadtest/report"
	"salon/loadtest/scenario"
)

// Repeat runs a scenario so many times and returns the report of the median run: by server CPU for each packet, or by
// median latency where that is unknown, among the runs that are not void. All runs are in it, in short.
func Repeat(ctx context.Context, times int, s scenario.Scenario, cfg Config, show progress.Display, log *slog.Logger) (*report.Report, error) {
	defer show.Done()
	reports := make([]*report.Report, 0, times)
	for i := range max(times, 1) {
		r, err := run(ctx, s, cfg, show, log)
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
		show.Note(fmt.Sprintf("run %d: %s", i+1, report.Summary(r)))
	}
	return medianOf(reports), nil
}

// medianOf chooses among runs; there is at least one.
func medianOf(reports []*report.Report) *report.Report {
	good := slices.DeleteFunc(slices.Clone(reports), func(r *report.Report) bool { return len(r.Void) > 0 })
	if len(good) == 0 {
		good = slices.Clone(reports)
	}
	slices.SortStableFunc(good, func(a, b *report.Report) int {
		x, y := report.Summary(a), report.Summary(b)
		return cmp.Or(cmp.Compare(x.PerPacketUS, y.PerPacketUS), cmp.Compare(x.P50, y.P50))
	})
	chosen := good[(len(good)-1)/2]
	for _, r := range reports {
		s := report.Summary(r)
		s.Chosen = r == chosen
		chosen.Runs = append(chosen.Runs, s)
	}
	return chosen
}
