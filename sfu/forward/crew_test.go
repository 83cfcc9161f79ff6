package forward

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"testing"
)

// hire runs a crew of n for the length of a test.
func hire(tb testing.TB, n int) *Crew {
	tb.Helper()
	c := NewCrew(n)
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for range n {
		all.Go(func() { _ = c.Work(ctx, newBatch()) }) // ends with ctx alone
	}
	tb.Cleanup(func() {
		cancel()
		all.Wait()
	})
	return c
}

func TestACrewCarriesEveryPacketToEveryLegOnce(t *testing.T) {
	const subscribers, bursts = 150, 100
	r := newRigWith("video", subscribers, hire(t, 3))
	for range bursts {
		r.burst()
		runtime.Gosched()
	}
	packets := 0
	for i := range bursts {
		packets += len(r.frames[i%len(r.frames)])
	}
	for i, w := range r.wires {
		if w.packets != packets {
			t.Fatalf("leg %d got %d packets, want %d", i, w.packets, packets)
		}
	}
	if got := r.publisher.shard.Stats().PacketsOut; got != uint64(packets*subscribers) {
		t.Errorf("%d packets counted, want %d", got, packets*subscribers)
	}
	if len(r.publisher.shard.jobs) == 0 {
		t.Error("nobody helped")
	}
}

func TestASmallRoomNeedsNoCrew(t *testing.T) {
	r := newRigWith("video", 20, hire(t, 3))
	for range 50 {
		r.burst()
	}
	if n := len(r.publisher.shard.jobs); n != 0 {
		t.Errorf("%d shares of small bursts were handed over", n)
	}
}

// BenchmarkCrew forwards to many legs with and without help: wall time per packet.
func BenchmarkCrew(b *testing.B) {
	for _, size := range []int{0, 1} {
		b.Run(fmt.Sprintf("workers=%d/subs=500", size), func(b *testing.B) {
			r := newRigWith("video", 500, hire(b, size))
			for range 500 {
				r.burst()
			}
			warm := r.sent()
			for b.Loop() {
				r.burst()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(r.sent()-warm), "ns/packet")
		})
	}
}

func newRigWith(kind string, subscribers int, crew *Crew) *rig {
	return newRigOn(NewShard(Config{}, crew, slog.New(slog.DiscardHandler)), kind, subscribers)
}
