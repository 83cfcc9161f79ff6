package cluster

import (
	"context"
	"errors"
	"testing"
	"time"

	"salon/signaling/cluster/redistest"
)

// startRedis starts a server that ends with the test.
func startRedis(t *testing.T) *redistest.Server {
	t.Helper()
	s, err := redistest.Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Kill(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// connect returns a registry that closes with the test.
func connect(t *testing.T, cfg RedisConfig) *Redis {
	t.Helper()
	r, err := NewRedis(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// eventually polls until f returns nil.
func eventually(t *testing.T, within time.Duration, f func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(within); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		if err = f(); err == nil {
			return
		}
	}
	t.Fatalf("not within %v: %v", within, err)
}

func TestFreshRedisIsQuietAndThenGivesRooms(t *testing.T) {
	r := connect(t, RedisConfig{Addresses: []string{startRedis(t).Address}, Lease: time.Second, Timeout: 900 * time.Millisecond})
	ctx := context.Background()
	n := Node{ID: "ND_a", Address: "a:1", Roles: []Role{Media}}
	if err := r.Announce(ctx, n, time.Now()); !errors.Is(err, ErrQuiet) {
		t.Errorf("first announcement: %v", err)
	}
	if l, err := r.Acquire(ctx, "book", "ND_a", time.Now()); !errors.Is(err, ErrQuiet) {
		t.Errorf("a room at once: %v %v", l, err)
	}
	eventually(t, 3*time.Second, func() error { return r.Announce(ctx, n, time.Now()) })
	now := time.Now()
	l, err := r.Acquire(ctx, "book", "ND_a", now)
	if err != nil || l.Epoch == 0 || l.Expires.Sub(now) != time.Second {
		t.Fatalf("%+v %v", l, err)
	}
	l.Metadata = "hello"
	if ls, err := r.Renew(ctx, []Lease{l}, time.Now()); err != nil || len(ls) != 1 {
		t.Fatalf("%v %v", ls, err)
	}
	if o, err := r.Owner(ctx, "book", time.Now()); err != nil || o.Epoch != l.Epoch || o.Metadata != "hello" || o.Node != "ND_a" {
		t.Fatalf("%v %v", o, err)
	}
	nodes, err := r.Nodes(ctx, time.Now())
	if err != nil || len(nodes) != 1 || nodes[0].Leases != 1 || nodes[0].Address != "a:1" {
		t.Fatalf("%+v %v", nodes, err)
	}
	next, err := r.Handover(ctx, l, "ND_a", time.Now())
	if err != nil || next.Epoch <= l.Epoch || next.Metadata != "hello" {
		t.Fatalf("%v %v", next, err)
	}
	if err := r.Release(ctx, next, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := r.Withdraw(ctx, "ND_a"); err != nil {
		t.Fatal(err)
	}
}
