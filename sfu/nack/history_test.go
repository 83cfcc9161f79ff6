package nack

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// content is a packet of n bytes that no other seq has.
func content(seq uint64, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(seq*31 + uint64(i)*7 + seq>>8)
	}
	return b
}

func TestHistoryGivesBackWhatWasPut(t *testing.T) {
	h := NewHistory(HistoryConfig{}, NewChunks(8<<10))
	for seq := uint64(10); seq < 20; seq++ {
		h.Put(at(int(seq)), seq, content(seq, 100))
	}
	raw, ok := h.Get(13)
	if !ok || !bytes.Equal(raw, content(13, 100)) {
		t.Errorf("got %x %v", raw, ok)
	}
	if cap(raw) != len(raw) {
		t.Error("appending to the result would overwrite the next packet")
	}
	for _, seq := range []uint64{0, 9, 20, 13 + 512} {
		if _, ok := h.Get(seq); ok {
			t.Errorf("%d was never put", seq)
		}
	}
}

func TestHistoryLeavesOut(t *testing.T) {
	h := NewHistory(HistoryConfig{Packets: 4, MaxBytes: 800}, NewChunks(200))
	h.Put(at(0), 8, content(8, 50))
	h.Put(at(1), 8, content(9, 50)) // known
	h.Put(at(1), 4, content(4, 50)) // its slot belongs to a younger one
	h.Put(at(1), 9, nil)            // empty
	h.Put(at(1), 10, make([]byte, 201))
	for _, seq := range []uint64{4, 9, 10} {
		if _, ok := h.Get(seq); ok {
			t.Errorf("%d was kept", seq)
		}
	}
	if raw, ok := h.Get(8); !ok || !bytes.Equal(raw, content(8, 50)) {
		t.Errorf("got %x %v", raw, ok)
	}
}

func TestHistoryGrowsForTheYoungAndShrinks(t *testing.T) {
	store := NewChunks(1000)
	h := NewHistory(HistoryConfig{}, store)
	slowly := func(first uint64, from int) {
		for i := range uint64(100) { // a packet of 100 bytes every 200 ms: 500 bytes within MinAge
			h.Put(at(from+200*int(i)), first+i, content(first+i, 100))
		}
		if len(h.chunks) > 2 {
			t.Errorf("%d chunks", len(h.chunks))
		}
	}
	slowly(0, 0)
	for seq := uint64(100); seq < 150; seq++ { // 5000 bytes at once
		h.Put(at(20000), seq, content(seq, 100))
	}
	if len(h.chunks) != 6 {
		t.Errorf("grew to %d chunks", len(h.chunks))
	}
	for seq := uint64(96); seq < 150; seq++ {
		if raw, ok := h.Get(seq); !ok || !bytes.Equal(raw, content(seq, 100)) {
			t.Errorf("%d is lost", seq)
		}
	}
	slowly(150, 22000)
	if n := len(store.spare); n < 4 {
		t.Errorf("%d chunks given back", n)
	}
	other := NewHistory(HistoryConfig{}, store)
	before := len(store.spare)
	other.Put(at(0), 1, content(1, 100))
	if len(store.spare) != before-1 {
		t.Error("a new chunk, where another has one to spare")
	}
}

func TestAStoreKeepsSomeToSpare(t *testing.T) {
	store := NewChunks(10)
	for range 2 * maxSpare {
		store.put(make([]byte, 10))
	}
	if len(store.spare) != maxSpare {
		t.Errorf("%d", len(store.spare))
	}
}

func TestHistoryGrowsToTheRateOfItsStream(t *testing.T) {
	h := NewHistory(HistoryConfig{Packets: 4096}, NewChunks(8<<10))
	for seq := range uint64(3000) { // 1 s is 300 packets with 300000 bytes
		h.Put(at(int(seq)*10/3), seq, make([]byte, 1000))
	}
	if n := len(h.chunks) * 8 << 10; n < 300_000 || n > 340_000 {
		t.Errorf("grew to %d bytes", n)
	}
	if n := len(h.slots); n != 512 {
		t.Errorf("grew to %d slots", n)
	}
}

