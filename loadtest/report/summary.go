package report

import (
	"fmt"
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

// Summary is r in short.
func Summary(r *Report) RunSummary {
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
