package main

import "testing"

func TestMemoryIsGivenBackAfterARush(t *testing.T) {
	const mb = 1 << 20
	before := heap{allocated: 100 * mb, live: 20 * mb, held: 25 * mb}
	for name, c := range map[string]struct {
		now  heap
		want bool
	}{
		"in the rush":  {heap{allocated: 110 * mb, live: 20 * mb, held: 35 * mb}, false},
		"after it":     {heap{allocated: 100*mb + 1000, live: 20 * mb, held: 26 * mb}, true},
		"little waste": {heap{allocated: 100*mb + 1000, live: 20 * mb, held: 22 * mb}, false},
		"small heap":   {heap{allocated: 100*mb + 1000, live: 4 * mb, held: 5 * mb}, false},
	} {
		if got := c.now.wasteful(before); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if h := readHeap(); h.allocated == 0 || h.held == 0 {
		t.Errorf("the runtime shows %+v", h)
	}
}

func TestGarbageIsCollectedAsOftenAsItIsWorth(t *testing.T) {
	const mb = 1 << 20
	before := heap{allocated: 100 * mb}
	for want, now := range map[int]heap{
		collectSmall:  {allocated: 120 * mb, live: 3 * mb},
		collectInRush: {allocated: 120 * mb, live: 20 * mb},
		collectCalm:   {allocated: 101 * mb, live: 20 * mb},
	} {
		if got := now.collectAt(before); got != want {
			t.Errorf("%+v: %d %%, want %d", now, got, want)
		}
	}
}
