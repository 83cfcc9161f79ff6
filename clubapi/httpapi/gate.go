package httpapi

import (
	"container/list"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"salon/clubapi"
)

// gate slows down whoever guesses passwords or signs up in bulk, and bounds how many
// passwords are hashed at once.
type gate struct {
	now       func() time.Time
	proxies   []netip.Prefix
	addresses *buckets
	nicknames *buckets
	hashing   chan struct{}
}

// maxBuckets bounds the memory of one limit, about 200 bytes each. When it is reached the
// bucket that was used longest ago is forgotten.
const maxBuckets = 10000

func newGate(cfg Config, now func() time.Time) (*gate, error) {
	g := &gate{
		now:       now,
		addresses: newBuckets(cfg.AddressAttempts),
		nicknames: newBuckets(cfg.NicknameAttempts),
		hashing:   make(chan struct{}, cfg.Hashing),
	}
	for _, p := range cfg.TrustedProxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return nil, fmt.Errorf("%w: trusted proxy: %w", errConfig, err)
		}
		g.proxies = append(g.proxies, prefix)
	}
	return g, nil
}

// admit counts one attempt of that address for that nickname, or returns a tooManyError.
func (g *gate) admit(addr netip.Addr, nickname string) error {
	now := g.now()
	if wait := g.addresses.take(network(addr), now); wait > 0 {
		return &tooManyError{retryAfter: wait}
	}
	if wait := g.nicknames.take(clubapi.NicknameKey(nickname), now); wait > 0 {
		return &tooManyError{retryAfter: wait}
	}
	return nil
}

// hash runs do when fewer than the bound are running, or returns the error of ctx.
func (g *gate) hash(ctx context.Context, do func() error) error {
	select {
	case g.hashing <- struct{}{}:
		defer func() { <-g.hashing }()
		return do()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// address is who is asking: the peer, or, behind trusted proxies, the last address of
// X-Forwarded-For that is not such a proxy. The zero Addr when it cannot be read.
func (g *gate) address(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	peer, err := netip.ParseAddr(host)
	if err != nil || !g.trusts(peer) {
		return peer.Unmap()
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		if peer = hop; !g.trusts(hop) {
			break
		}
	}
	return peer.Unmap()
}

func (g *gate) trusts(a netip.Addr) bool {
	for _, p := range g.proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// network is what is counted as one: an IPv4 address, or the /64 one household gets.
func network(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// buckets are token buckets by key. Safe for concurrent use.
type buckets struct {
	limit Attempts

	mu    sync.Mutex
	byKey map[string]*list.Element // of *bucket
	used  *list.List               // the latest used first
}

type bucket struct {
	key  string
	full time.Time // when it will be full again; in the past: full
}

func newBuckets(limit Attempts) *buckets {
	return &buckets{limit: limit, byKey: map[string]*list.Element{}, used: list.New()}
}

// take takes one token and returns 0, or takes none and returns how long to wait for one.
//
// A bucket is kept as the time it will be full again: after Burst tokens that is
// now + Burst*Every, and one token less fits before it is that far away.
func (b *buckets) take(key string, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	el, ok := b.byKey[key]
	if !ok {
		el = b.add(key)
	}
	b.used.MoveToFront(el)
	it := el.Value.(*bucket)
	full := it.full
	if full.Before(now) {
		full = now
	}
	full = full.Add(b.limit.Every)
	if wait := full.Sub(now) - time.Duration(b.limit.Burst)*b.limit.Every; wait > 0 {
		return wait
	}
	it.full = full
	return 0
}

func (b *buckets) add(key string) *list.Element {
	if b.used.Len() >= maxBuckets {
		last := b.used.Back()
		delete(b.byKey, last.Value.(*bucket).key)
		b.used.Remove(last)
	}
	el := b.used.PushFront(&bucket{key: key})
	b.byKey[key] = el
	return el
}
