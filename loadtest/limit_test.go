package loadtest

import (
	"testing"

	"salon/loadtest/report"
)

func TestALimitIsWhereSomethingGives(t *testing.T) {
	r := &report.Report{}
	if step := limitStep(r); !step.Good {
		t.Errorf("%+v", step)
	}
	r.Client.Latency.P99 = 80
	if step := limitStep(r); step.Good || step.Why == "" {
		t.Errorf("%+v", step)
	}
}
