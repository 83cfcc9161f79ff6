package signaling

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"salon/sfu"
	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling/cluster"
	"salon/signaling/nodes"
	"salon/signaling/token"
	"salon/signaling/wire"
)

// town is a cluster in one process: who holds which room, and the nodes, each with its doors.
type town struct {
	t      testing.TB
	nodes  map[id.Node]*house
	leases map[id.Room]cluster.Lease
	mu     sync.Mutex
}

// house is a node of a town. It is the Director of its own door.
type house struct {
	*door
	town   *town
	self   cluster.Node
	inside *httptest.Server

	// owned by the town's lock
	views []func() (cluster.Place, error) // what Locate answers first
	inUse int                             // admissions that are not Done
}

func newTown(t testing.TB, names ...id.Node) *town {
	w := &town{t: t, nodes: map[id.Node]*house{}, leases: map[id.Room]cluster.Lease{}}
	for _, name := range names {
		w.build(name, Config{Node: string(name)})
	}
	return w
}

func (w *town) build(name id.Node, cfg Config) *house {
	w.t.Helper()
	h := &house{town: w, door: &door{t: w.t, rooms: newFakeRooms(), log: &bytes.Buffer{}}}
	log := slog.New(slog.NewTextHandler(h.door, &slog.HandlerOptions{Level: slog.LevelDebug}))
	key, err := nodes.NewKey("a secret that is long enough")
	if err != nil {
		w.t.Fatal(err)
	}
	peers, err := nodes.NewPeers(nodes.Config{AnswerTimeout: time.Second}, name, key, time.Now)
	if err != nil {
		w.t.Fatal(err)
	}
	h.server, err = New(cfg, Parts{Rooms: h.rooms, Director: h, Passer: peers, Keys: keys(), Log: log, Now: time.Now})
	if err != nil {
		w.t.Fatal(err)
	}
	h.http = httptest.NewServer(h.server)
	h.inside = httptest.NewServer(nodes.NewDoor(name, key, nodes.Behind{Passed: h.server}, log, time.Now))
	h.self = cluster.Node{ID: name, Address: h.inside.Listener.Addr().String()}
	w.nodes[name] = h
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := h.server.Shutdown(ctx); err != nil {
			w.t.Errorf("shutdown: %v", err)
		}
		h.http.Close()
		h.inside.Close()
		peers.Close()
		w.mu.Lock()
		defer w.mu.Unlock()
		if h.inUse != 0 {
			w.t.Errorf("node %s: %d admissions not done", name, h.inUse)
		}
	})
	return h
}

// give has a node hold a room from now on.
func (w *town) give(name id.Room, to id.Node) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.leases[name] = cluster.Lease{
		Room: name, Node: to, Epoch: w.leases[name].Epoch + 1, Metadata: fmt.Sprintf("metadata %d", w.leases[name].Epoch+1),
	}
}

// seen is where the room is at the moment, for somebody who will believe it for too long.
func (w *town) seen(name id.Room) func() (cluster.Place, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.leases[name]
	return func() (cluster.Place, error) { return cluster.Place{Lease: l, Node: w.nodes[l.Node].self}, nil }
}

func (h *house) Locate(_ context.Context, name id.Room) (cluster.Place, error) {
	h.town.mu.Lock()
	defer h.town.mu.Unlock()
	if len(h.views) > 0 {
		view := h.views[0]
		h.views = h.views[1:]
		return view()
	}
	l := h.town.leases[name]
	return cluster.Place{Here: l.Node == h.self.ID, Lease: l, Node: h.town.nodes[l.Node].self}, nil
}

func (h *house) Enter(_ context.Context, name id.Room, epoch uint64) (cluster.Admission, error) {
	h.town.mu.Lock()
	defer h.town.mu.Unlock()
	l := h.town.leases[name]
	switch {
	case l.Node != h.self.ID:
		return cluster.Admission{Lease: l}, cluster.ErrHeld
	case epoch != 0 && epoch != l.Epoch:
		return cluster.Admission{}, cluster.ErrStale
	}
	h.inUse++
	return cluster.Admission{Lease: l, Done: sync.OnceFunc(func() {
		h.town.mu.Lock()
		defer h.town.mu.Unlock()
		h.inUse--
	})}, nil
}

