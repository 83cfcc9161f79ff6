package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"salon/loadtest/report"
)

// A figure is one thing that is measured.
type figure string

// Figures; the names are those of the JSON.
const (
	cpu         figure = "cpu_us_per_packet"
	ratio       figure = "baseline_ratio" // of cpu, the baseline's to ours in the same round
	p50         figure = "latency_p50_ms"
	p99         figure = "latency_p99_ms"
	loss        figure = "loss_percent"
	rss         figure = "rss_mb_per_participant"
	firstPacket figure = "join_to_first_packet_p95_ms"
	joinCPU     figure = "cpu_ms_per_join"
	limit       figure = "limit_packets_per_s"
)

// words says what a figure is in a table.
func (f figure) words() string {
	switch f {
	case cpu:
		return "CPU per packet, µs"
	case ratio:
		return "times cheaper than the baseline"
	case p50:
		return "latency p50, ms"
	case p99:
		return "latency p99, ms"
	case loss:
		return "loss, %"
	case rss:
		return "memory per participant, MB"
	case firstPacket:
		return "join to first packet p95, ms"
	case joinCPU:
		return "CPU per join, ms"
	case limit:
		return "packets/s out of one core"
	}
	return string(f)
}

// grows tells whether more is better.
func (f figure) grows() bool { return f == ratio || f == limit }

// text writes a value as precisely as it is worth reading.
func (f figure) text(v float64) string {
	switch {
	case f == limit:
		return fmt.Sprintf("%.0f,000", v/1000)
	case v == 0:
		return "0"
	case math.Abs(v) < 0.01:
		return fmt.Sprintf("%.2g", v)
	case math.Abs(v) >= 20:
		return fmt.Sprintf("%.0f", v)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.2f", v), ".00")
}

// A sample is one run's figures.
type sample map[figure]float64

// Errors about a run.
var (
	errVoid    = errors.New("the generator calls the run void")
	errLacking = errors.New("the run lacks")
)

// readReport reads what the generator found.
func readReport(file string) (*report.Report, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	return report.Read(f)
}

// steady takes the figures of a steady run. The error wraps errVoid where it must not be believed, and errLacking
// where not everybody got everything.
func steady(r *report.Report) (sample, error) {
	if r.Server == nil {
		return nil, fmt.Errorf("%w: the server's figures", errLacking)
	}
	if len(r.Void) > 0 {
		return nil, fmt.Errorf("%w: %s", errVoid, strings.Join(r.Void, "; "))
	}
	if r.Client.Failed+r.Client.MissingTracks > 0 {
		return nil, fmt.Errorf("%w: %d participants, %d tracks", errLacking, r.Client.Failed, r.Client.MissingTracks)
	}
	return sample{
		cpu: r.Server.PerPacketUS, p50: r.Client.Latency.P50, p99: r.Client.Latency.P99, loss: 100 * r.Client.Loss,
		rss: r.Server.PerParticipant / 1e6, firstPacket: r.Client.JoinToFirst.P95, joinCPU: r.Server.PerJoinMS,
	}, nil
}

// knee takes a search's figure: the largest load that was carried, and what ended it in words.
func knee(r *report.Report) (s sample, why string, err error) {
	best := 0.0
	for _, step := range r.Limit {
		if step.Good {
			best = max(best, step.PacketsPerS)
		} else if why == "" {
			why = step.Why
		}
	}
	if best == 0 {
		return nil, why, fmt.Errorf("%w: %s", errVoid, why)
	}
	return sample{limit: best}, why, nil
}

// median of values, which are not changed; zero of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	mid := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[mid]
	}
	return (sorted[mid-1] + sorted[mid]) / 2
}
