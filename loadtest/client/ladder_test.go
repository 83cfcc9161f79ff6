package client

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestTriesGetRarerAndEnd(t *testing.T) {
	l := ladder{rng: rand.New(rand.NewPCG(1, 1))}
	for round := range 50 {
		l.stand()
		first, ok := l.next(false)
		if !ok || first < 0 || first >= firstStep {
			t.Fatalf("round %d: at first %v", round, first)
		}
		l.fail()
		for i, step := range []time.Duration{300, 1200, 2700, 4800, 7000, 7000, 7000, 7000, 7000} {
			step *= time.Millisecond
			if wait, ok := l.next(false); !ok || wait < step/2 || wait > step*3/2 {
				t.Fatalf("round %d: try %d after %v", round, i+2, wait)
			}
			if wait, ok := l.next(true); !ok || wait >= firstStep {
				t.Fatalf("round %d: asked to come back, after %v", round, wait)
			}
			l.fail()
		}
		if _, ok := l.next(true); ok {
			t.Fatal("tries without end")
		}
	}
}