// v0At joins at one node, and is let in at another.
func (w *town) v0At(at, in id.Node) *caller {
	w.t.Helper()
	q := url.Values{"access_token": {entry(w.t, nil)}, "protocol": {"17"}, "sdk": {"js"}}
	return w.joinAt(at, in, "/rtc", q)
}

func (w *town) joinAt(at, in id.Node, path string, q url.Values) *caller {
	w.t.Helper()
	conn, res, err := w.nodes[at].dial(path, q)
	if err != nil {
		w.t.Fatal(err, res)
	}
	c := &caller{t: w.t, conn: conn}
	select {
	case c.p = <-w.nodes[in].rooms.joined:
	case <-time.After(patience):
		w.t.Fatal("nobody joined")
	}
	if node := c.next().GetJoin().GetServerInfo().GetNodeId(); node != string(in) {
		w.t.Fatalf("let in by %q", node)
	}
	return c
}

// empty waits until a node carries and passes nothing.
func (h *house) empty() {
	h.t.Helper()
	end := time.After(patience)
	for s := h.server.Stats(); s.Led != 0 || s.Sessions != 0; s = h.server.Stats() {
		select {
		case <-end:
			h.t.Fatalf("node %s: %+v", h.self.ID, s)
		case <-time.After(time.Millisecond):
		}
	}
}

// bulk is text that doesn't get smaller.
func bulk(t testing.TB, n int) string {
	t.Helper()
	b := make([]byte, n/2)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(b)
}

func TestAJoinAtAnyNodeReachesTheRooms(t *testing.T) {
	w := newTown(t, "ND_a", "ND_b")
	w.give("book", "ND_b")
	offer := "v=0 " + bulk(t, 90<<10)
	for name, c := range map[string]struct {
		path  string
		query url.Values
	}{
		"two connections": {"/rtc", url.Values{"protocol": {"17"}}},
		"one connection": {"//rtc/v1/", url.Values{"join_request": {packed(t, &wire.JoinRequest{
			PublisherOffer: &wire.SessionDescription{Type: "offer", Sdp: offer, Id: 1},
		})}}},
	} {
		t.Run(name, func(t *testing.T) {
			c.query.Set("access_token", entry(t, nil))
			caller := w.joinAt("ND_a", "ND_b", c.path, c.query)
			if c.query.Has("join_request") {
				if sdp := caller.next().GetAnswer().GetSdp(); sdp != "answer to "+offer {
					t.Errorf("%d bytes of answer", len(sdp))
				}
			}
			if raw := caller.next().GetRefreshToken(); raw == "" {
				t.Error("no token came")
			}
			caller.waitFor("Start")
			// There, in both forms, and back.
			caller.send(&wire.SignalRequest{Message: &wire.SignalRequest_Ping{Ping: 1}})
			if caller.next().GetPong() == 0 {
				t.Error("no pong")
			}
			name := bulk(t, 200<<10)
			caller.p.emit(room.ParticipantsChanged{Participants: []room.ParticipantState{{SID: "PA_x", Name: name}}})
			if got := caller.next().GetUpdate().GetParticipants(); len(got) != 1 || got[0].GetName() != name {
				t.Error("the update didn't arrive whole")
			}
			caller.write(websocket.MessageText, []byte(`{"ping":"1"}`))
			if caller.next().GetPong() == 0 {
				t.Error("no pong to text")
			}
			if s := w.nodes["ND_a"].server.Stats(); s.Led != 1 || s.Sessions != 0 {
				t.Errorf("at the first: %+v", s)
			}
			caller.send(&wire.SignalRequest{Message: &wire.SignalRequest_Leave{Leave: &wire.LeaveRequest{}}})
			if _, code := caller.closed(); code != websocket.StatusNormalClosure {
				t.Errorf("close code %d", code)
			}
			w.nodes["ND_a"].empty()
			w.nodes["ND_b"].empty()
		})
	}
	if a := w.nodes["ND_a"]; len(a.rooms.joins) != 0 {
		t.Error("somebody was let in at the wrong node")
	}
	for name, h := range w.nodes {
		for _, secret := range []string{"access_token", "eyJ", "127.0.0.1", "mina"} {
			if strings.Contains(h.logged(), secret) {
				t.Errorf("the log of %s holds %q:\n%s", name, secret, h.logged())
			}
		}
	}
}

