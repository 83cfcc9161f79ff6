package sfutest_test

import (
	"slices"
	"testing"
	"time"

	"salon/sfu/sfutest"
)

func TestPerfectLinkDeliversAtOnceAndInOrder(t *testing.T) {
	var l sfutest.Link
	for i := range 3 {
		l.Push(start(), []byte{byte(i)})
	}
	for i := range 3 {
		if pkt, at, ok := l.Pop(start()); !ok || pkt[0] != byte(i) || !at.Equal(start()) {
			t.Errorf("packet %d: %v %v %v", i, pkt, at, ok)
		}
	}
	if _, ok := l.Deadline(); ok {
		t.Error("something is left")
	}
}

func TestLinkKeepsRateAndQueue(t *testing.T) {
	l := sfutest.Link{Rate: 800_000, Queue: 5000, Delay: 20 * time.Millisecond} // 10 ms for 1000 bytes
	accepted := 0
	for range 10 {
		if l.Push(start(), make([]byte, 1000)) {
			accepted++
		}
	}
	if accepted != 5 || l.Overflown != 5 || l.Pushed != 10 {
		t.Errorf("%d accepted, %d overflown", accepted, l.Overflown)
	}
	for i := range 5 {
		want := start().Add(time.Duration(20+10*(i+1)) * time.Millisecond)
		if due, ok := l.Deadline(); !ok || !due.Equal(want) {
			t.Errorf("packet %d is due at %v, want %v", i, due, want)
		}
		if _, _, ok := l.Pop(want.Add(-1)); ok {
			t.Errorf("packet %d arrives early", i)
		}
		if _, _, ok := l.Pop(want); !ok {
			t.Errorf("packet %d does not arrive", i)
		}
	}
}

// deliver pushes 1000 packets, one in a millisecond, and returns the order in which they arrive.
func deliver(l *sfutest.Link) (order []int) {
	now := start()
	for i := range 1000 {
		l.Push(now, []byte{byte(i >> 8), byte(i)})
		now = now.Add(time.Millisecond)
	}
	for {
		pkt, _, ok := l.Pop(now.Add(time.Hour))
		if !ok {
			return order
		}
		order = append(order, int(pkt[0])<<8|int(pkt[1]))
	}
}

func TestLinkLosesByItsSeed(t *testing.T) {
	link := func(seed uint64) *sfutest.Link { return &sfutest.Link{Loss: 0.1, Seed: seed} }
	first := deliver(link(1))
	if n := len(first); n < 860 || n > 940 {
		t.Errorf("%d of 1000 arrive", n)
	}
	if !slices.Equal(first, deliver(link(1))) {
		t.Error("the same seed gives another network")
	}
	if slices.Equal(first, deliver(link(2))) {
		t.Error("another seed gives the same network")
	}
}

func TestJitterReordersOnlyWhenAllowed(t *testing.T) {
	jitter := 20 * time.Millisecond
	if !slices.IsSorted(deliver(&sfutest.Link{Jitter: jitter})) {
		t.Error("reordered although not allowed")
	}
	order := deliver(&sfutest.Link{Jitter: jitter, Reorder: true})
	if len(order) != 1000 || slices.IsSorted(order) {
		t.Error("not reordered although allowed")
	}
}
