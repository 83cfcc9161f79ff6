package main

import (
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

	good atomic.Pointer[id.Node] // answered last
}

// candidates returns the nodes to ask, the most promising first.
func (e *elsewhere) candidates() []cluster.Node {
	var list []cluster.Node
	for _, n := range e.nodes() {
		if !slices.Contains(n.Roles, cluster.API) || n.Address == "" {
			continue
		}
		if good := e.good.Load(); good != nil && n.ID == *good {
			list = slices.Insert(list, 0, n)
		} else {
			list = append(list, n)
		}
	}
	return list
}

// ServeHTTP satisfies http.Handler. A request is sent to a second node only when the first can't have acted on it.
func (e *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = io.NopCloser(r.Body) // whoever fails to send it must not close it
	for _, n := range e.candidates() {
		err := e.peers.Forward(w, r, n)
		if err == nil {
			e.good.Store(&n.ID)
			return
		}
		if r.Context().Err() != nil || errors.Is(err, nodes.ErrLoop) || !harmless(r, err) {
			break
		}
	}
	e.away.ServeHTTP(w, r)
}

// harmless tells that a request which failed so may be sent again: it changes nothing, or was never sent.
func harmless(r *http.Request, err error) bool {
	var op *net.OpError
	return r.Method == http.MethodGet || r.Method == http.MethodHead || errors.As(err, &op) && op.Op == "dial" || errors.Is(err, nodes.ErrForbidden)
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
		if err != nil {
			last = fmt.Errorf("%w: %w", errNoAPI, err)
			continue
		}
		e.good.Store(&n.ID)
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

// hearing answers visitsPath: statements for the guestbook.
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
