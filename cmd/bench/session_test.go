package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// fakeRuns names a file with one letter for each run that the acted generator is still to make: g is good, v is void.
const fakeRuns = "BENCH_TEST_RUNS"

// TestMain lets the test's own binary act as the server and as the generator, by their command lines.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "serve":
			os.Exit(actServer())
		case "baseline":
			os.Exit(actMain())
		case "loadtest":
			os.Exit(actGenerator(os.Args[2:]))
		}
	}
	os.Exit(m.Run())
}

// actMain is main but for the exit.
func actMain() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return run(os.Args[1:], &console{ctx: ctx, out: os.Stdout, err: os.Stderr})
}

// actServer is ready until it is interrupted.
func actServer() int {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt)
	mux := http.NewServeMux()
	mux.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {})
	go func() { _ = http.ListenAndServe(os.Getenv("SALON_HTTP_LISTEN"), mux) }()
	<-ended
	return 0
}

// actGenerator takes a letter off the file and writes what it stands for. The server's figure is 1 for the first run
// and one more for each that follows.
func actGenerator(args []string) int {
	runs, err := os.ReadFile(os.Getenv(fakeRuns))
	if err != nil || len(runs) == 0 {
		return 2
	}
	left, _ := os.ReadFile(os.Getenv(fakeRuns) + ".made")
	made := slices.Concat(left, runs[:1])
	flags := flag.NewFlagSet("loadtest", flag.ContinueOnError)
	file := flags.String("json", "", "")
	for _, name := range []string{"url", "api-key", "api-secret", "server-pid", "duration", "scenario", "publishers", "subscribers", "rooms", "participants"} {
		flags.String(name, "", "")
	}
	if flags.Parse(args) != nil {
		return 2
	}
	r := map[string]any{
		"schema": 1, "client": map[string]any{}, "server": map[string]any{"per_packet_us": len(made)},
		"machine": map[string]any{"cpu": "an actor"},
	}
	if runs[0] == 'v' {
		r["void"] = []string{"it hesitated"}
	}
	b, _ := json.Marshal(r)
	if os.WriteFile(*file, b, 0o600) != nil || os.WriteFile(os.Getenv(fakeRuns), runs[1:], 0o600) != nil ||
		os.WriteFile(os.Getenv(fakeRuns)+".made", made, 0o600) != nil {
		return 2
	}
	return 1 // as after a void run; nobody may mind
}

// actedSession runs the command with acted processes, whose runs are as the letters say.
func actedSession(t *testing.T, letters string, args ...string) (code int, s session, out string) {
	t.Helper()
	dir := t.TempDir()
	runs, figures := filepath.Join(dir, "runs"), filepath.Join(dir, "bench.json")
	if err := os.WriteFile(runs, []byte(letters), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(fakeRuns, runs)
	t.Setenv("GORACE", "atexit_sleep_ms=0") // the acted processes are many and short
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var said, errs bytes.Buffer
	code = run(append([]string{"run", "--salon", self, "--json", figures, "--doc", filepath.Join(dir, "no.md")}, args...),
		&console{ctx: t.Context(), out: &said, err: &errs})
	b, err := os.ReadFile(figures)
	if err != nil {
		t.Fatalf("%v\n%s%s", err, said.String(), errs.String())
	}
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	return code, s, said.String()
}

func TestARunThatIsVoidIsMadeAgainAndCountsForNothing(t *testing.T) {
	// Two rounds of server and baseline: figures 1, 2; void 3, then 4; baseline 5.
	code, s, out := actedSession(t, "ggvgg", "--runs", "2", "--only", "fanout-50")
	if code != 0 || len(s.Results) != 1 {
		t.Fatalf("code %d\n%s", code, out)
	}
	r := s.Results[0]
	if got := r.Server.Figures[cpu]; !slices.Equal(got, []float64{1, 4}) || r.Server.Void != 1 || r.Server.Medians[cpu] != 2.5 {
		t.Errorf("%+v\n%s", r.Server, out)
	}
	if got := r.Baseline.Figures[cpu]; !slices.Equal(got, []float64{2, 5}) || !slices.Equal(r.Server.Figures[ratio], []float64{2, 5.0 / 4}) {
		t.Errorf("%+v\n%s", r.Baseline, out)
	}
	if s.Machine.CPU != "an actor" || !strings.Contains(out, "missed: fanout-50: times cheaper") {
		t.Errorf("%+v\n%s", s, out)
	}
}

func TestAMissedPromiseFailsACheckAlone(t *testing.T) {
	if code, _, out := actedSession(t, "g", "--runs", "1", "--only", "fanout-100", "--check"); code != 0 {
		t.Errorf("code %d\n%s", code, out)
	}
	if code, s, out := actedSession(t, "vv", "--runs", "1", "--only", "fanout-100", "--check"); code != 1 || s.Results[0].Server.Void != 2 {
		t.Errorf("code %d\n%s", code, out)
	}
}

func TestTheBaselineServesAsAProcess(t *testing.T) {
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := start(t.Context(), "", []string{"SALON_API_KEY=k", "SALON_API_SECRET=s"}, []string{self, "baseline", "--listen", "ADDR"})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := b.stop(); err != nil || time.Since(began) > byeWithin {
		t.Errorf("%v after %v: %s", err, time.Since(began), b.errs.String())
	}
}
