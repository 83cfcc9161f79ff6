package loadtest

import (
	"testing"
	"time"

	"salon/loadtest/report"
)

func TestEarlySamplesAreDatedBack(t *testing.T) {
	line := []report.Sample{{}, {}, {AtS: 1}, {AtS: 2}}
	zero := time.Unix(100, 0)
	shift(line, zero, zero.Add(-3*time.Second))
	for i, want := range []float64{-2, -1, 1, 2} {
		if line[i].AtS != want {
			t.Errorf("sample %d at %g", i, line[i].AtS)
		}
	}
}
