package chaos

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func usual() Config {
	return Config{Nodes: 3, Rooms: 4, Seats: 3, Media: 1, Lease: 4 * time.Second, Hold: 30 * time.Second, Seed: 5}
}

func TestASeedDealsTheSameFaults(t *testing.T) {
	a, b := newPlan(usual()), newPlan(usual())
	for range 50 {
		if x, y := a.next().String(), b.next().String(); x != y {
			t.Fatalf("%s and %s", x, y)
		}
	}
}

func TestEachKindComesBeforeAnyComesAgain(t *testing.T) {
	for _, namespaces := range []bool{false, true} {
		cfg := usual()
		cfg.Namespaces = namespaces
		checkRounds(t, cfg)
	}
}

func checkRounds(t *testing.T, cfg Config) {
	t.Helper()
	all := slices.DeleteFunc(kinds(), func(k Kind) bool { return k == Unplug && !cfg.Namespaces })
	p := newPlan(cfg)
	for round := range 20 {
		seen := map[Kind]bool{}
		for range all {
			f := p.next()
			if seen[f.Kind] {
				t.Fatalf("round %d: %s comes twice", round, f.Kind)
			}
			seen[f.Kind] = true
			checkFault(t, f)
			if !slices.Contains(all, f.Kind) {
				t.Fatalf("%s without namespaces", f.Kind)
			}
		}
	}
}

func checkFault(t *testing.T, f Fault) {
	t.Helper()
	cfg := usual()
	if f.Kind.ofRedis() != (len(f.Nodes) == 0) || !slices.IsSorted(f.Nodes) || len(slices.Compact(f.Nodes)) != len(f.Nodes) {
		t.Errorf("%s: nodes %v", f, f.Nodes)
	}
	if f.Kind == Stop && f.Hold <= cfg.Lease {
		t.Errorf("%s: no longer than the lease", f)
	}
	if f.Kind != Drain && (f.Hold < time.Second || f.Hold > cfg.Hold) {
		t.Errorf("%s: out of bounds", f)
	}
}

func TestOnlySomeKinds(t *testing.T) {
	cfg := usual()
	cfg.Only = []Kind{Drain}
	p := newPlan(cfg)
	for range 3 {
		if f := p.next(); f.Kind != Drain {
			t.Errorf("%s", f)
		}
	}
}

func TestConfigsThatCantBe(t *testing.T) {
	if err := usual().Validate(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"one node":       func(c *Config) { c.Nodes = 1 },
		"no rooms":       func(c *Config) { c.Rooms = 0 },
		"alone":          func(c *Config) { c.Seats = 1 },
		"too much media": func(c *Config) { c.Media = 5 },
		"too few seats":  func(c *Config) { c.Seats = 2 },
		"short lease":    func(c *Config) { c.Lease = time.Second },
		"short hold":     func(c *Config) { c.Hold = 0 },
		"no such fault":  func(c *Config) { c.Only = []Kind{"rain"} },
	} {
		c := usual()
		change(&c)
		if err := c.Validate(); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
