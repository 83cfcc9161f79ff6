package nack

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// start is the beginning of each test's time.
func start() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

func at(ms int) time.Time { return start().Add(time.Duration(ms) * time.Millisecond) }

func expectDue(t *testing.T, w *Wanted, ms int, rtt time.Duration, want ...uint64) {
	t.Helper()
	if got := w.Due(at(ms), rtt, nil); !slices.Equal(got, want) {
		t.Errorf("due at %d ms: %v, want %v", ms, got, want)
	}
}

func TestWantedAsksAfterTheReorderWindow(t *testing.T) {
	w := NewWanted(WantedConfig{})
	for _, seq := range []uint64{100, 101, 104} {
		if !w.Received(at(0), seq) {
			t.Errorf("%d is not fresh", seq)
		}
	}
	if due, ok := w.Deadline(); !ok || !due.Equal(at(10)) {
		t.Errorf("deadline %v %v", due, ok)
	}
	expectDue(t, w, 9, 0)
	expectDue(t, w, 10, 0, 102, 103)
	expectDue(t, w, 11, 0)
}

func TestWantedDoesNotAskForWhatCameLate(t *testing.T) {
	w := NewWanted(WantedConfig{})
	for _, seq := range []uint64{1, 4, 3, 2} {
		if !w.Received(at(0), seq) {
			t.Errorf("%d is not fresh", seq)
		}
	}
	if _, ok := w.Deadline(); ok {
		t.Error("a deadline although nothing is missing")
	}
	expectDue(t, w, 1000, 0)
	for _, seq := range []uint64{1, 2, 3, 4} {
		if w.Received(at(1000), seq) {
			t.Errorf("duplicate of %d is fresh", seq)
		}
	}
	if w.GaveUp() {
		t.Error("gave up although nothing was lost")
	}
}

func TestWantedRepeatsWithGrowingPauses(t *testing.T) {
	w := NewWanted(WantedConfig{MaxTries: 4})
	w.Received(at(0), 1)
	w.Received(at(0), 3)
	const rtt = 80 * time.Millisecond // pauses of 100 ms
	expectDue(t, w, 10, rtt, 2)
	expectDue(t, w, 109, rtt)
	expectDue(t, w, 110, rtt, 2)
	expectDue(t, w, 309, rtt)
	expectDue(t, w, 310, rtt, 2)
	expectDue(t, w, 609, rtt)
	expectDue(t, w, 610, rtt, 2)
	expectDue(t, w, 1009, rtt)
	if w.GaveUp() {
		t.Error("gave up before the last answer could come")
	}
	expectDue(t, w, 1010, rtt)
	if !w.GaveUp() || w.GaveUp() {
		t.Error("giving up must be told, and once")
	}
	if w.Received(at(1020), 2) {
		t.Error("a packet that was given up is fresh")
	}
}

func TestWantedRepeatsAtTheLeastPause(t *testing.T) {
	w := NewWanted(WantedConfig{})
	w.Received(at(0), 1)
	w.Received(at(0), 3)
	expectDue(t, w, 10, time.Millisecond, 2)
	expectDue(t, w, 29, time.Millisecond)
	expectDue(t, w, 30, time.Millisecond, 2)
}

func TestWantedGivesUpTheOld(t *testing.T) {
	w := NewWanted(WantedConfig{MaxAge: 200 * time.Millisecond})
	w.Received(at(0), 1)
	w.Received(at(0), 3)
	expectDue(t, w, 10, time.Second, 2)
	if due, ok := w.Deadline(); !ok || !due.Equal(at(200)) {
		t.Errorf("deadline %v %v", due, ok)
	}
	expectDue(t, w, 200, time.Second)
	if !w.GaveUp() {
		t.Error("did not give up")
	}
}

func TestWantedDoesNotRepairLargeGaps(t *testing.T) {
	w := NewWanted(WantedConfig{MaxGap: 10})
	w.Received(at(0), 1)
	w.Received(at(0), 12)
	if w.GaveUp() {
		t.Error("gave up on a gap of ten")
	}
	w.Received(at(0), 14)
	if !w.GaveUp() {
		t.Error("did not give up on eleven missing packets")
	}
	expectDue(t, w, 10, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13)
	w.Received(at(20), 26)
	if !w.GaveUp() {
		t.Error("did not give up on a gap of eleven")
	}
	expectDue(t, w, 1000, 0)
}

func TestWantedTakesABeginningInTheWrongOrder(t *testing.T) {
	w := NewWanted(WantedConfig{})
	for _, seq := range []uint64{100, 98, 101} {
		if !w.Received(at(0), seq) {
			t.Errorf("%d is not fresh", seq)
		}
	}
	if w.Received(at(0), 50) {
		t.Error("a packet from long before the beginning is fresh")
	}
	expectDue(t, w, 10, 0, 99)
}

