package loadtest

import (
	"context"
	"fmt"
	"log/slog"

	"salon/loadtest/progress"
	"salon/loadtest/report"
	"salon/loadtest/scenario"
)

// Where the knee is: our choice of what a listener begins to notice.
const (
	kneeLoss   = 0.001
	kneeP99    = 50 // ms
	growth     = 1.5
	halvings   = 3
	maxGrowing = 14
)

// FindLimit repeats a scenario with ever more of what it has most of, until loss, latency or the generator gives in,
// and then looks closer. It returns the report of the largest good run, with all steps in it; if even the first was
// bad, that one's.
func FindLimit(ctx context.Context, s scenario.Scenario, cfg Config, show progress.Display, log *slog.Logger) (*report.Report, error) {
	defer show.Done()
	size := s.Size.Over(cfg.Size)
	good, bad := 0.0, 0.0
	var best *report.Report
	var steps []report.LimitStep
	for factor, tries := 1.0, 0; tries < maxGrowing+halvings; tries++ {
		cfg.Size = size.Times(factor)
		r, err := steadyRun(ctx, s, cfg, show, log)
		if err != nil {
			return nil, err
		}
		step := limitStep(r)
		steps = append(steps, step)
		show.Note(step.String())
		if step.Good {
			good, best = factor, r
		} else {
			bad = factor
		}
		if best == nil {
			best = r
			break
		}
		if bad == 0 {
			factor *= growth
			continue
		}
		if bad/good < 1+1.0/(1<<halvings) {
			break
		}
		factor = (good + bad) / 2
	}
	best.Limit = steps
	return best, nil
}

// steadyRun runs once more where the generator hesitated: that may have been a neighbour on the machine.
func steadyRun(ctx context.Context, s scenario.Scenario, cfg Config, show progress.Display, log *slog.Logger) (*report.Report, error) {
	r, err := run(ctx, s, cfg, show, log)
	if err != nil || len(r.Void) == 0 {
		return r, err
	}
	show.Note("again, as the generator hesitated")
	return run(ctx, s, cfg, show, log)
}

func limitStep(r *report.Report) report.LimitStep {
	step := report.LimitStep{
		Size: r.Scenario.Size, PacketsPerS: r.Client.PacketsPerS, Loss: r.Client.Loss, P99: r.Client.Latency.P99,
	}
	if r.Server != nil {
		step.ServerCores = r.Server.Cores
	}
	switch {
	case len(r.Void) > 0:
		step.Why = "the generator's limit: " + r.Void[0]
	case r.Client.Failed > 0 || r.Client.MissingTracks > 0:
		step.Why = "not everyone got everything"
	case step.Loss > kneeLoss:
		step.Why = fmt.Sprintf("loss above %.1f %%", 100*kneeLoss)
	case step.P99 > kneeP99:
		step.Why = fmt.Sprintf("p99 latency above %d ms", kneeP99)
	default:
		step.Good = true
	}
	return step
}
