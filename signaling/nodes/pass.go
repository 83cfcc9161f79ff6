package nodes

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"slices"
	"strings"

	"salon/signaling/cluster"
)

// Pass has the node at place answer a client's request for the room there: a GET, which may become a WebSocket. It
// returns when the answer has been given, and the WebSocket ended on both sides. When leave is closed, the other node
// takes the client for gone and tells it to come back; when the request's context ends, both connections do, without a word.
//
// An error tells that w was not answered: ErrUnreached, ErrAstray, ErrForbidden (the room may be looked for again),
// ErrLoop, or that of the request's context.
func (p *Peers) Pass(w http.ResponseWriter, r *http.Request, place cluster.Place, leave <-chan struct{}) error {
	if _, passed := HopOf(r.Context()); passed {
		return ErrLoop
	}
	out := outgoing(r, place.Node)
	out.Body, out.ContentLength = nil, 0
	upgrade := upgradeOf(r.Header)
	removeHopByHop(out.Header)
	if upgrade != "" {
		out.Header.Set("Connection", "Upgrade")
		out.Header.Set("Upgrade", upgrade)
	}
	res, err := p.roundTrip(out, Hop{
		To: place.Node.ID, Room: place.Lease.Room, Epoch: place.Lease.Epoch, Client: client(r),
	})
	if err != nil {
		return fmt.Errorf("pass on: %w", err)
	}
	switch res.StatusCode {
	case StatusAstray:
		_ = res.Body.Close()
		return fmt.Errorf("pass on to node %s: %w", place.Node.ID, ErrAstray)
	case http.StatusSwitchingProtocols:
		return open(w, r, res, leave)
	}
	defer func() { _ = res.Body.Close() }()
	removeHopByHop(res.Header)
	copyHeader(w.Header(), res.Header)
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body) // who of the two has gone: there is nobody to tell
	return nil
}

// Forward has another node answer a client's request, which is about no room: with its body, both ways as they come.
//
// An error tells that w was not answered, and nothing of whether the other node acted on the request: ErrUnreached,
// ErrForbidden, ErrLoop, or that of the request's context. The body may be closed.
func (p *Peers) Forward(w http.ResponseWriter, r *http.Request, to cluster.Node) (err error) {
	if _, passed := HopOf(r.Context()); passed {
		return ErrLoop
	}
	proxy := &httputil.ReverseProxy{
		Transport: signed{p, Hop{To: to.ID, Client: client(r)}},
		Rewrite: func(pr *httputil.ProxyRequest) {
			pr.Out.URL.Scheme, pr.Out.URL.Host, pr.Out.Host = "http", to.Address, pr.In.Host
			for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
				if values := pr.In.Header.Values(name); len(values) > 0 {
					pr.Out.Header[name] = values // the other node trusts the same proxies
				}
			}
		},
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0), // that one of the two went in the middle is nobody's error
		ErrorHandler:  func(_ http.ResponseWriter, _ *http.Request, cause error) { err = fmt.Errorf("forward: %w", cause) },
	}
	proxy.ServeHTTP(w, r)
	return err
}

// signed is a transport for the requests of one Hop.
type signed struct {
	peers *Peers
	hop   Hop
}

// RoundTrip satisfies http.RoundTripper. It signs the request that it gets: nobody else has it.
func (s signed) RoundTrip(r *http.Request) (*http.Response, error) {
	return s.peers.roundTrip(r, s.hop)
}

// hopByHop are headers that are between two ends of a connection (RFC 9110 section 7.6.1).
var hopByHop = []string{
	"Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade",
}

func removeHopByHop(h http.Header) {
	for _, named := range h.Values("Connection") {
		for name := range strings.SplitSeq(named, ",") {
			h.Del(textproto.TrimString(name))
		}
	}
	for _, name := range hopByHop {
		h.Del(name)
	}
}

// upgradeOf returns the protocol that a request or an answer changes to.
func upgradeOf(h http.Header) string {
	wanted := slices.ContainsFunc(h.Values("Connection"), func(named string) bool {
		return slices.ContainsFunc(strings.Split(named, ","), func(name string) bool {
			return strings.EqualFold(textproto.TrimString(name), "upgrade")
		})
	})
	if !wanted {
		return ""
	}
	return h.Get("Upgrade")
}

// copyHeader lets what the other node said replace what we said.
func copyHeader(to, from http.Header) {
	for name, values := range from {
		to[name] = values
	}
}
