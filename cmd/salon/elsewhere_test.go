package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"salon/clubapi/httpapi"
	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling/cluster"
	"salon/signaling/nodes"
)

// A stand is a node with the role api, as others see it.
type stand struct {
	cluster.Node
	asked atomic.Int64 // requests that reached it
}

func testKey(t *testing.T) nodes.Key {
	t.Helper()
	key, err := nodes.NewKey(strings.Repeat("s", secretLength))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// newStand serves the API by answer, and statements by book.
func newStand(t *testing.T, name id.Node, answer http.HandlerFunc, book http.Handler) *stand {
	t.Helper()
	s := &stand{}
	inside := http.NewServeMux()
	if book != nil {
		inside.Handle(visitsPath, book)
	}
	door := nodes.NewDoor(name, testKey(t), nodes.Behind{
		Answer: func(context.Context, id.Room) (cluster.Answer, error) { return cluster.Answer{}, nil },
		Inside: inside,
		Passed: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.asked.Add(1); answer(w, r) }),
	}, slog.New(slog.DiscardHandler), time.Now)
	server := httptest.NewServer(door)
	t.Cleanup(server.Close)
	s.Node = cluster.Node{ID: name, Address: server.Listener.Addr().String(), Roles: []cluster.Role{cluster.API}}
	return s
}

// nobody is at an address that refuses.
func nobody(t *testing.T, name id.Node) cluster.Node {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return cluster.Node{ID: name, Address: l.Addr().String(), Roles: []cluster.Role{cluster.API}}
}

func newElsewhere(t *testing.T, list ...cluster.Node) *elsewhere {
	t.Helper()
	peers, err := nodes.NewPeers(nodes.Config{AnswerTimeout: 300 * time.Millisecond}, "ND_self", testKey(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(peers.Close)
	return &elsewhere{nodes: func() []cluster.Node { return list }, peers: peers, away: httpapi.Away()}
}

// ask asks e as a client from 192.0.2.1 does.
func ask(e http.Handler, method string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, "http://club.example/api/v1/clubs", strings.NewReader("body"))
	r.Header.Set("X-Forwarded-For", "198.51.100.7")
	e.ServeHTTP(w, r)
	return w
}

func TestAPIElsewhereKnowsTheClient(t *testing.T) {
	s := newStand(t, "ND_api", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if host, _, _ := net.SplitHostPort(r.RemoteAddr); host != "192.0.2.1" || r.Host != "club.example" ||
			r.Header.Get("X-Forwarded-For") != "198.51.100.7" || string(body) != "body" || r.Method != http.MethodPost {
			t.Errorf("%s from %s to %s with %q, for %q", r.Method, r.RemoteAddr, r.Host, body, r.Header.Get("X-Forwarded-For"))
		}
		w.WriteHeader(http.StatusCreated)
	}, nil)
	if w := ask(newElsewhere(t, s.Node), http.MethodPost); w.Code != http.StatusCreated {
		t.Errorf("answered with %d", w.Code)
	}
}

func TestAPIElsewhereIsFoundWhereItIsNow(t *testing.T) {
	s := newStand(t, "ND_new", func(http.ResponseWriter, *http.Request) {}, nil)
	moved := s.Node
	moved.ID = "ND_before" // its address is another node's by now
	media := cluster.Node{ID: "ND_media", Address: s.Address, Roles: []cluster.Role{cluster.Media}}
	e := newElsewhere(t, media, nobody(t, "ND_dead"), moved, s.Node)
	for range 2 {
		if w := ask(e, http.MethodPost); w.Code != http.StatusOK {
			t.Errorf("answered with %d", w.Code)
		}
	}
	if e.candidates()[0].ID != "ND_new" {
		t.Error("who answered is not asked first")
	}
}

func TestNothingIsAskedTwiceThatMayHaveTakenEffect(t *testing.T) {
	stuck := newStand(t, "ND_stuck", func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // then the server sees the client go
		<-r.Context().Done()
	}, nil)
	well := newStand(t, "ND_well", func(http.ResponseWriter, *http.Request) {}, nil)
	if w := ask(newElsewhere(t, stuck.Node, well.Node), http.MethodGet); w.Code != http.StatusOK {
		t.Errorf("a question is answered with %d", w.Code)
	}
	w := ask(newElsewhere(t, stuck.Node, well.Node), http.MethodPost)
	if w.Code != http.StatusServiceUnavailable || well.asked.Load() != 1 {
		t.Errorf("a change is answered with %d, the other node was asked %d times", w.Code, well.asked.Load())
	}
	if w.Header().Get("Retry-After") == "" || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("refused with %v", w.Header())
	}
}

func TestAPIIsPassedOnOnce(t *testing.T) {
	var e *elsewhere
	s := newStand(t, "ND_api", func(w http.ResponseWriter, r *http.Request) { e.ServeHTTP(w, r) }, nil)
	e = newElsewhere(t, s.Node)
	if w := ask(e, http.MethodGet); w.Code != http.StatusServiceUnavailable || s.asked.Load() != 1 {
		t.Errorf("answered with %d, asked %d times", w.Code, s.asked.Load())
	}
}

// TestStatementsTravel sends one to a guestbook at another node, which believes nodes about themselves alone.
func TestStatementsTravel(t *testing.T) {
	n := newNotebook()
	book := newGuestbook(n, 0, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- book.Run(ctx) }()
	s := newStand(t, "ND_api", http.NotFound, book)
	e := newElsewhere(t, nobody(t, "ND_dead"), s.Node)
	now := time.Now()
	said := statement{Node: "ND_self", Number: 1, Seen: now, Visits: []room.Visit{
		{Participant: "PA_1", Room: "conference-7", Identity: "user-3", JoinedAt: now, LeftAt: now.Add(time.Minute)},
	}}
	for i, again := range []bool{true, false} {
		if i == 1 {
			said.Number, said.Present = 2, []id.Participant{}
		}
		if got, err := e.Record(t.Context(), said); err != nil || got != again {
			t.Errorf("statement %d: %v, %v", i, got, err)
		}
	}
	if got := n.lasted("PA_1"); got != 60 {
		t.Errorf("stayed %d s", got)
	}
	said.Node = "ND_other"
	if _, err := e.Record(t.Context(), said); !errors.Is(err, errNoAPI) {
		t.Errorf("a statement for somebody else: %v", err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	said.Node = "ND_self"
	if _, err := e.Record(t.Context(), said); !errors.Is(err, errNoAPI) {
		t.Errorf("a guestbook that is closed: %v", err)
	}
}
