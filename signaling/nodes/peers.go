package nodes

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"salon/sfu/id"
	"salon/signaling/cluster"
)

// Peers speaks to the other nodes of the cluster, on behalf of this node (Call, Ask) and of its clients (Pass,
// Forward).
type Peers struct {
	self  id.Node
	key   Key
	now   func() time.Time
	lines *http.Transport
}

// Idle connections to other nodes: enough that a rush doesn't dial for each request, few enough to be nothing.
const (
	idleLines = 16
	idleTime  = 30 * time.Second
)

// A line whose other end doesn't answer three probes is dead: found out within 12 s, when nothing is sent.
var probes = net.KeepAliveConfig{Enable: true, Idle: 6 * time.Second, Interval: 2 * time.Second, Count: 3}

var _ cluster.Peers = (*Peers)(nil)

// NewPeers returns what the node called self speaks with. It starts nothing; Close ends what idles.
func NewPeers(cfg Config, self id.Node, key Key, now func() time.Time) (*Peers, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if !isNode(string(self)) {
		return nil, fmt.Errorf("%w: node id %q", ErrConfig, self)
	}
	dialer := &net.Dialer{Timeout: cfg.DialTimeout, KeepAliveConfig: probes}
	return &Peers{self: self, key: key, now: now, lines: &http.Transport{
		DialContext:           dialer.DialContext,
		ResponseHeaderTimeout: cfg.AnswerTimeout,
		MaxIdleConnsPerHost:   idleLines,
		IdleConnTimeout:       idleTime,
		DisableCompression:    true, // what passes stays as it is
	}}, nil
}

// Close ends the connections that idle. Requests under way go on.
func (p *Peers) Close() { p.lines.CloseIdleConnections() }

// Ask satisfies cluster.Peers.
func (p *Peers) Ask(ctx context.Context, n cluster.Node, room id.Room) (cluster.Answer, error) {
	path := registryPath
	if room != "" {
		path += "?" + url.Values{"room": {string(room)}}.Encode()
	}
	b, err := p.Call(ctx, n, http.MethodGet, path, nil)
	if err != nil {
		return cluster.Answer{}, err
	}
	var answer cluster.Answer
	if err := json.Unmarshal(b, &answer); err != nil {
		return cluster.Answer{}, fmt.Errorf("answer of node %s: %w", n.ID, err)
	}
	return answer, nil
}

// Call asks another node something on this node's behalf: path begins with Inside. It returns the body of the answer.
// Errors: ErrUnreached, ErrForbidden, ErrTooLarge, or one that tells the status when it isn't 2xx.
func (p *Peers) Call(ctx context.Context, to cluster.Node, method, path string, body []byte) ([]byte, error) {
	if len(body) > MaxMessage {
		return nil, fmt.Errorf("%s %s: %w", method, path, ErrTooLarge)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+to.Address+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("request to node %s: %w", to.ID, err)
	}
	sum := sha256.Sum256(body)
	res, err := p.roundTrip(r, Hop{To: to.ID, digest: string(sum[:])})
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, MaxMessage+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: node %s: %w", ErrUnreached, to.ID, err)
	case len(answer) > MaxMessage:
		return nil, fmt.Errorf("answer of node %s: %w", to.ID, ErrTooLarge)
	case res.StatusCode/100 != 2:
		return nil, fmt.Errorf("%s %s: node %s: %w %d", method, path, to.ID, errStatus, res.StatusCode)
	}
	return answer, nil
}

var errStatus = errors.New("answered with status")

// roundTrip signs r and sends it. The hop says all but From and At.
func (p *Peers) roundTrip(r *http.Request, hop Hop) (*http.Response, error) {
	hop.From, hop.At = p.self, p.now()
	r.Header.Set(header, p.key.sign(hop, r.Method, r.URL.RequestURI()))
	res, err := p.lines.RoundTrip(r)
	if err != nil {
		if cause := r.Context().Err(); cause != nil {
			return nil, fmt.Errorf("request to node %s: %w", hop.To, cause)
		}
		return nil, fmt.Errorf("%w: node %s: %w", ErrUnreached, hop.To, err)
	}
	if res.StatusCode == http.StatusUnauthorized && res.Header.Get("WWW-Authenticate") == header {
		_ = res.Body.Close()
		return nil, fmt.Errorf("%w: node %s", ErrForbidden, hop.To)
	}
	return res, nil
}

// outgoing copies a client's request for another node.
func outgoing(r *http.Request, to cluster.Node) *http.Request {
	out := r.Clone(r.Context())
	out.URL = &url.URL{Scheme: "http", Host: to.Address, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	out.RequestURI = ""
	out.Close = false
	return out
}

// client is who sent r here.
func client(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap().WithZone("")
}
