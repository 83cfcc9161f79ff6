package measure

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestStepsFollowOneAnother(t *testing.T) {
	for i := range histogramSteps - 1 {
		if lower(i) >= lower(i+1) {
			t.Fatalf("step %d begins at %v, the next at %v", i, lower(i), lower(i+1))
		}
		if got := step(uint64(lower(i).Microseconds())); got != i {
			t.Fatalf("%v counts as step %d, not %d", lower(i), got, i)
		}
	}
	if got := step(1 << 40); got != histogramSteps-1 {
		t.Errorf("two weeks count as step %d", got)
	}
}

func TestQuantilesAreWithinAStepOfTheTruth(t *testing.T) {
	const seed = 7
	rng := rand.New(rand.NewPCG(seed, seed))
	var h Histogram
	var all []time.Duration
	for range 20_000 {
		d := time.Duration(rng.ExpFloat64() * float64(3*time.Millisecond))
		h.Add(d)
		all = append(all, d)
	}
	slices.Sort(all)
	for _, q := range []float64{0, 0.1, 0.5, 0.9, 0.99, 0.999} {
		want, got := all[int(q*float64(len(all)))], h.Quantile(q)
		if off := (got - want).Abs(); off > want/25+2*time.Microsecond {
			t.Errorf("quantile %g: %v, truth %v (seed %d)", q, got, want, seed)
		}
	}
	if h.Quantile(1) != all[len(all)-1] {
		t.Errorf("maximum %v, truth %v", h.Quantile(1), all[len(all)-1])
	}
}

func TestHistogramsAddAndSubtract(t *testing.T) {
	var a, b, sum Histogram
	for i := range 100 {
		a.Add(time.Duration(i) * time.Millisecond)
		b.Add(time.Duration(i) * time.Second)
	}
	sum.merge(&a)
	sum.merge(&b)
	if sum.N != 200 || sum.max != 99*time.Second {
		t.Fatalf("%d counted up to %v", sum.N, sum.max)
	}
	if rest := sum.Without(&b); rest.counts != a.counts || rest.N != a.N {
		t.Error("what was added can't be taken away")
	}
	if n := a.Above(50 * time.Millisecond); n < 48 || n > 49 {
		t.Errorf("%d above 50 ms", n)
	}
	var none Histogram
	if none.Quantile(0.5) != 0 || none.Spread() != (Spread{}) || none.Curve() != nil {
		t.Error("an empty histogram says something")
	}
	none.Add(-time.Second)
	if none.Quantile(1) != 0 {
		t.Error("a negative time is not zero")
	}
}
