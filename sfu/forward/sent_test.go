package forward

import (
	"testing"
	"time"
	"unsafe"
)

func TestASentRingKeepsTheYoung(t *testing.T) {
	start := time.Unix(1000, 0)
	for name, c := range map[string]struct {
		perSecond, kept, slots int
	}{
		"few":      {20, 20, 32},
		"usual":    {200, 200, 256},
		"too many": {5000, videoHistoryPackets, videoHistoryPackets},
	} {
		t.Run(name, func(t *testing.T) {
			r := newSentRing(true, time.Second)
			total := 3 * c.perSecond
			for i := range total {
				now := start.Add(time.Duration(i) * time.Second / time.Duration(c.perSecond))
				r.put(now, sentPacket{in: uint64(i) + 1, out: uint64(i) + 60000})
			}
			for i := total - c.kept; i < total; i++ {
				out := uint64(i) + 60000
				if s := r.get(uint16(out)); s == nil || s.out != out || s.in != uint64(i)+1 {
					t.Fatalf("packet %d of %d is lost", i, total)
				}
			}
			if len(r.slots) != c.slots {
				t.Errorf("%d slots", len(r.slots))
			}
		})
	}
	if size := unsafe.Sizeof(sentPacket{}); size > 32 {
		t.Errorf("a slot takes %d bytes", size)
	}
}

func TestASentPacketIsRepeatedSparingly(t *testing.T) {
	start := time.Unix(1000, 0)
	r := newSentRing(false, time.Second)
	r.put(start, sentPacket{in: 1, out: 7})
	s := r.get(7)
	rtt := 50 * time.Millisecond
	now := start.Add(time.Millisecond)
	if !r.repeat(now, s, rtt) {
		t.Error("not repeated at first")
	}
	if r.repeat(now.Add(40*time.Millisecond), s, rtt) {
		t.Error("repeated within a round trip")
	}
	times := 1
	for range 20 {
		now = now.Add(rtt)
		if r.repeat(now, s, rtt) {
			times++
		}
	}
	if times != maxResends {
		t.Errorf("repeated %d times", times)
	}
}
