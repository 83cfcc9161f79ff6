package loadtest

import (
	"context"
	"log/slog"
	"time"

	"salon/loadtest/progress"
	"salon/loadtest/report"
	"salon/loadtest/scenario"
)

// FindLimit repeats a scenario with ever more of what it has most of, until loss, latency or the generator gives in,
// and then looks closer; if the first is too much already, with ever less. It returns the report of the largest good
// run, with all steps in it, each with who had no room left; if none was good, the first one's.
func FindLimit(ctx context.Context, s scenario.Scenario, cfg Config, show progress.Display, log *slog.Logger) (*report.Report, error) {
	defer show.Done()
	size := s.Size.Over(cfg.Size)
	var best, first *report.Report
	var steps []report.LimitStep
	for seek := newSeeker(); !seek.done(); {
		cfg.Size = size.Times(seek.factor)
		r, err := steadyRun(ctx, s, cfg, show, log)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = r
		}
		step := report.StepOf(r)
		steps = append(steps, step)
		show.Note(step.String())
		if step.Good {
			best = r
		}
		seek.learn(step.Good)
		if err := pause(ctx, breathe); err != nil {
			return nil, err
		}
	}
	if best == nil {
		best = first
	}
	best.Limit = steps
	return best, nil
}

// breathe is how long the server has between two steps to forget the last one.
const breathe = time.Second

// steadyRun runs once more where the load was not carried: a neighbour on the machine may have been in the way, and what
// is too much is so twice.
func steadyRun(ctx context.Context, s scenario.Scenario, cfg Config, show progress.Display, log *slog.Logger) (*report.Report, error) {
	r, err := run(ctx, s, cfg, show, log)
	if err != nil {
		return nil, err
	}
	step := report.StepOf(r)
	if step.Good {
		return r, nil
	}
	show.Note("once more: " + step.String())
	if err := pause(ctx, breathe); err != nil {
		return nil, err
	}
	return run(ctx, s, cfg, show, log)
}
