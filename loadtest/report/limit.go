package report

import (
	"fmt"

	"salon/loadtest/scenario"
)

// A LimitStep is one run of a search for the limit.
type LimitStep struct {
	Size           scenario.Size `json:"size"`
	PacketsPerS    float64       `json:"packets_per_s"`
	Loss           float64       `json:"loss"`
	P99            float64       `json:"p99_ms"`
	ServerCores    float64       `json:"server_cores"`
	GeneratorCores float64       `json:"generator_cores"`
	Good           bool          `json:"good"`
	Why            string        `json:"why,omitempty"`  // it is not
	Side           Side          `json:"side,omitempty"` // that had no room left, good or not
}

// A Side is who limits a run.
type Side string

// The sides of a run. The zero value is neither.
const (
	ServerSide    Side = "server"
	GeneratorSide Side = "generator"
	BothSides     Side = "both"
)

// Where the knee is: our choice of what a listener begins to notice.
const (
	kneeLoss = 0.001
	kneeP99  = 50 // ms
)

// StepOf judges a run as a step.
func StepOf(r *Report) LimitStep {
	step := LimitStep{
		Size: r.Scenario.Size, PacketsPerS: r.Client.PacketsPerS, Loss: r.Client.Loss, P99: r.Client.Latency.P99,
		GeneratorCores: r.Generator.Cores, Side: r.Bottleneck(),
	}
	if r.Server != nil {
		step.ServerCores = r.Server.Cores
	}
	switch {
	case len(r.Void) > 0:
		step.Why = r.Void[0]
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

// Bottleneck is who had no room left in r: a process that used nine tenths of the cores it may, or a generator that
// makes the run void.
func (r *Report) Bottleneck() Side {
	full := func(cores float64, allowed int) bool { return allowed > 0 && cores > maxSelfShare*float64(allowed) }
	server := r.Server != nil && full(r.Server.Cores, r.Server.Allowed)
	generator := len(r.Void) > 0 || full(r.Generator.Cores, r.Generator.Allowed)
	switch {
	case server && generator:
		return BothSides
	case server:
		return ServerSide
	case generator:
		return GeneratorSide
	default:
		return ""
	}
}

// words say what a side means for the figure.
func (s Side) words() string {
	switch s {
	case ServerSide:
		return "the server's limit"
	case GeneratorSide:
		return "the generator's limit"
	case BothSides:
		return "both had no room left"
	default:
		return ""
	}
}

// String is one line for people.
func (s LimitStep) String() string {
	line := fmt.Sprintf("%s: %s/s, loss %.3g %%, p99 %.3g ms, cores %.2f + %.2f",
		s.many(), grouped(s.PacketsPerS), 100*s.Loss, s.P99, s.ServerCores, s.GeneratorCores)
	if s.Good {
		line += ": good"
	} else {
		line += ": " + s.Why
	}
	if words := s.Side.words(); words != "" {
		line += "; " + words
	}
	return line
}

// many is how many of what the scenario has most of.
func (s LimitStep) many() string {
	switch rooms := max(s.Size.Rooms, 1); {
	case s.Size.Subscribers == 0:
		return fmt.Sprintf("%d rooms", rooms)
	case rooms > 1:
		return fmt.Sprintf("%d rooms of %d subscribers", rooms, s.Size.Subscribers)
	default:
		return fmt.Sprintf("%d subscribers", s.Size.Subscribers)
	}
}

// Knee says in words where a search ended; empty when there was none.
func (r *Report) Knee() string {
	var best, over *LimitStep
	for i := range r.Limit {
		step := &r.Limit[i]
		switch {
		case step.Good && (best == nil || step.PacketsPerS > best.PacketsPerS):
			best = step
		case !step.Good:
			over = step
		}
	}
	if best == nil {
		return ""
	}
	if over == nil {
		return fmt.Sprintf("%s packets/s and no limit in sight", grouped(best.PacketsPerS))
	}
	words := over.Side.words()
	if words == "" {
		words = "neither process had its cores full"
	}
	return fmt.Sprintf("%s packets/s; beyond, %s: %s", grouped(best.PacketsPerS), over.Why, words)
}