// putRandom puts packets of random sizes, some late, and calls check after each.
func putRandom(t *rapid.T, h *History, check func(now time.Duration, puts []stored)) {
	var puts []stored
	now, next := time.Duration(0), uint64(500)
	known := map[uint64]bool{}
	for range rapid.IntRange(1, 150).Draw(t, "steps") {
		now += time.Duration(rapid.IntRange(0, 50).Draw(t, "pause")) * time.Millisecond
		seq := next
		if rapid.IntRange(0, 4).Draw(t, "late") == 0 {
			seq -= rapid.Uint64Range(0, 10).Draw(t, "by")
		} else {
			next += rapid.Uint64Range(1, 4).Draw(t, "gap")
		}
		if known[seq] {
			continue
		}
		known[seq] = true
		size := rapid.IntRange(1, 300).Draw(t, "size")
		h.Put(start().Add(now), seq, content(seq, size))
		puts = append(puts, stored{seq, size, now})
		check(now, puts)
	}
}

type stored struct {
	seq  uint64
	size int
	at   time.Duration
}

func checkContents(t *rapid.T, h *History, puts []stored) (found map[uint64]bool) {
	found, bytesFound := map[uint64]bool{}, 0
	for _, p := range puts {
		raw, ok := h.Get(p.seq)
		if !ok {
			continue
		}
		if !bytes.Equal(raw, content(p.seq, p.size)) {
			t.Fatalf("%d has changed", p.seq)
		}
		found[p.seq] = true
		bytesFound += p.size
	}
	if len(found) > h.cfg.Packets || bytesFound > h.cfg.MaxBytes || len(h.chunks)*h.store.size > h.cfg.MaxBytes {
		t.Fatalf("%d packets with %d bytes are kept", len(found), bytesFound)
	}
	return found
}

func TestHistoryWithRoomKeepsTheYoung(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slots := rapid.SampledFrom([]int{32, 256}).Draw(t, "slots") // 256 is more than there are at first
		h := NewHistory(HistoryConfig{Packets: slots, MinAge: 400 * time.Millisecond}, NewChunks(350))
		putRandom(t, h, func(now time.Duration, puts []stored) {
			found := checkContents(t, h, puts)
			highest := highestOf(puts)
			for i, p := range puts {
				recent := i >= len(puts)-slots && now-p.at < 400*time.Millisecond
				if recent && p.seq+uint64(slots) > highest && !found[p.seq] {
					t.Fatalf("%d of %d ms is lost at %d ms", p.seq, p.at.Milliseconds(), now.Milliseconds())
				}
			}
		})
	})
}

func highestOf(puts []stored) uint64 {
	highest := uint64(0)
	for _, p := range puts {
		highest = max(highest, p.seq)
	}
	return highest
}

func TestHistoryWithoutRoomKeepsTheLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := NewHistory(HistoryConfig{Packets: 16, MaxBytes: 700}, NewChunks(350))
		putRandom(t, h, func(_ time.Duration, puts []stored) {
			found := checkContents(t, h, puts)
			if last := puts[len(puts)-1]; last.seq+16 > highestOf(puts) && !found[last.seq] {
				t.Fatalf("the last packet, %d, is lost", last.seq)
			}
		})
	})
}

func TestHistoryAllocatesNothing(t *testing.T) {
	h := NewHistory(HistoryConfig{MaxBytes: 100_000}, NewChunks(8<<10))
	raw, seq, now := make([]byte, 1100), uint64(0), start()
	step := func() {
		for range 100 {
			seq++
			now = now.Add(3 * time.Millisecond)
			h.Put(now, seq, raw)
			h.Get(seq - 20)
		}
	}
	for range 10 {
		step()
	}
	if n := testing.AllocsPerRun(10, step); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkHistoryPut(b *testing.B) {
	h, raw, seq, now := NewHistory(HistoryConfig{}, NewChunks(8<<10)), make([]byte, 1100), uint64(0), start()
	for b.Loop() {
		seq++
		now = now.Add(3 * time.Millisecond)
		h.Put(now, seq, raw)
	}
}
