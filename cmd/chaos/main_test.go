package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrongUsageIsTwo(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "salon")
	if err := os.WriteFile(binary, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	usual := []string{"--salon", binary, "--redis", "sh", "--dir", filepath.Join(dir, "logs"), "--json", filepath.Join(dir, "chaos.json"), "--links", "valves"}
	for says, args := range map[string][]string{
		"unknown flag":        {"run", "--weather", "bad"},
		"no fault \"rain\"":   {"run", "--only", "rain"},
		"has two nodes":       {"run", "--nodes", "1"},
		"a lease lasts":       {"outage", "--lease", "1s"},
		"more rooms":          {"spread", "--rooms", "2", "--media", "3"},
		"build it":            {"drain", "--salon", filepath.Join(dir, "none")},
		"install it":          {"run", "--redis", "no-such-redis"},
		"unexpected argument": {"dance"},
	} {
		if args[0] != "dance" {
			args = append(append([]string{args[0]}, usual...), args[1:]...)
		}
		var out, errs strings.Builder
		code := run(args, &console{ctx: t.Context(), out: &out, err: &errs})
		if code != 2 || !strings.Contains(errs.String(), says) {
			t.Errorf("%v: code %d, %q, want %q", args, code, errs.String(), says)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "chaos.json")); err == nil {
		t.Error("wrote a record of nothing")
	}
}
