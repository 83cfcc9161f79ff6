package udp

import (
	"sync/atomic"
	"time"
)

// LatencyBounds are the upper bounds of Latency's counts. A datagram forwarded at once takes tens of microseconds;
// above some milliseconds a listener's jitter buffer begins to grow.
func LatencyBounds() [latencyBuckets]time.Duration {
	return [latencyBuckets]time.Duration{
		20 * time.Microsecond, 50 * time.Microsecond, 100 * time.Microsecond, 200 * time.Microsecond, 500 * time.Microsecond,
		time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond,
	}
}

const latencyBuckets = 11

// Latency counts outgoing datagrams by the time from the return of the read that caused them to the return of the
// system call that sent them. What timers send is not in it.
type Latency struct {
	Counts [latencyBuckets]uint64 // of each bound, not cumulative
	Over   uint64                 // above the last bound
	Sum    time.Duration
}

// Add adds o to l.
func (l *Latency) Add(o Latency) {
	for i, n := range o.Counts {
		l.Counts[i] += n
	}
	l.Over += o.Over
	l.Sum += o.Sum
}

// latency is the Latency of one shard; its reader writes it, anybody reads it.
type latency struct {
	bounds [latencyBuckets]time.Duration
	counts [latencyBuckets + 1]atomic.Uint64
	sum    atomic.Int64
}

func (l *latency) observe(took time.Duration, datagrams uint64) {
	if datagrams == 0 {
		return
	}
	i := 0
	for i < latencyBuckets && took > l.bounds[i] {
		i++
	}
	l.counts[i].Add(datagrams)
	l.sum.Add(int64(took) * int64(datagrams)) //nolint:gosec // A batch has some thousands at most.
}

func (l *latency) read() (out Latency) {
	for i := range out.Counts {
		out.Counts[i] = l.counts[i].Load()
	}
	out.Over = l.counts[latencyBuckets].Load()
	out.Sum = time.Duration(l.sum.Load())
	return out
}
