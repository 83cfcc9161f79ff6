package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"salon/loadtest/report"
)

// load runs `salon loadtest` against a node of its own and gives the report.
func load(t *testing.T, args ...string) (code int, r *report.Report, out string) {
	t.Helper()
	n, stop := serve(t, testConfig(t))
	file := filepath.Join(t.TempDir(), "report.json")
	code, out, errs := call(nil, append([]string{
		"loadtest", "--url", "ws://" + n.listener.Addr().String(), "--api-key", n.pair.Key, "--api-secret", n.pair.Secret,
		"--duration", "1s", "--ramp", "200ms", "--json", file, "--html", filepath.Join(t.TempDir(), "report.html"),
	}, args...)...)
	if err := stop(); err != nil {
		t.Error(err)
	}
	r, err := readReport(file)
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, errs)
	}
	return code, r, out
}

func TestALoadReachesEveryoneUndamaged(t *testing.T) {
	for _, connections := range []string{"1", "2"} {
		t.Run(connections+" connections", func(t *testing.T) { reachesEveryone(t, "--connections", connections) })
	}
}

func reachesEveryone(t *testing.T, also ...string) {
	t.Helper()
	_, r, out := load(t, append(also, "--scenario", "club", "--rooms", "1", "--participants", "3", "--server-pid", strconv.Itoa(os.Getpid()),
		"--assert", "loss<=100%", "--assert", "latency.p50<10s", "--assert", "failed=0", "missing=0")...)
	c := r.Client
	if c.Packets == 0 || c.PlainPackets == 0 || c.Packets == c.PlainPackets || c.Undecryptable+c.Strange+c.Duplicates != 0 {
		t.Errorf("%+v", c)
	}
	if r.Server == nil || r.Server.PerJoinMS <= 0 || r.Server.PerPacketUS <= 0 {
		t.Errorf("what it cost: %+v", r.Server)
	}
	for _, a := range r.Assertions {
		if !a.Holds {
			t.Errorf("%+v in\n%s", a, out)
		}
	}
}

func TestALoadOnTheAPI(t *testing.T) {
	_, r, out := load(t, "--scenario", "api", "--people", "3", "--clubs", "6", "--notes", "30", "--rate", "60", "--seed", "7",
		"--assert", "api.errors=0", "--assert", "api.p99<10s", "--assert", "api.search.p50<10s", "--assert", "api.search.server.p99<10s", "--assert", "api.dance.p50<10s")
	if r.API == nil || r.API.Requests == 0 || r.API.Clubs != 6 || len(r.API.Operations) < 8 {
		t.Fatalf("%+v in\n%s", r.API, out)
	}
	for i, holds := range []bool{true, true, true, true, false} {
		if r.Assertions[i].Holds != holds {
			t.Errorf("%+v in\n%s", r.Assertions[i], out)
		}
	}
}

func TestAScenarioFromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.yaml")
	text := "name: mine\ngroups:\n- {audio: true}\n- {seats: 2, subscribe: true}\n- {subscribe: true, join: 100ms, stay: 500ms}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, r, out := load(t, "--scenario", file)
	if r.Scenario.Name != "mine" || r.Client.Joined != 4 || r.Client.Failed != 0 {
		t.Errorf("%+v in\n%s", r.Client, out)
	}
}

func TestLoadThatCantBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(file, []byte("name: x\nsize: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	usual := []string{"loadtest", "--url", "ws://127.0.0.1:1", "--api-key", "k", "--api-secret", "s"}
	for says, args := range map[string][]string{
		"no such scenario":  {"--scenario", "dance"},
		"no figure":         {"--assert", "joy>1"},
		"hope":              {"--assert", "loss<1%", "hope"},
		"field size":        {"--scenario", file},
		"nobody could join": {"--ramp", "1ms", "--subscribers", "1", "--duration", "1s"},
	} {
		if code, _, errs := call(nil, append(usual, args...)...); code != 1 || !strings.Contains(errs, says) {
			t.Errorf("code %d, %q, want %q", code, errs, says)
		}
	}
}
