package httpapi

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"salon/clubapi"
)

// gate slows down whoever guesses passwords, signs up, uploads or reports in bulk, and bounds how
// many passwords are hashed at once.
type gate struct {
	now       func() time.Time
	proxies   []netip.Prefix
	addresses *buckets
	nicknames *buckets
	uploads   *buckets // by user
	reports   *buckets // by user
	hashing   chan struct{}
}

func newGate(cfg Config, now func() time.Time) (*gate, error) {
	g := &gate{
		now:       now,
		addresses: newBuckets(cfg.AddressAttempts),
		nicknames: newBuckets(cfg.NicknameAttempts),
		uploads:   newBuckets(cfg.UploadAttempts),
		reports:   newBuckets(cfg.ReportAttempts),
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

// admitUpload counts one upload of that user, or returns a tooManyError.
func (g *gate) admitUpload(user int64) error { return g.admitOf(g.uploads, user) }

// admitReport counts one report of that user, or returns a tooManyError.
func (g *gate) admitReport(user int64) error { return g.admitOf(g.reports, user) }

func (g *gate) admitOf(b *buckets, user int64) error {
	if wait := b.take(strconv.FormatInt(user, 10), g.now()); wait > 0 {
		return &tooManyError{retryAfter: wait}
	}
	return nil
}

// forgive takes the attempt back that admit counted: whoever knows the password is not
// guessing. It only ever takes back one, so that a success hides no failures.
func (g *gate) forgive(addr netip.Addr, nickname string) {
	g.addresses.give(network(addr))
	g.nicknames.give(clubapi.NicknameKey(nickname))
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
