package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync/atomic"

	"salon/sfu/id"
	"salon/signaling/cluster"
	"salon/signaling/nodes"
)

// visitsPath is where a node with the role api hears the statements of the others.
const visitsPath = nodes.Inside + "visits"

// errNoAPI tells that no node with the role api is known, or none answers.
var errNoAPI = errors.New("no node with the role api answers")

// elsewhere is the club of a node without the role api: what is asked for is asked of a node that has it. There is one,
// or a new one and what is left of the one before: who answered last is asked first. Safe for concurrent use.
type elsewhere struct {
	nodes func() []cluster.Node // that are known
	peers *nodes.Peers
	away  http.Handler // answers when nobody else does

	good atomic.Pointer[id.Node] // answered last; nil: nobody, or did not the last time
	bad  atomic.Pointer[id.Node] // did not answer last
}

// candidates returns the nodes to ask, the most promising first.
func (e *elsewhere) candidates() []cluster.Node {
	var list []cluster.Node
	for _, n := range e.nodes() {
		if slices.Contains(n.Roles, cluster.API) && n.Address != "" {
			list = append(list, n)
		}
	}
	rank := func(n cluster.Node) int {
		switch {
		case is(&e.good, n):
			return 0
		case is(&e.bad, n):
			return 2
		default:
			return 1
		}
	}
	slices.SortStableFunc(list, func(a, b cluster.Node) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

func is(one *atomic.Pointer[id.Node], n cluster.Node) bool {
	name := one.Load()
	return name != nil && *name == n.ID
}

// learn notes whether n answered.
func (e *elsewhere) learn(n cluster.Node, err error) {
	if err == nil {
		e.good.Store(&n.ID)
		return
	}
	if is(&e.good, n) {
		e.good.Store(nil)
	}
	e.bad.Store(&n.ID)
}

// ServeHTTP satisfies http.Handler. A request is sent to a second node only when the first can't have acted on it.
func (e *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rewind, err := rewinder(r)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest) // the client stopped in the middle
		return
	}
	for _, n := range e.candidates() {
		if !rewind() {
			break
		}
		err := e.peers.Forward(w, r, n)
		if r.Context().Err() != nil || errors.Is(err, nodes.ErrLoop) {
			break
		}
		e.learn(n, err)
		if err == nil {
			return
		}
		if !harmless(r, err) {
			break
		}
	}
	e.away.ServeHTTP(w, r)
}

// harmless tells that a request which failed so may be sent again: it changes nothing, or nobody took it.
func harmless(r *http.Request, err error) bool {
	var op *net.OpError
	return r.Method == http.MethodGet || r.Method == http.MethodHead ||
		errors.As(err, &op) && op.Op == "dial" || errors.Is(err, nodes.ErrForbidden)
}

// mostKept is the largest body that is kept to be sent again, in bytes: as much as the API takes of anything but pictures.
const mostKept = 1 << 20

// rewinder lets r be sent more than once: what it returns is called before each time, and false when its body is gone.
func rewinder(r *http.Request) (rewind func() bool, err error) {
	if r.ContentLength < 0 || r.ContentLength > mostKept {
		sent := false
		return func() bool { first := !sent; sent = true; return first }, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	return func() bool { r.Body = io.NopCloser(bytes.NewReader(body)); return true }, nil
}

// Record satisfies registrar.
func (e *elsewhere) Record(ctx context.Context, s statement) (again bool, err error) {
	text, err := json.Marshal(s)
	if err != nil {
		return false, fmt.Errorf("encode statement: %w", err)
	}
	last := errNoAPI
	for _, n := range e.candidates() {
		answer, err := e.peers.Call(ctx, n, http.MethodPost, visitsPath, text)
		if e.learn(n, err); err != nil {
			last = fmt.Errorf("%w: %w", errNoAPI, err)
			continue
		}
		var heard heard
		if err := json.Unmarshal(answer, &heard); err != nil {
			return false, fmt.Errorf("answer to statement: %w", err)
		}
		return heard.Again, nil
	}
	return false, last
}

// heard is the answer to a statement.
type heard struct{ Again bool }

// ServeHTTP answers visitsPath: statements of nodes about themselves.
func (g *guestbook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	var s statement
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil { // the door bounds its length
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if hop, ok := nodes.HopOf(r.Context()); !ok || hop.From != s.Node {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	again, err := g.Record(r.Context(), s)
	if err != nil {
		g.log.Warn("statement not written", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(heard{Again: again}) // the other node may have gone, and says it again
}
