package loadtest

import (
	"context"
	"fmt"
	"log/slog"
)

// A LimitStep is one run of a search for the limit.
type LimitStep struct {
	Size        Size    `json:"size"`
	PacketsPerS float64 `json:"packets_per_s"`
	Loss        float64 `json:"loss"`
	P99         float64 `json:"p99_ms"`
	ServerCores float64 `json:"server_cores"`
	Good        bool    `json:"good"`
	Why         string  `json:"why,omitempty"` // it is not
}

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
func FindLimit(ctx context.Context, s Scenario, cfg Config, show Progress, log *slog.Logger) (*Report, error) {
	defer show.Done()
	size := s.Size.over(cfg.Size)
	good, bad := 0.0, 0.0
	var best *Report
	var steps []LimitStep
	for factor, tries := 1.0, 0; tries < maxGrowing+halvings; tries++ {
		cfg.Size = size.times(factor)
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
func steadyRun(ctx context.Context, s Scenario, cfg Config, show Progress, log *slog.Logger) (*Report, error) {
	r, err := run(ctx, s, cfg, show, log)
	if err != nil || len(r.Void) == 0 {
		return r, err
	}
	show.Note("again, as the generator hesitated")
	return run(ctx, s, cfg, show, log)
}

// times scales what a scenario has most of: subscribers, or rooms.
func (s Size) times(k float64) Size {
	if s.Subscribers > 0 {
		s.Subscribers = int(float64(s.Subscribers)*k + 0.5)
		return s
	}
	s.Rooms = int(float64(s.Rooms)*k + 0.5)
	return s
}

func limitStep(r *Report) LimitStep {
	step := LimitStep{
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

// String is one line for people.
func (s LimitStep) String() string {
	line := fmt.Sprintf("rooms %d, subscribers %d: %.0f packets/s, loss %.3g %%, p99 %.3g ms",
		max(s.Size.Rooms, 1), s.Size.Subscribers, s.PacketsPerS, 100*s.Loss, s.P99)
	if s.Good {
		return line + ", good"
	}
	return line + ": " + s.Why
}
