package report

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"salon/loadtest/scenario"
)

func TestReportsAreReadAsTheyWereWritten(t *testing.T) {
	r := sampleReport()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	back, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r, back) {
		t.Errorf("wrote %+v\nread  %+v", r, back)
	}
	for _, text := range []string{"", "[]", `{"schema":99}`} {
		if _, err := Read(strings.NewReader(text)); !errors.Is(err, ErrReport) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestThePageNeedsNoNetworkAndShowsEverything(t *testing.T) {
	r := sampleReport()
	r.Assertions = []Outcome{{Text: "loss<0.1%", Value: "0 %", Holds: true}, {Text: "rate>2<b>", Value: "1/s"}}
	r.Limit = []LimitStep{{Size: scenario.Size{Subscribers: 50}, Good: true, PacketsPerS: 10}, {Size: scenario.Size{Subscribers: 75}, Why: "loss"}}
	var b bytes.Buffer
	if err := r.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, says := range []string{"1 of 2 assertions fail", "a processor", "5.5 µs", "<svg", "Latency in each second", "a_total", "rate&gt;2&lt;b&gt;"} {
		if !strings.Contains(text, says) {
			t.Errorf("the page does not say %q", says)
		}
	}
	if n := strings.Count(text, "<svg"); n != 5 {
		t.Errorf("%d plots", n)
	}
	for _, fetches := range []string{"src=", "url(", "@import", "<link", "<script"} {
		if strings.Contains(text, fetches) {
			t.Errorf("the page fetches: %s", fetches)
		}
	}
}

func TestTheTextSaysWhatMatters(t *testing.T) {
	r := sampleReport()
	r.Void = []string{"it was slow"}
	r.Notes = []string{"so it goes"}
	r.Assertions = []Outcome{{Text: "loss<1%", Value: "0 %", Holds: true}, {Text: "rate>9", Value: "1/s"}}
	var b bytes.Buffer
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"fanout", "cpu.per_packet", "5.5 µs", "latency", "VOID: it was slow", "note: so it goes", "holds: loss<1%", "FAILS: rate>9"} {
		if !strings.Contains(b.String(), says) {
			t.Errorf("not said: %q in\n%s", says, b.String())
		}
	}
}

func TestRunsAreLaidSideBySide(t *testing.T) {
	a, b := sampleReport(), sampleReport()
	b.Server.PerPacketUS = 2.75
	b.Client.Latency.P99 = 8
	b.Client.PacketsPerS = 1010
	b.Machine.Cores = 4
	var out bytes.Buffer
	if err := Compare(&out, a, b); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ figure, change, judged string }{
		{"cpu.per_packet", "-50.0 %", "better"}, {"latency.p99 ", "+100.0 %", "worse"}, {"rate", "+1.0 %", ""},
	} {
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(strings.TrimSpace(line), c.figure) && (!strings.Contains(line, c.change) || !strings.HasSuffix(strings.TrimSpace(line), c.judged)) {
				t.Errorf("%q", line)
			}
		}
	}
	if !strings.Contains(out.String(), "not alike: cores: 2 against 4") {
		t.Errorf("not said that the machines differ:\n%s", out.String())
	}
}
