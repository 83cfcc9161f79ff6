package report

import (
	"fmt"

	"salon/loadtest/scenario"
)

// A LimitStep is one run of a search for the limit.
type LimitStep struct {
	Size        scenario.Size `json:"size"`
	PacketsPerS float64       `json:"packets_per_s"`
	Loss        float64       `json:"loss"`
	P99         float64       `json:"p99_ms"`
	ServerCores float64       `json:"server_cores"`
	Good        bool          `json:"good"`
	Why         string        `json:"why,omitempty"` // it is not
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
