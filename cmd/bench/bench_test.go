package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"salon/loadtest/report"
	"salon/loadtest/system"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v: %v, want %v", c.values, got, c.want)
		}
	}
}

// found is a session of two scenarios, with a run that was void and a search that the generator ended.
func found() *session {
	fan := newResult(scenarios()[0])
	for _, us := range []float64{5, 3, 4} {
		fan.Server.add(sample{cpu: us, p50: 0.5, p99: 3.5, rss: 0.15, loss: 0})
	}
	fan.Server.Void = 1
	fan.Baseline.add(sample{cpu: 18, p50: 1.6, p99: 4, rss: 2.6, loss: 0.02})
	for _, times := range []float64{3.6, 6, 4.5} {
		fan.Server.note(ratio, times)
	}
	top := newResult(scenarios()[5])
	top.Server.add(sample{limit: 160_000})
	top.Ended = "the generator's limit: it had no room"
	for _, r := range []*result{fan, top} {
		r.judge()
	}
	return &session{
		Schema: schema, Began: time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC), Commit: "abc1234", Pinned: true, Runs: 3, Duration: "8s",
		Machine:  system.Machine{CPU: "a processor", Cores: 2, Kernel: "6.18", OS: "linux", Arch: "amd64", Go: "go1.26"},
		Settings: settings([]string{"SALON_MEDIA_OFFLOAD=off", "PATH=/bin", "SALON_API_SECRET=hidden"}),
		Results:  []*result{fan, top},
	}
}

func TestAPromiseIsJudgedByTheMedian(t *testing.T) {
	verdicts := map[figure]verdict{}
	for _, r := range found().Results {
		for _, v := range r.Verdicts {
			verdicts[v.Figure] = v
		}
	}
	for f, want := range map[figure]struct {
		held, reached bool
		measured      float64
	}{
		cpu: {true, true, 4}, ratio: {false, false, 4.5}, p99: {false, false, 3.5}, rss: {true, true, 0.15},
		loss: {true, false, 0}, limit: {true, false, 160_000},
	} {
		v := verdicts[f]
		if v.Measured == nil || *v.Measured != want.measured || v.Held != want.held || v.Reached != want.reached {
			t.Errorf("%s: %+v, want %+v", f, v, want)
		}
	}
}

func TestWhatWasNotMeasuredKeepsNoPromise(t *testing.T) {
	r := newResult(scenarios()[2])
	r.judge()
	s := &session{Results: []*result{r}}
	if missed := s.missed(); len(missed) != 3 || !strings.Contains(s.table(), "none") {
		t.Errorf("missed %q in\n%s", missed, s.table())
	}
}

func TestThePageIsTheSameEveryTime(t *testing.T) {
	golden := filepath.Join("testdata", "page.md")
	got := found().page() + "\n" + found().table()
	if os.Getenv("REWRITE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestOnlyTheMeasuredPartOfADocumentChanges(t *testing.T) {
	document := "# Title\n\n" + partBegins + "\n\nold\n\n" + partEnds + "\n\n## By hand\n"
	once, err := replacePart(document, "new\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := "# Title\n\n" + partBegins + "\n\nnew\n\n" + partEnds + "\n\n## By hand\n"; once != want {
		t.Errorf("%q", once)
	}
	if twice, _ := replacePart(once, "new\n"); twice != once {
		t.Errorf("%q", twice)
	}
	for _, lacking := range []string{"", partBegins + "\n", partEnds + "\n" + partBegins} {
		if _, err := replacePart(lacking, "x"); !errors.Is(err, errNoPart) {
			t.Errorf("%q: %v", lacking, err)
		}
	}
}

func TestARunThatIsVoidOrLackingHasNoFigures(t *testing.T) {
	whole := report.Report{Server: &report.Server{PerPacketUS: 4, PerParticipant: 2e5}}
	if s, err := steady(&whole); err != nil || s[cpu] != 4 || s[rss] != 0.2 {
		t.Errorf("%v, %v", s, err)
	}
	void, lacking, blind := whole, whole, whole
	void.Void = []string{"it hesitated"}
	lacking.Client.MissingTracks = 1
	blind.Server = nil
	for r, want := range map[*report.Report]error{&void: errVoid, &lacking: errLacking, &blind: errLacking} {
		if _, err := steady(r); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func TestTheKneeIsTheLargestGoodStep(t *testing.T) {
	r := &report.Report{Limit: []report.LimitStep{
		{PacketsPerS: 100, Good: true}, {PacketsPerS: 400, Why: "loss"}, {PacketsPerS: 300, Good: true}, {PacketsPerS: 350, Why: "late"},
	}}
	if s, why, err := knee(r); err != nil || s[limit] != 300 || why != "loss" {
		t.Errorf("%v, %q, %v", s, why, err)
	}
	if _, _, err := knee(&report.Report{Limit: r.Limit[1:2]}); !errors.Is(err, errVoid) {
		t.Error(err)
	}
}

func TestScenariosAreChosenByName(t *testing.T) {
	if chosen, err := (runCommand{Only: []string{"hall-100"}}).chosen(); err != nil || len(chosen) != 1 {
		t.Errorf("%v, %v", chosen, err)
	}
	if chosen, err := (runCommand{Quick: true}).chosen(); err != nil || len(chosen) != 2 {
		t.Errorf("%v, %v", chosen, err)
	}
	if _, err := (runCommand{Only: []string{"dance"}}).chosen(); !errors.Is(err, errScenario) {
		t.Error(err)
	}
}

func TestCommandLineThatCantBeRun(t *testing.T) {
	for want, args := range map[int][]string{
		2: {"run", "--joy"},
		1: {"run", "--only", "dance"},
	} {
		var out, errs bytes.Buffer
		if code := run(args, &console{ctx: context.Background(), out: &out, err: &errs}); code != want || errs.Len() == 0 {
			t.Errorf("%v: code %d, %q", args, code, errs.String())
		}
	}
}