func TestRefusalsOfTheRoomsNodeArrive(t *testing.T) {
	w := newTown(t, "ND_a", "ND_b")
	w.give("book", "ND_b")
	b := w.nodes["ND_b"]
	q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}
	if res, body := w.nodes["ND_a"].get(http.MethodGet, "/rtc/validate", q); res.StatusCode != 200 || body != "success" {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	b.rooms.rooms = []room.State{{Name: "book", Participants: 6, MaxParticipants: 6}}
	if res, body := w.nodes["ND_a"].get(http.MethodGet, "/rtc/validate", q); res.StatusCode != 403 || body != "the room is full" {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	b.rooms.err = room.ErrFull
	_, res, err := w.nodes["ND_a"].dial("/rtc", q)
	if err == nil || res == nil || res.StatusCode != 403 || len(res.Header.Values("Access-Control-Allow-Origin")) != 1 {
		t.Fatalf("%v, %v", res, err)
	}
	if body, _ := io.ReadAll(res.Body); string(body) != "the room is full" {
		t.Errorf("%q", body)
	}
}

func TestAnOldEpochIsLookedForAgain(t *testing.T) {
	w := newTown(t, "ND_a", "ND_b", "ND_c")
	a := w.nodes["ND_a"]
	w.give("book", "ND_b")
	old := w.seen("book")
	t.Run("held by a third", func(t *testing.T) {
		w.give("book", "ND_c")
		a.views = append(a.views, old)
		w.v0At("ND_a", "ND_c")
	})
	t.Run("held by the same, anew", func(t *testing.T) {
		w.give("book", "ND_b")
		a.views = append(a.views, old)
		w.v0At("ND_a", "ND_b")
	})
	t.Run("held by whom it came to", func(t *testing.T) {
		w.give("book", "ND_a")
		a.views = append(a.views, old)
		w.v0At("ND_a", "ND_a")
	})
	t.Run("no longer here", func(t *testing.T) {
		w.give("book", "ND_b")
		a.views = append(a.views, func() (cluster.Place, error) { return cluster.Place{Here: true}, nil })
		w.v0At("ND_a", "ND_b")
	})
	t.Run("asked why", func(t *testing.T) {
		w.give("book", "ND_c")
		a.views = append(a.views, old)
		q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}
		if res, body := a.get(http.MethodGet, "/rtc/validate", q); res.StatusCode != 200 {
			t.Errorf("%d %s", res.StatusCode, body)
		}
	})
	if n := a.server.Stats().Astray; n != 5 {
		t.Errorf("looked again %d times", n)
	}
}

func TestNoNodePassesOnWhatWasPassedOn(t *testing.T) {
	w := newTown(t, "ND_a", "ND_b", "ND_c")
	w.give("book", "ND_b")
	wrong := w.seen("book")
	w.give("book", "ND_c")
	for _, name := range []id.Node{"ND_a", "ND_b"} {
		w.nodes[name].views = append(w.nodes[name].views, wrong, wrong)
	}
	q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}
	res, body := w.nodes["ND_a"].get(http.MethodGet, "/rtc/validate", q)
	if res.StatusCode != http.StatusServiceUnavailable || body != errUnreached.Error() || res.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	if b := w.nodes["ND_b"]; len(b.views) != 2 || b.server.Stats().Refused != 2 {
		t.Errorf("%d views left, %+v", len(b.views), b.server.Stats())
	}
}

