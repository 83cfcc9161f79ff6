package loadtest

import "testing"

func TestALimitIsFoundFromBothSides(t *testing.T) {
	for _, limit := range []float64{0.01, 0.4, 0.99, 1, 1.3, 7, 30} {
		s := newSeeker()
		for !s.done() {
			s.learn(s.factor <= limit)
		}
		if s.steps > maxSteps {
			t.Errorf("limit %g: %d steps", limit, s.steps)
		}
		if limit < smallest {
			if s.good != 0 {
				t.Errorf("limit %g: good at %g", limit, s.good)
			}
			continue
		}
		if s.good > limit || s.bad <= limit || s.bad/s.good > closely {
			t.Errorf("limit %g: good %g, bad %g", limit, s.good, s.bad)
		}
	}
}
