package measure

import (
	"time"
)

// A Spread is a distribution in milliseconds.
type Spread struct {
	Count uint64  `json:"count"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	P999  float64 `json:"p999_ms"`
	Max   float64 `json:"max_ms"`
}

// A Point of a distribution: a share of all packets took at most so many milliseconds.
type Point struct {
	Share float64 `json:"share"` // 0..1
	MS    float64 `json:"ms"`
}

// Spread boils a histogram down.
func (h *Histogram) Spread() Spread {
	ms := func(q float64) float64 { return Milliseconds(h.Quantile(q)) }
	return Spread{Count: h.N, P50: ms(0.5), P95: ms(0.95), P99: ms(0.99), P999: ms(0.999), Max: ms(1)}
}

// Curve is a histogram as a line to draw, denser towards its end.
func (h *Histogram) Curve() (list []Point) {
	if h.N == 0 {
		return nil
	}
	for _, q := range []float64{0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999} {
		list = append(list, Point{Share: q, MS: Milliseconds(h.Quantile(q))})
	}
	return list
}

// Milliseconds is d as reports write it, to a microsecond.
func Milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
