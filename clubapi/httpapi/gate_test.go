package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"
)

func TestBucketsFillUpAgain(t *testing.T) {
	now := time.Unix(1000, 0)
	b := newBuckets(Attempts{Burst: 2, Every: 10 * time.Second})
	for _, step := range []struct{ pass, want time.Duration }{
		{0, 0},
		{0, 0},
		{0, 10 * time.Second},
		{4 * time.Second, 6 * time.Second},
		{6 * time.Second, 0},
		{0, 10 * time.Second},
		{time.Hour, 0}, // full, not more than full
		{0, 0},
		{0, 10 * time.Second},
		{-time.Minute, 70 * time.Second}, // a clock set back opens nothing
	} {
		now = now.Add(step.pass)
		if got := b.take("k", now); got != step.want {
			t.Errorf("at %s: wait %s, want %s", now, got, step.want)
		}
	}
	if got := b.take("other", now); got != 0 {
		t.Errorf("another key waits %s", got)
	}
}

func TestBucketsAreBounded(t *testing.T) {
	now := time.Unix(1000, 0)
	b := newBuckets(Attempts{Burst: 1, Every: time.Hour})
	for i := range maxBuckets + 100 {
		b.take(strconv.Itoa(i), now)
	}
	if len(b.byKey) != maxBuckets || b.used.Len() != maxBuckets {
		t.Errorf("%d buckets, %d in order", len(b.byKey), b.used.Len())
	}
	if b.take(strconv.Itoa(maxBuckets), now) == 0 {
		t.Error("a recent bucket was forgotten")
	}
	if b.take("0", now) != 0 {
		t.Error("the oldest bucket was kept")
	}
}

func TestAddressOfTheCaller(t *testing.T) {
	g, err := newGate(Config{TrustedProxies: []string{"10.0.0.0/8", "::1/128"}, Hashing: 1}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"the peer", "192.0.2.1:5", nil, "192.0.2.1"},
		{"a stranger's word is not taken", "192.0.2.1:5", []string{"198.51.100.7"}, "192.0.2.1"},
		{"a proxy's word is", "10.1.1.1:5", []string{"198.51.100.7"}, "198.51.100.7"},
		{"the last hop that is no proxy", "10.1.1.1:5", []string{"203.0.113.9, 198.51.100.7, 10.2.2.2"}, "198.51.100.7"},
		{"over several headers", "10.1.1.1:5", []string{"203.0.113.9", "198.51.100.7"}, "198.51.100.7"},
		{"garbage ends the way", "10.1.1.1:5", []string{"198.51.100.7, x"}, "10.1.1.1"},
		{"a mapped address is plain", "[::ffff:192.0.2.1]:5", nil, "192.0.2.1"},
		{"a /64 counts as one", "[2001:db8::1:2]:5", nil, "2001:db8::/64"},
		{"nonsense", "nowhere", nil, "invalid IP"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: c.remote, Header: http.Header{"X-Forwarded-For": c.forwarded}}
			if got := network(g.address(r)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestHashingIsBounded(t *testing.T) {
	g, err := newGate(Config{Hashing: 1}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	err = g.hash(t.Context(), func() error {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		return g.hash(ctx, func() error { t.Error("two at once"); return nil })
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the second ended with %v", err)
	}
	if err := g.hash(t.Context(), func() error { return nil }); err != nil {
		t.Errorf("the place was not given back: %v", err)
	}
}
