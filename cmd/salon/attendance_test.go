package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"salon/clubapi"
	"salon/sfu/id"
	"salon/sfu/room"
)

// rooms play the media server: who is in them, and the queue that tells of it.
type playedRooms struct {
	queue chan room.Visit

	mu      sync.Mutex
	here    map[id.Participant]room.Visit
	dropped uint64
}

func newPlayedRooms(places int) *playedRooms {
	return &playedRooms{queue: make(chan room.Visit, places), here: map[id.Participant]room.Visit{}}
}

func (r *playedRooms) Visits() <-chan room.Visit { return r.queue }

func (r *playedRooms) VisitsDropped() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dropped
}

func (r *playedRooms) Visitors(context.Context) (all []room.Visit, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range r.here {
		all = append(all, v)
	}
	return all, nil
}

func (r *playedRooms) tell(v room.Visit) {
	select {
	case r.queue <- v:
	default:
		r.dropped++
	}
}

func (r *playedRooms) come(p, where, who string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := room.Visit{Participant: id.Participant(p), Room: id.Room(where), Identity: id.Identity(who), JoinedAt: time.Now()}
	r.here[v.Participant] = v
	r.tell(v)
}

func (r *playedRooms) leave(p string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.here[id.Participant(p)]
	delete(r.here, v.Participant)
	v.LeftAt = time.Now()
	r.tell(v)
}

// notebook is a store for stays that may refuse to write.
type notebook struct {
	mu     sync.Mutex
	broken error
	writes int
	seen   map[string]time.Time    // by node
	stays  map[string]clubapi.Stay // by participant
	nodes  map[string]string       // by participant
}

func newNotebook() *notebook {
	return &notebook{seen: map[string]time.Time{}, stays: map[string]clubapi.Stay{}, nodes: map[string]string{}}
}

func (n *notebook) RecordStays(_ context.Context, node string, stays []clubapi.Stay, seen time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.writes++
	if n.broken != nil {
		return n.broken
	}
	n.seen[node] = seen
	for _, s := range stays {
		n.stays[s.Participant], n.nodes[s.Participant] = s, node
	}
	return nil
}

func (n *notebook) EndStaysBut(_ context.Context, node string, present []string) (count int, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for p, s := range n.stays {
		if n.nodes[p] == node && s.LeftAt.IsZero() && !slices.Contains(present, p) {
			s.LeftAt = n.seen[node]
			n.stays[p] = s
			count++
		}
	}
	return count, nil
}

func (n *notebook) NodesOfOpenStays(context.Context) (nodes []string, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for p, s := range n.stays {
		if s.LeftAt.IsZero() && !slices.Contains(nodes, n.nodes[p]) {
			nodes = append(nodes, n.nodes[p])
		}
	}
	return nodes, nil
}

func (n *notebook) breakDown(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.broken = err
}

// lasted says how long that stay was, in seconds; -1: still there, -2: never heard of.
func (n *notebook) lasted(p string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	s, ok := n.stays[p]
	switch {
	case !ok:
		return -2
	case s.LeftAt.IsZero():
		return -1
	}
	return int(s.LeftAt.Sub(s.JoinedAt) / time.Second)
}

// attend takes attendance of rooms in a bubble, until the returned function ends it.
func attend(t *testing.T, rooms *playedRooms) (n *notebook, end func()) {
	t.Helper()
	n = newNotebook()
	book, closeBook := keep(t, n, 0)
	leave := attendAt(t, "ND_1", rooms, book)
	return n, func() { leave(); closeBook() }
}

// keep runs a guestbook until the returned function ends it.
func keep(t *testing.T, n *notebook, patience time.Duration) (book *guestbook, end func()) {
	t.Helper()
	book = newGuestbook(n, patience, slog.New(slog.DiscardHandler))
	return book, during(t, book.Run)
}

// attendAt takes attendance at a node.
func attendAt(t *testing.T, node id.Node, rooms *playedRooms, to registrar) (end func()) {
	t.Helper()
	return during(t, newRoll(node, rooms, to, slog.New(slog.DiscardHandler)).Run)
}

// during runs something in a bubble until the returned function ends it.
func during(t *testing.T, run func(context.Context) error) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	synctest.Wait()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestAttendanceIsWrittenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms := newPlayedRooms(8)
		n, end := attend(t, rooms)
		rooms.come("PA_1", "conference-7", "user-3")
		rooms.come("PA_x", "kitchen", "user-3")
		rooms.come("PA_y", "conference-7", "recorder")
		rooms.come("PA_z", "conference--7", "user-03x")
		synctest.Wait()
		if s := n.stays["PA_1"]; s.ConferenceID != 7 || s.User.ID != 3 || len(n.stays) != 1 {
			t.Errorf("stays %+v", n.stays)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if since := time.Since(n.seen["ND_1"]); since > seenInterval {
			t.Errorf("seen %s ago", since)
		}
		rooms.leave("PA_1")
		synctest.Wait()
		if got := n.lasted("PA_1"); got != 600 {
			t.Errorf("stayed %d s", got)
		}
		writes := n.writes
		time.Sleep(time.Hour)
		synctest.Wait()
		if n.writes != writes {
			t.Errorf("%d writes about nobody", n.writes-writes)
		}
		end()
	})
}

// TestAttendanceMendsWhatItMissed has people come and go in front of a queue that is full.
func TestAttendanceMendsWhatItMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms := newPlayedRooms(2)
		n, end := attend(t, rooms)
		for i := range 50 {
			rooms.come(fmt.Sprintf("PA_%d", i), "conference-7", fmt.Sprintf("user-%d", i+1))
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(n.stays) != 50 || rooms.VisitsDropped() == 0 {
			t.Errorf("%d stays, %d dropped", len(n.stays), rooms.VisitsDropped())
		}
		time.Sleep(58 * time.Second)
		synctest.Wait()
		for i := range 50 {
			rooms.leave(fmt.Sprintf("PA_%d", i))
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		for p := range maps.Keys(n.stays) {
			if got := n.lasted(p); got < 60 || got > 62 {
				t.Errorf("%s stayed %d s", p, got)
			}
		}
		end()
	})
}

func TestAttendanceOutlastsABrokenStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms := newPlayedRooms(8)
		n, end := attend(t, rooms)
		n.breakDown(errors.New("disk full"))
		rooms.come("PA_1", "conference-7", "user-3")
		rooms.come("PA_2", "conference-7", "user-4")
		time.Sleep(30 * time.Second)
		synctest.Wait()
		rooms.leave("PA_1")
		time.Sleep(30 * time.Second)
		synctest.Wait()
		n.breakDown(nil)
		time.Sleep(seenInterval)
		synctest.Wait()
		if one, two := n.lasted("PA_1"), n.lasted("PA_2"); one != 30 || two != -1 {
			t.Errorf("stayed %d and %d s", one, two)
		}
		end()
		if two := n.lasted("PA_2"); two != 61 {
			t.Errorf("the end of the process ended a stay of %d s", two)
		}
	})
}
