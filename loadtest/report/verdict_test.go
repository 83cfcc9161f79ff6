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
