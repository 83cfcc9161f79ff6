package client

import (
	"log/slog"
	"math/rand/v2"
	"testing"

	"salon/loadtest/media"
)

func TestDoorsAreChosenAsABalancerDoes(t *testing.T) {
	urls := []string{"http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3"}
	rng := rand.New(rand.NewPCG(1, 1))
	first := func(cfg Config, shut ...string) (counts map[string]int, doors int) {
		t.Helper()
		cfg.URLs, cfg.Media = urls, media.Shape{}.WithDefaults()
		env, err := NewEnvironment(cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		env.Shut("127.0.0.1:1", true)
		env.Shut("127.0.0.1:1", false)
		for _, door := range shut {
			env.Shut(door, true)
		}
		counts = map[string]int{}
		for range 600 {
			list := env.knock(rng)
			doors = len(list)
			counts[list[0].Host]++
		}
		return counts, doors
	}
	for name, c := range map[string]struct {
		cfg         Config
		shut        []string
		first, list int
	}{
		"one at random":           {Config{}, nil, 3, 1},
		"then the others":         {Config{Balanced: true}, nil, 3, 3},
		"not where it is shut":    {Config{Balanced: true}, []string{"127.0.0.1:2"}, 2, 2},
		"anywhere if all is shut": {Config{Balanced: true}, []string{"127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"}, 3, 3},
	} {
		counts, list := first(c.cfg, c.shut...)
		if len(counts) != c.first || list != c.list {
			t.Errorf("%s: %v, %d doors", name, counts, list)
		}
		for door, n := range counts {
			if even := 600 / c.first; n < even*3/4 || n > even*5/4 {
				t.Errorf("%s: %d times at %s", name, n, door)
			}
		}
	}
}
