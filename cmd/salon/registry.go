package main

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"salon/sfu/id"
	"salon/signaling/cluster"
)

// A timedRegistry counts what a registry takes and how often it fails. That somebody else holds a room is no failure.
type timedRegistry struct {
	cluster.Registry
	now     func() time.Time
	seconds *prometheus.HistogramVec // by call
	failed  *prometheus.CounterVec   // by call
}

func newTimedRegistry(r cluster.Registry, now func() time.Time) *timedRegistry {
	return &timedRegistry{
		Registry: r, now: now,
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "salon_registry_call_seconds", Help: "Time that calls of the registry take, by call.",
			Buckets: []float64{.0005, .001, .002, .005, .01, .025, .05, .1, .25, .5, 1},
		}, []string{"call"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "salon_registry_errors_total", Help: "Calls that the registry did not answer, or not as it should, by call.",
		}, []string{"call"}),
	}
}

// measure counts one call that began at start.
func (t *timedRegistry) measure(call string, start time.Time, err error) {
	t.seconds.WithLabelValues(call).Observe(t.now().Sub(start).Seconds())
	if err == nil {
		return
	}
	for _, answer := range []error{
		cluster.ErrHeld, cluster.ErrStale, cluster.ErrUnowned, cluster.ErrUnknownNode, cluster.ErrDraining, cluster.ErrQuiet, context.Canceled,
	} {
		if errors.Is(err, answer) {
			return
		}
	}
	t.failed.WithLabelValues(call).Inc()
}

// Announce satisfies cluster.Registry.
func (t *timedRegistry) Announce(ctx context.Context, n cluster.Node, now time.Time) (err error) {
	defer func(start time.Time) { t.measure("announce", start, err) }(t.now())
	return t.Registry.Announce(ctx, n, now)
}

// Nodes satisfies cluster.Registry.
func (t *timedRegistry) Nodes(ctx context.Context, now time.Time) (list []cluster.Node, err error) {
	defer func(start time.Time) { t.measure("nodes", start, err) }(t.now())
	return t.Registry.Nodes(ctx, now)
}

// Acquire satisfies cluster.Registry.
func (t *timedRegistry) Acquire(ctx context.Context, room id.Room, node id.Node, now time.Time) (l cluster.Lease, err error) {
	defer func(start time.Time) { t.measure("acquire", start, err) }(t.now())
	return t.Registry.Acquire(ctx, room, node, now)
}

// Owner satisfies cluster.Registry.
func (t *timedRegistry) Owner(ctx context.Context, room id.Room, now time.Time) (l cluster.Lease, err error) {
	defer func(start time.Time) { t.measure("owner", start, err) }(t.now())
	return t.Registry.Owner(ctx, room, now)
}

// Renew satisfies cluster.Registry.
func (t *timedRegistry) Renew(ctx context.Context, leases []cluster.Lease, now time.Time) (mine []cluster.Lease, err error) {
	defer func(start time.Time) { t.measure("renew", start, err) }(t.now())
	return t.Registry.Renew(ctx, leases, now)
}

// Release satisfies cluster.Registry.
func (t *timedRegistry) Release(ctx context.Context, l cluster.Lease, now time.Time) (err error) {
	defer func(start time.Time) { t.measure("release", start, err) }(t.now())
	return t.Registry.Release(ctx, l, now)
}

// Handover satisfies cluster.Registry.
func (t *timedRegistry) Handover(ctx context.Context, l cluster.Lease, to id.Node, now time.Time) (next cluster.Lease, err error) {
	defer func(start time.Time) { t.measure("handover", start, err) }(t.now())
	return t.Registry.Handover(ctx, l, to, now)
}