func TestWhatIsOverInAMomentMakesTheFirstNodeLookAgain(t *testing.T) {
	for name, err := range map[string]error{
		"shutting down":  sfu.ErrShuttingDown,
		"quiet":          cluster.ErrQuiet,
		"away":           cluster.ErrAway,
		"the room ended": room.ErrClosed,
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t, "ND_a", "ND_b")
			w.give("book", "ND_b")
			b := w.nodes["ND_b"]
			b.rooms.err = err
			b.rooms.meanwhile = func() { w.give("book", "ND_a") }
			w.v0At("ND_a", "ND_a")
		})
	}
}

func TestAHopForAnotherRoomIsAstray(t *testing.T) {
	w := newTown(t, "ND_a", "ND_b")
	w.give("book", "ND_b")
	w.give("other", "ND_b")
	w.nodes["ND_a"].views = append(w.nodes["ND_a"].views, w.seen("other"))
	w.v0At("ND_a", "ND_b")
	if n := w.nodes["ND_a"].server.Stats().Astray; n != 1 {
		t.Errorf("looked again %d times", n)
	}
}

func TestADeadNodesRoomIsReborn(t *testing.T) {
	w := newTown(t, "ND_a", "ND_b", "ND_c")
	w.give("book", "ND_b")
	w.nodes["ND_b"].inside.Close()
	a := w.nodes["ND_a"]
	q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}
	res, body := a.get(http.MethodGet, "/rtc/validate", q)
	if res.StatusCode != http.StatusServiceUnavailable || body != errUnreached.Error() || res.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	// Its lease ends while a client waits.
	looks := a.server.Stats().Astray
	var waits sync.WaitGroup
	waits.Go(func() {
		for end := time.After(patience); a.server.Stats().Astray < looks+3; {
			select {
			case <-end:
				return
			case <-time.After(time.Millisecond):
			}
		}
		w.give("book", "ND_a")
	})
	w.v0At("ND_a", "ND_a")
	waits.Wait()
	if m := a.rooms.last().FormerMetadata; m != "metadata 2" {
		t.Errorf("begun with %q", m)
	}
}

func TestADeadNodesRoomIsNotWaitedForWithoutEnd(t *testing.T) {
	w := newTown(t, "ND_b")
	a := w.build("ND_a", Config{Node: "ND_a", SearchTimeout: 400 * time.Millisecond})
	w.give("book", "ND_b")
	w.nodes["ND_b"].inside.Close()
	_, res, err := a.dial("/rtc", url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}})
	if err == nil || res == nil || res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Fatalf("%v, %v", res, err)
	}
	if body, _ := io.ReadAll(res.Body); string(body) != errUnreached.Error() {
		t.Errorf("%q", body)
	}
	if n := a.server.Stats().Astray; n < 2 {
		t.Errorf("looked again %d times", n)
	}
}

func TestARegistryThatIsAway(t *testing.T) {
	w := newTown(t, "ND_a")
	w.give("book", "ND_a")
	a := w.nodes["ND_a"]
	says := func(err error) func() (cluster.Place, error) {
		return func() (cluster.Place, error) { return cluster.Place{}, fmt.Errorf("locate: %w", err) }
	}
	q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}
	for _, path := range []string{"/rtc", "/rtc/validate"} {
		a.views = append(a.views, says(cluster.ErrAway))
		_, res, err := a.dial(path, q)
		if err == nil || res == nil || res.StatusCode != 503 || res.Header.Get("Retry-After") == "" {
			t.Fatalf("%s: %v, %v", path, res, err)
		}
		if body, _ := io.ReadAll(res.Body); string(body) != errRecovering.Error() {
			t.Errorf("%s: %q", path, body)
		}
	}
	a.views = append(a.views, says(cluster.ErrQuiet))
	if res, body := a.get(http.MethodGet, "/rtc/validate", q); res.StatusCode != 503 || body != errRecovering.Error() {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	a.views = append(a.views, says(cluster.ErrQuiet), says(cluster.ErrQuiet))
	w.v0At("ND_a", "ND_a")
}

