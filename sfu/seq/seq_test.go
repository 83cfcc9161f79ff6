package seq

import (
	"testing"

	"pgregory.net/rapid"
)

func TestUnwrapFollowsTheShortestWay(t *testing.T) {
	var u Unwrapper
	for i, step := range []struct {
		in   uint16
		want uint64
	}{
		{65534, 1<<16 + 65534},
		{65535, 1<<16 + 65535},
		{1, 2<<16 + 1},
		{0, 2 << 16},
		{65533, 1<<16 + 65533},
		{2, 2<<16 + 2},
		{32769, 2<<16 + 32769},
		{10, 2<<16 + 10},
	} {
		if got := u.Unwrap(step.in); got != step.want {
			t.Fatalf("step %d: Unwrap(%d) = %d, want %d", i, step.in, got, step.want)
		}
	}
}

func TestUnwrapKeepsDistances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var u Unwrapper
		full := uint64(rapid.Uint16().Draw(t, "start")) + 1<<16
		u.Unwrap(uint16(full))
		for range 200 {
			full += uint64(rapid.IntRange(0, 30000).Draw(t, "step"))
			if got := u.Unwrap(uint16(full)); got != full {
				t.Fatalf("Unwrap = %d, want %d", got, full)
			}
		}
	})
}

func TestRewriterClosesDropsAndKeepsLosses(t *testing.T) {
	var r Rewriter
	r.Start(100)
	if got := r.Switch(5000); got != 100 {
		t.Fatalf("first = %d, want 100", got)
	}
	expect := func(in, want uint64) {
		t.Helper()
		got, ok := r.Map(in)
		if !ok || got != want {
			t.Fatalf("Map(%d) = %d %v, want %d", in, got, ok, want)
		}
	}
	expect(5001, 101)
	expect(5003, 103) // 5002 is late
	r.Drop(5004)
	r.Drop(5005)
	expect(5006, 104)
	expect(5002, 102)
	if _, ok := r.Map(5004); ok {
		t.Fatal("a dropped packet was mapped")
	}
	if _, ok := r.Map(4999); ok {
		t.Fatal("a packet from before the switch was mapped")
	}
	r.Drop(5007)
	r.DropThrough(5010)
	expect(5011, 105)
	if _, ok := r.Map(5009); ok {
		t.Fatal("a packet that was dropped unseen was mapped")
	}
	if got := r.Switch(17); got != 106 {
		t.Fatalf("after the switch = %d, want 106", got)
	}
	expect(18, 107)
}

// A receiver must never see one number twice, and numbers must grow with the incoming ones.
func TestRewriterNeverRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r Rewriter
		r.Start(uint16(rapid.IntRange(0, 1<<15-1).Draw(t, "first")))
		used := map[uint64]bool{}
		var in, highestOut uint64
		for range 300 {
			var out uint64
			ok := true
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				in = uint64(rapid.Uint16().Draw(t, "source")) + 1<<16
				out = r.Switch(in)
			case 1, 2:
				in++
				r.Drop(in)
				continue
			default:
				if r.count == 0 {
					continue
				}
				in += uint64(rapid.IntRange(1, 3).Draw(t, "gap"))
				out, ok = r.Map(in)
			}
			if !ok {
				t.Fatal("the newest packet can't be mapped")
			}
			if used[out] || (highestOut != 0 && out <= highestOut) {
				t.Fatalf("number %d given again or backwards (highest %d)", out, highestOut)
			}
			used[out] = true
			highestOut = out
		}
	})
}

func TestARowThatBeginsAnewIsAboveTheOneBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var u Unwrapper
		most := uint64(0)
		for range 20 {
			least, first := most, rapid.Uint16().Draw(t, "first")
			u.Unwrap(first)
			if u.Cycles() != uint32(first) {
				t.Fatalf("cycles %d after %d", u.Cycles(), first)
			}
			for range 10 {
				full := u.Unwrap(rapid.Uint16().Draw(t, "number"))
				if full <= least {
					t.Fatalf("%d after a row up to %d", full, least)
				}
				most = max(most, full)
			}
			u.Restart()
			if u.Highest() != 0 || u.Cycles() != 0 {
				t.Fatal("a new row has no number yet")
			}
		}
	})
}
