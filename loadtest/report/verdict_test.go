package report

import (
	"strings"
	"testing"
)

func TestARunOfASlowGeneratorIsVoid(t *testing.T) {
	if why := Verdict(sampleReport(), 2); why != nil {
		t.Errorf("a good run is void: %v", why)
	}
	for says, change := range map[string]func(*Report){
		"late":        func(r *Report) { r.Generator.Frames, r.Generator.LateSends = 1000, 50 },
		"cores":       func(r *Report) { r.Generator.Cores = 1.95 },
		"overflowed":  func(r *Report) { r.Generator.SocketDrops = 1 },
		"independent": func(r *Report) { r.Client.PlainPackets = 0 },
	} {
		r := sampleReport()
		change(r)
		why := Verdict(r, 2)
		if len(why) != 1 || !strings.Contains(why[0], says) {
			t.Errorf("%s: %v", says, why)
		}
		if r.Void = why; r.OK() {
			t.Errorf("%s: passes", says)
		}
	}
}

func TestALimitIsWhereSomethingGives(t *testing.T) {
	r := &Report{Server: &Server{Cores: 0.5, Allowed: 1}}
	if step := StepOf(r); !step.Good || step.Side != "" {
		t.Errorf("%+v", step)
	}
	r.Client.Latency.P99 = 80
	r.Server.Cores = 0.97
	if step := StepOf(r); step.Good || step.Why == "" || step.Side != ServerSide {
		t.Errorf("%+v", step)
	}
	r.Void = []string{"late"}
	bad := StepOf(r)
	if bad.Good || bad.Side != BothSides {
		t.Errorf("%+v", bad)
	}
	r.Server = nil
	if side := r.Bottleneck(); side != GeneratorSide {
		t.Errorf("side %q", side)
	}
	r.Limit = []LimitStep{{PacketsPerS: 1000, Good: true}, {PacketsPerS: 3000, Why: "loss", Side: ServerSide}, {PacketsPerS: 2000, Good: true}}
	if words := r.Knee(); words != "2000 packets/s; beyond, loss: the server's limit" {
		t.Error(words)
	}
	if words := (&Report{Limit: r.Limit[:1]}).Knee(); words != "1000 packets/s and no limit in sight" {
		t.Error(words)
	}
}
