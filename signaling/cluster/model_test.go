package cluster

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// spells are how long faults last: about what the limits of the rules are, and much longer.
var spells = []time.Duration{
	300 * time.Millisecond, time.Second, 1900 * time.Millisecond, 2500 * time.Millisecond, 3500 * time.Millisecond,
	5 * time.Second, 8 * time.Second, 12 * time.Second,
}

// scenarios draws histories.
func scenarios(kinds ...faultKind) *rapid.Generator[scenario] {
	return rapid.Custom(func(t *rapid.T) scenario {
		const length = 18 * time.Second
		s := scenario{
			Nodes:  rapid.IntRange(1, 4).Draw(t, "nodes"),
			Rooms:  rapid.IntRange(1, 3).Draw(t, "rooms"),
			Seed:   rapid.Uint64().Draw(t, "seed"),
			Length: length,
		}
		s.Rates = rapid.SliceOfN(rapid.IntRange(-10, 10), s.Nodes+1, s.Nodes+1).Draw(t, "rates")
		s.Faults = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) fault {
			f := fault{
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				A:    rapid.IntRange(0, s.Nodes-1).Draw(t, "a"),
				B:    rapid.IntRange(0, s.Nodes-1).Draw(t, "b"),
				At:   time.Duration(rapid.IntRange(40, 150).Draw(t, "at")) * 100 * time.Millisecond,
				For:  rapid.SampledFrom(spells).Draw(t, "for"),
			}
			f.For = min(f.For, length-f.At)
			return f
		}), 0, 5).Draw(t, "faults")
		return s
	})
}

// play runs a history in a bubble.
func play(t *testing.T, s scenario) (w *town) {
	synctest.Test(t, func(t *testing.T) { w = s.run(t.Context()) })
	return w
}

// TestModelHasOneOwner lets everything happen that can. What must hold:
//
//   - No Epoch of a room is ever used by two nodes.
//   - Nobody is let in by an older Epoch than somebody before, unless the two nodes were apart (town.apart), or
//     nobody is left who could know: Redis forgot, and the other one died.
//   - No two nodes serve a room, unless one was paused until a moment ago, or is handing the room to the other, or they couldn't
//     reach each other, nor a third one that reached both of them and Redis.
//   - When all is well again, every room has one owner, within a lease, a quiet time and some rounds.
func TestModelHasOneOwner(t *testing.T) {
	all := make([]faultKind, 0, faultKinds)
	for kind := range faultKinds {
		all = append(all, kind)
	}
	for range modelRuns {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) {
				s := scenarios(all...).Draw(rt, "scenario")
				if w := play(t, s); len(w.bad) > 0 {
					rt.Fatalf("%v\n%s\n\n%s", s, strings.Join(w.bad, "\n"), strings.Join(w.trace, "\n"))
				}
			})
		})
	}
}

// calm is how long Redis has to be back for the next outage to be one of its own: till then some nodes may not have renewed since the
// one before, and others have just heard of it.
const calm = 6 * time.Second

// apart leaves out faults that begin before the one before them has been over for so long.
func (s scenario) apart(rest time.Duration) scenario {
	slices.SortFunc(s.Faults, func(a, b fault) int { return cmp.Compare(a.At, b.At) })
	var kept []fault
	for _, f := range s.Faults {
		if n := len(kept); n == 0 || f.At >= kept[n-1].At+kept[n-1].For+rest {
			kept = append(kept, f)
		}
	}
	s.Faults = kept
	return s
}

// TestModelKeepsRooms: an outage of Redis alone, be it down, paused or with all it knew lost, costs no meeting its room. Outages that
// follow each other closely may.
func TestModelKeepsRooms(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := scenarios(redisDown, redisLost, redisPaused).Draw(rt, "scenario").apart(calm)
		if w := play(t, s); len(w.bad) > 0 || w.left > 0 {
			rt.Fatalf("%v\n%d rooms left\n%s\n\n%s", s, w.left, strings.Join(w.bad, "\n"), strings.Join(w.trace, "\n"))
		}
	})
}