func TestARoomThatIsLostWhileSomebodyComesIn(t *testing.T) {
	w := newTown(t, "ND_a", "ND_b")
	w.give("book", "ND_a")
	a := w.nodes["ND_a"]
	a.rooms.meanwhile = func() { w.give("book", "ND_b") }
	w.v0At("ND_a", "ND_b")
	c := &caller{t: t, p: <-a.rooms.joined}
	c.waitFor(fmt.Sprintf("Leave %d", room.ReasonMigration))
}

func TestWhoShutsDownSendsThoseItPassesOnBack(t *testing.T) {
	w := newTown(t, "ND_a", "ND_b")
	w.give("book", "ND_b")
	c := w.v0At("ND_a", "ND_b")
	here := w.v0At("ND_b", "ND_b")
	if c.next().GetRefreshToken() == "" || here.next().GetRefreshToken() == "" {
		t.Fatal("no token came")
	}
	var down sync.WaitGroup
	down.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := w.nodes["ND_a"].server.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	})
	last, code := c.closed()
	if leave := last.GetLeave(); leave.GetAction() != wire.LeaveRequest_RECONNECT || code != websocket.StatusNormalClosure {
		t.Errorf("got %v, code %d", last, code)
	}
	down.Wait()
	c.waitFor(fmt.Sprintf("Leave %d", room.ReasonSignalClose))
	here.send(&wire.SignalRequest{Message: &wire.SignalRequest_Ping{Ping: 1}})
	if here.next().GetPong() == 0 {
		t.Error("who was there directly is gone, too")
	}
	q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}
	if res, body := w.nodes["ND_a"].get(http.MethodGet, "/rtc/validate", q); res.StatusCode != 503 || body != errShuttingDown.Error() {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func TestEitherEndOfAPassedSessionEndsIt(t *testing.T) {
	w := newTown(t, "ND_a", "ND_b")
	w.give("book", "ND_b")
	t.Run("the client is cut off", func(t *testing.T) {
		c := w.v0At("ND_a", "ND_b")
		_ = c.conn.CloseNow()
		c.waitFor(fmt.Sprintf("Leave %d", room.ReasonSignalClose))
		w.nodes["ND_a"].empty()
		w.nodes["ND_b"].empty()
	})
	t.Run("the room moves", func(t *testing.T) {
		c := w.v0At("ND_a", "ND_b")
		if err := c.p.Leave(t.Context(), room.ReasonMigration); err != nil {
			t.Fatal(err)
		}
		last, code := c.closed()
		if last.GetLeave().GetAction() != wire.LeaveRequest_RECONNECT || code != websocket.StatusNormalClosure {
			t.Errorf("got %v, code %d", last, code)
		}
		w.nodes["ND_a"].empty()
		w.nodes["ND_b"].empty()
	})
	t.Run("the room's node ends without a word", func(t *testing.T) {
		c := w.v0At("ND_a", "ND_b")
		w.nodes["ND_b"].server.kill()
		c.closed()
		w.nodes["ND_a"].empty()
	})
}

func TestANodeThatPassesEnoughRefuses(t *testing.T) {
	w := newTown(t, "ND_b")
	w.build("ND_a", Config{Node: "ND_a", MaxSessions: 1})
	w.give("book", "ND_b")
	w.v0At("ND_a", "ND_b")
	q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}
	_, res, err := w.nodes["ND_a"].dial("/rtc", q)
	if err == nil || res == nil || res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("%v, %v", res, err)
	}
}

func TestADirectorNeedsAPasser(t *testing.T) {
	_, err := New(Config{}, Parts{Rooms: newFakeRooms(), Director: alone{}, Keys: token.Keys{}, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err == nil {
		t.Error("it was taken")
	}
}
