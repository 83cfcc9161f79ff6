package report

import (
	"errors"
	"strings"
	"testing"

	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/scenario"
	"salon/loadtest/system"
)

// sample is a report with something in every part.
func sampleReport() *Report {
	return &Report{
		Schema:   Schema,
		Scenario: Scenario{Name: "fanout", About: "a test", Size: scenario.Size{Rooms: 1, Subscribers: 5}, Media: media.Shape{}.WithDefaults(), Participants: 6, Plain: 1, DurationS: 3},
		Machine:  system.Machine{CPU: "a processor", Cores: 2},
		Client: Client{
			Joined: 6, Packets: 3000, PlainPackets: 600, Expected: 3003, Loss: 3.0 / 3003, FramesWhole: 0.995, PacketsPerS: 1000,
			Latency: measure.Spread{Count: 3000, P50: 0.5, P95: 1, P99: 4, P999: 20, Max: 31}, LatencyCurve: []measure.Point{{Share: 0.5, MS: 0.5}, {Share: 0.99, MS: 4}},
		},
		Server:   &Server{PID: 1, Cores: 0.25, PerPacketUS: 5.5, RSS: 50e6, PerParticipant: 0.4e6, Counters: map[string]float64{"a_total": 3}},
		Timeline: []Sample{{AtS: -1}, {AtS: 1, PacketsPerS: 990, P50: 0.5, P99: 3}, {AtS: 2, PacketsPerS: 1010, P50: 0.5, P99: 5}},
	}
}

func TestAssertions(t *testing.T) {
	for text, holds := range map[string]bool{
		"loss<0.1%":                true,
		"loss < 0.09%":             false,
		"loss<0.1":                 true,
		"latency.p99<20ms":         true,
		"latency.p99<4000us":       false,
		"latency.p99<=4ms":         true,
		"latency.p99=4":            true,
		"latency.p99==4ms":         true,
		"latency.max>0.03s":        true,
		"cpu.per_packet<=6us":      true,
		"cpu.per_packet<0.005ms":   false,
		"rss.per_participant<=0.4": true,
		"rate>=1000/s":             true,
		"rate>1000":                false,
		"join.packet.p95<150ms":    false, // not measured
		"frames.whole>99%":         true,
	} {
		a, err := ParseAssertion(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if o := a.Check(sampleReport()); o.Holds != holds || o.Value == "" || o.Text != text {
			t.Errorf("%s: %+v", text, o)
		}
	}
}

func TestAssertionsThatSayNothingAreRefused(t *testing.T) {
	for text, says := range map[string]string{
		"":                 "has no <",
		"loss":             "has no <",
		"los<1%":           "there are rate loss",
		"loss<":            "number",
		"loss<1ms":         "number",
		"latency.p99<20%":  "20%",
		"latency.p99<2 ms": "2 ms",
	} {
		if _, err := ParseAssertion(text); !errors.Is(err, ErrAssertion) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzAssertion(f *testing.F) {
	for _, text := range []string{"loss<0.1%", "latency.p99<=20ms", "rate>=1000/s", "cpu.per_packet=1e3us", "<", "a<="} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		if a, err := ParseAssertion(text); err == nil {
			a.Check(sampleReport())
		}
	})
}
