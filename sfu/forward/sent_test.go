package forward

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestASentRowKnowsHowEachPacketWent(t *testing.T) {
	r := newSentRow(true, true, time.Second)
	first, second := passage{number: 100, clock: 7}, passage{number: 90, clock: 7, vp8: pictureID{picture: 3}}
	for n := uint64(1000); n < 1010; n++ {
		r.put(n, first, uint16(n)+1)
	}
	for n := uint64(1010); n < 1020; n += 2 {
		r.put(n, second, uint16(n)+2)
	}
	for _, c := range []struct {
		number uint16
		want   sentPacket
		ok     bool
	}{
		{1009, sentPacket{passage: first, in: 909, out: 1009, overall: 1010}, true},
		{1010, sentPacket{passage: second, in: 920, out: 1010, overall: 1012}, true},
		{1011, sentPacket{}, false}, // never went
		{999, sentPacket{}, false},
		{1019, sentPacket{}, false},
		{5, sentPacket{}, false},
	} {
		if s, ok := r.get(c.number); s != c.want || ok != c.ok {
			t.Errorf("%d: %+v %v", c.number, s, ok)
		}
	}
}

func TestASentRowTakesInTheLate(t *testing.T) {
	r := newSentRow(true, false, time.Second)
	first, second := passage{number: 10}, passage{number: 9}
	r.put(2000, first, 0)
	r.put(2003, second, 0)
	for _, c := range []struct {
		number uint64
		passed passage
		ok     bool
	}{
		{2002, second, true}, {2001, first, true}, {1999, passage{number: 5}, false}, {1998, first, true}, {979, first, false}, {2004, second, true},
	} {
		r.put(c.number, c.passed, 0)
		if s, ok := r.get(uint16(c.number)); ok != c.ok || ok && s.passage != c.passed {
			t.Errorf("%d: %+v %v", c.number, s, ok)
		}
	}
}

// What a row tells of a packet is what was put, whatever the order, and it knows the last ones.
func TestASentRowNeverTellsWrong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		video := rapid.Bool().Draw(t, "video")
		r := newSentRow(video, true, time.Second)
		put := map[uint64]sentPacket{}
		next, shift := uint64(rapid.IntRange(0, 1<<15).Draw(t, "first")), uint64(70_000)
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			if rapid.IntRange(0, 3).Draw(t, "begins") == 0 {
				shift += rapid.Uint64Range(1, 5).Draw(t, "left out")
			}
			size := rapid.Uint64Range(1, 9).Draw(t, "run")
			numbers := make([]uint64, 0, size)
			for n := next; n < next+size; n++ {
				numbers = append(numbers, n)
			}
			next += size + rapid.SampledFrom([]uint64{0, 0, 0, 2, 200, 3000}).Draw(t, "gap")
			for _, n := range rapid.Permutation(numbers).Draw(t, "order") {
				s := sentPacket{passage: passage{number: -shift}, in: n + shift, out: n, overall: uint16(n * 7)}
				r.put(n, s.passage, s.overall)
				put[n] = s
				if got, ok := r.get(uint16(n)); ok && got != s {
					t.Fatalf("%d: %+v, not %+v", n, got, s)
				}
			}
			if got, ok := r.get(uint16(slices.Max(numbers))); !ok || got != put[slices.Max(numbers)] {
				t.Fatalf("the newest, %d: %+v %v", slices.Max(numbers), got, ok)
			}
		}
		for n, s := range put {
			if got, ok := r.get(uint16(n)); ok && got.out == n && got != s {
				t.Fatalf("%d: %+v, not %+v", n, got, s)
			}
		}
		if len(r.stretches) > maxStretches {
			t.Fatalf("%d stretches", len(r.stretches))
		}
	})
}

func TestASentRowReachesAsFarBackAsTheHistory(t *testing.T) {
	for video, reach := range map[bool]uint64{false: audioHistoryPackets, true: videoHistoryPackets} {
		r := newSentRow(video, false, time.Second)
		const last = 70_000
		for n := uint64(60_000); n <= last; n++ {
			r.put(n, passage{number: n / 40_000}, 0)
		}
		for n := last - 2*reach; n <= last; n++ {
			if _, ok := r.get(uint16(n)); ok != (n > last-reach) {
				t.Fatalf("%d of %d: %v", n, uint64(last), ok)
			}
		}
	}
}

func TestAPacketIsRepeatedSparingly(t *testing.T) {
	r := repeats{size: audioHistoryPackets, age: time.Second}
	rtt := 50 * time.Millisecond
	now := time.Unix(1000, 0)
	if !r.allow(now, 7, rtt) {
		t.Error("not repeated at first")
	}
	if r.allow(now.Add(40*time.Millisecond), 7, rtt) {
		t.Error("repeated within a round trip")
	}
	times := 1
	for range 20 {
		now = now.Add(rtt)
		if r.allow(now, 7, rtt) {
			times++
		}
	}
	if times != maxResends {
		t.Errorf("repeated %d times", times)
	}
}

// Whoever asks for everything again and again gets no packet more often than whoever asks for one.
func TestManyPacketsAreRepeatedSparingly(t *testing.T) {
	r := repeats{size: videoHistoryPackets, age: time.Second}
	now, granted := time.Unix(1000, 0), 0
	for range 50 {
		for n := uint64(65_000); n < 65_000+videoHistoryPackets; n++ {
			if r.allow(now, n, 0) {
				granted++
			}
		}
		now = now.Add(minResendGap)
	}
	if granted != maxResends*videoHistoryPackets {
		t.Errorf("%d repeated", granted)
	}
	few := repeats{size: videoHistoryPackets, age: time.Second}
	for n := uint64(0); n < 100_000; n += 10 { // one in ten of 300 packets/s
		few.allow(now, n, 0)
		now = now.Add(time.Second / 30)
	}
	if n := len(few.slots); n > 128 {
		t.Errorf("%d slots for a few", n)
	}
}
