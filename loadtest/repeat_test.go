package loadtest

import (
	"testing"

	"salon/loadtest/report"
)

func TestTheMedianOfTheRunsThatCountIsChosen(t *testing.T) {
	with := func(us float64, void bool) *report.Report {
		r := &report.Report{Server: &report.Server{PerPacketUS: us}}
		if void {
			r.Void = []string{"slow"}
		}
		return r
	}
	for name, c := range map[string]struct {
		runs []*report.Report
		want float64
	}{
		"five":      {[]*report.Report{with(5, false), with(3, false), with(9, false), with(4, false), with(8, false)}, 5},
		"one void":  {[]*report.Report{with(1, true), with(3, false), with(9, false), with(4, false)}, 4},
		"all void":  {[]*report.Report{with(7, true), with(3, true), with(9, true)}, 7},
		"only one":  {[]*report.Report{with(2, false)}, 2},
		"even many": {[]*report.Report{with(2, false), with(1, false)}, 1},
	} {
		r := medianOf(c.runs)
		chosen := 0
		for _, s := range r.Runs {
			if s.Chosen && s.PerPacketUS == c.want {
				chosen++
			}
		}
		if r.Server.PerPacketUS != c.want || len(r.Runs) != len(c.runs) || chosen != 1 {
			t.Errorf("%s: %g of %+v", name, r.Server.PerPacketUS, r.Runs)
		}
	}
}
