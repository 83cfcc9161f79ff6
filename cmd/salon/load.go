package main

import (
	"context"
	"runtime"
	runtimemetrics "runtime/metrics"
	"sync"
	"syscall"
	"time"

	"salon/signaling/cluster"
)

const (
	// loadPatience bounds how long the rooms may take to say how many are in.
	loadPatience = 200 * time.Millisecond
	// loadSpan is the least time that rates are measured over: shorter ones say little.
	loadSpan = 500 * time.Millisecond
)

// A scale weighs how busy this node is: what its record tells the others. Rates are those since it was last asked.
// Safe for concurrent use.
type scale struct {
	media media
	now   func() time.Time

	before weight
	rates  cluster.Load // of the last span

	mu sync.Mutex
}

// A weight is what a node had done at some time.
type weight struct {
	at      time.Time
	busy    time.Duration // of its processors
	packets uint64        // sent
}

func newScale(m media, now func() time.Time) *scale {
	return &scale{media: m, now: now, before: weight{at: now(), busy: busyTime()}}
}

// read says how busy this node is.
func (s *scale) read() cluster.Load {
	ctx, cancel := context.WithTimeout(context.Background(), loadPatience)
	defer cancel()
	l := s.rate()
	for _, st := range s.media.Rooms(ctx) {
		l.Rooms++
		l.Participants += st.Participants
		l.Tracks += st.Tracks
	}
	return l
}

// rate returns what is measured over time.
func (s *scale) rate() cluster.Load {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := weight{at: s.now(), busy: busyTime(), packets: s.media.Stats().Forward.PacketsOut}
	if span := now.at.Sub(s.before.at); span >= loadSpan {
		s.rates.PacketsPerSecond = float64(now.packets-s.before.packets) / span.Seconds()
		s.rates.CPU = min((now.busy-s.before.busy).Seconds()/span.Seconds()/float64(runtime.GOMAXPROCS(0)), 1)
		s.before = now
	}
	s.rates.Memory = residentMemory()
	return s.rates
}

// busyTime is how long processors have worked for this process.
func busyTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0 // no system that we know
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// residentMemory is what the runtime has of the system and has not given back.
func residentMemory() uint64 {
	s := []runtimemetrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	runtimemetrics.Read(s)
	if s[0].Value.Kind() != runtimemetrics.KindUint64 || s[1].Value.Kind() != runtimemetrics.KindUint64 {
		return 0 // a runtime that counts otherwise
	}
	return s[0].Value.Uint64() - s[1].Value.Uint64()
}