// naive is the same as Wanted, in a map and without haste. It knows nothing of a beginning in the wrong order.
type naive struct {
	cfg     WantedConfig
	highest uint64
	missing map[uint64]missing
	gaveUp  bool
}

func (n *naive) received(at time.Duration, seq uint64) bool {
	if seq <= n.highest {
		_, ok := n.missing[seq]
		delete(n.missing, seq)
		return ok
	}
	if seq-n.highest-1 > uint64(n.cfg.MaxGap) {
		n.gaveUp = true
		clear(n.missing)
		n.highest = seq
		return true
	}
	for s := n.highest + 1; s < seq; s++ {
		n.missing[s] = missing{seq: s, noticed: at, next: at + n.cfg.ReorderWindow}
	}
	for len(n.missing) > n.cfg.MaxGap {
		delete(n.missing, slices.Min(slices.Collect(maps.Keys(n.missing))))
		n.gaveUp = true
	}
	n.highest = seq
	return true
}

func (n *naive) due(at, rtt time.Duration) []uint64 {
	var due []uint64
	for _, seq := range slices.Sorted(maps.Keys(n.missing)) {
		m := n.missing[seq]
		if m.next > at {
			continue
		}
		if m.tries == n.cfg.MaxTries || at-m.noticed >= n.cfg.MaxAge {
			delete(n.missing, seq)
			n.gaveUp = true
			continue
		}
		due = append(due, seq)
		m.tries++
		m.next = min(at+time.Duration(m.tries)*max(20*time.Millisecond, rtt*5/4), m.noticed+n.cfg.MaxAge)
		n.missing[seq] = m
	}
	return due
}

func (n *naive) deadline() (time.Duration, bool) {
	first, ok := time.Duration(0), false
	for _, m := range n.missing {
		if !ok || m.next < first {
			first, ok = m.next, true
		}
	}
	return first, ok
}

func TestWantedIsAsTheNaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := WantedConfig{
			ReorderWindow: 10 * time.Millisecond,
			MaxTries:      rapid.IntRange(1, 5).Draw(t, "tries"),
			MaxAge:        time.Duration(rapid.IntRange(50, 500).Draw(t, "age")) * time.Millisecond,
			MaxGap:        rapid.IntRange(1, 30).Draw(t, "gap"),
		}
		w, model := NewWanted(cfg), &naive{cfg: cfg, highest: 1000, missing: map[uint64]missing{}}
		w.Received(start(), model.highest)
		now := time.Duration(0)
		for range rapid.IntRange(1, 100).Draw(t, "steps") {
			now += time.Duration(rapid.IntRange(0, 40).Draw(t, "pause")) * time.Millisecond
			if rapid.IntRange(0, 3).Draw(t, "ask") == 0 {
				rtt := time.Duration(rapid.IntRange(0, 100).Draw(t, "rtt")) * time.Millisecond
				got, want := w.Due(start().Add(now), rtt, nil), model.due(now, rtt)
				if !slices.Equal(got, want) {
					t.Fatalf("due %v, want %v", got, want)
				}
			} else {
				seq := uint64(max(1000, int64(model.highest)+rapid.Int64Range(-20, 20).Draw(t, "seq")))
				if got, want := w.Received(start().Add(now), seq), model.received(now, seq); got != want {
					t.Fatalf("%d fresh: %v, want %v", seq, got, want)
				}
			}
			if got := w.GaveUp(); got != model.gaveUp {
				t.Fatalf("gave up: %v, want %v", got, model.gaveUp)
			}
			model.gaveUp = false
			got, ok := w.Deadline()
			if want, wantOK := model.deadline(); ok != wantOK || ok && got.After(start().Add(want)) {
				t.Fatalf("deadline %v %v, want %v %v", got, ok, start().Add(want), wantOK)
			}
		}
	})
}

func TestWantedAllocatesNothing(t *testing.T) {
	w := NewWanted(WantedConfig{})
	dst := make([]uint64, 0, defaultMaxGap)
	seq, now := uint64(0), start()
	step := func() { // loses every third packet; every second of these comes late
		for range 300 {
			seq += 3
			now = now.Add(time.Millisecond)
			w.Received(now, seq)
			w.Received(now, seq+1)
			if seq%2 == 0 {
				w.Received(now, seq-7)
			}
			dst = w.Due(now, 50*time.Millisecond, dst[:0])
		}
	}
	step()
	step()
	if n := testing.AllocsPerRun(10, step); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkWanted(b *testing.B) {
	w, seq, now := NewWanted(WantedConfig{}), uint64(0), start()
	for b.Loop() {
		seq++
		now = now.Add(time.Millisecond)
		w.Received(now, seq)
	}
}
