package measure

import (
	"math/bits"
	"time"
)

// A Histogram counts durations in steps that are a thirty-second of their size, from 1 µs to over an hour. The zero
// value is empty. Two histograms add up exactly.
//
// counts[i] for i < 32 holds durations of i µs. Above, each power of two is cut into 32 equal steps: for a duration of
// u µs with its highest bit at position b >= 5, i = 32*(b-4) + the five bits below the highest.
type Histogram struct {
	counts [histogramSteps]uint32
	N      uint64
	max    time.Duration
}

const (
	stepBits       = 5
	perPower       = 1 << stepBits
	highestPower   = 32 // 2^32 µs are 71 minutes
	histogramSteps = perPower * (highestPower - stepBits + 1)
)

// Add counts d; what is negative counts as zero.
func (h *Histogram) Add(d time.Duration) {
	u := uint64(max(d.Microseconds(), 0)) //nolint:gosec // not negative
	h.counts[step(u)]++
	h.N++
	h.max = max(h.max, d)
}

func step(u uint64) int {
	if u < perPower {
		return int(u) //nolint:gosec // below 32
	}
	b := bits.Len64(u) - 1
	if b >= highestPower {
		return histogramSteps - 1
	}
	return perPower*(b-stepBits+1) + int(u>>(b-stepBits)&(perPower-1)) //nolint:gosec // masked
}

// lower returns the least duration that counts as step i.
func lower(i int) time.Duration {
	if i < perPower {
		return time.Duration(i) * time.Microsecond
	}
	b := i/perPower + stepBits - 1
	return time.Duration(uint64(perPower+i%perPower)<<(b-stepBits)) * time.Microsecond //nolint:gosec // below 2^33
}

// merge adds o to h.
func (h *Histogram) merge(o *Histogram) {
	for i, c := range o.counts {
		h.counts[i] += c
	}
	h.N += o.N
	h.max = max(h.max, o.max)
}

// Without returns h less an earlier state of itself. The maximum is h's upper step.
func (h *Histogram) Without(earlier *Histogram) Histogram {
	var d Histogram
	for i, c := range h.counts {
		d.counts[i] = c - earlier.counts[i]
		if d.counts[i] > 0 {
			d.max = lower(i)
		}
	}
	d.N = h.N - earlier.N
	return d
}

// Quantile returns a duration that the fraction q of all does not exceed, to 3 %: the middle of its step, the maximum
// for q >= 1, zero when nothing was counted.
func (h *Histogram) Quantile(q float64) time.Duration {
	if h.N == 0 {
		return 0
	}
	if q >= 1 {
		return h.max
	}
	rank, seen := uint64(q*float64(h.N)), uint64(0)
	for i, c := range h.counts {
		seen += uint64(c)
		if seen > rank {
			middle := (lower(i) + lower(min(i+1, histogramSteps-1))) / 2
			return min(middle, h.max)
		}
	}
	return h.max
}

// Above returns how many exceed d, to the resolution of the steps.
func (h *Histogram) Above(d time.Duration) (n uint64) {
	for _, c := range h.counts[step(uint64(max(d.Microseconds(), 0)))+1:] { //nolint:gosec // not negative
		n += uint64(c)
	}
	return n
}
