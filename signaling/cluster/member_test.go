package cluster

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"salon/sfu/id"
)

// inTown runs f in a town of so many nodes that know each other and take rooms, with faults that begin after 10 s.
func inTown(t *testing.T, nodes int, faults []fault, f func(t *testing.T, w *town)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(scenario{Nodes: nodes, Rooms: 1, Faults: faults, Rates: make([]int, nodes+1)})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range nodes {
			w.start(ctx, &wg, i)
		}
		for _, f := range faults {
			wg.Go(func() { w.strike(ctx, &wg, f) })
		}
		time.Sleep(8 * time.Second)
		f(t, w)
		cancel()
		wg.Wait()
		if t.Failed() || len(w.bad) > 0 {
			t.Errorf("%q\n%q", w.bad, w.trace)
		}
	})
}

// atRedis does f there.
func (w *town) atRedis(f func(b *book, hour time.Time)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w.redis, w.hour())
}

// count is how many rooms a node has.
func (n *modelNode) count() int {
	n.town.mu.Lock()
	defer n.town.mu.Unlock()
	return len(n.rooms)
}

// holder has a room begin and returns who has it.
func (w *town) holder(t *testing.T, slot int, room id.Room) *modelNode {
	t.Helper()
	if w.join(t.Context(), slot, room) == 0 {
		t.Fatalf("%s doesn't begin at node %d", room, slot)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.slots {
		if n == nil || n.dead {
			continue
		}
		if _, ok := n.rooms[room]; ok {
			return n
		}
	}
	t.Fatalf("nobody has %s", room)
	return nil
}

func TestRoomOfADeadNodeComesBackWhenItsLeaseEnds(t *testing.T) {
	var faults []fault
	for slot := range 3 {
		faults = append(faults, fault{Kind: killedNode, A: slot, At: time.Duration(10+20*slot) * time.Second, For: 10 * time.Second})
	}
	inTown(t, 3, faults, func(t *testing.T, w *town) {
		for slot := range 3 {
			first := w.holder(t, slot, "r")
			time.Sleep(w.Faults[first.slot].At + time.Millisecond - time.Since(w.begun))
			since := time.Now()
			second := w.holder(t, (first.slot+1)%3, "r")
			if took := time.Since(since); took > defaultLease+defaultPatience+glance || second == first {
				t.Errorf("back after %v, at %s", took, second.name)
			}
			return
		}
	})
}

func TestNodesAreAskedForARoomWhileTheRegistryIsAway(t *testing.T) {
	inTown(t, 3, []fault{{Kind: redisDown, At: 10 * time.Second, For: 2 * time.Minute}}, func(t *testing.T, w *town) {
		first := w.holder(t, 0, "r")
		time.Sleep(time.Minute)
		for slot := range 3 {
			if got := w.holder(t, slot, "r"); got != first {
				t.Errorf("node %d leads to %s, want %s", slot, got.name, first.name)
			}
			if _, err := w.slots[slot].Locate(t.Context(), "another"); !errors.Is(err, ErrAway) {
				t.Errorf("a new room: %v, want that the registry is away", err)
			}
			if got := w.slots[slot].Standing(); got != Degraded {
				t.Errorf("standing %v, want degraded", got)
			}
		}
		time.Sleep(time.Minute + 10*time.Second)
		if got := w.holder(t, 1, "another"); got.Standing() != Steady {
			t.Errorf("standing %v when the registry is back, want steady", got.Standing())
		}
	})
}

func TestDrainMovesEveryRoomAtItsPace(t *testing.T) {
	const rooms = 30
	inTown(t, 3, nil, func(t *testing.T, w *town) {
		for i := range rooms {
			w.holder(t, i%3, roomName(i))
		}
		n := w.slots[0]
		mine := n.count()
		if mine < rooms/3*85/100 || mine > rooms/3*115/100 {
			t.Errorf("%d of %d rooms are on one of three nodes", mine, rooms)
		}
		since := time.Now()
		if err := n.Drain(t.Context(), 30*time.Second); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(since); took < time.Duration(mine-1)*drainGap || took > 10*time.Second {
			t.Errorf("%d rooms were drained in %v", mine, took)
		}
		if n.Standing() != Draining || n.count() > 0 {
			t.Errorf("standing %v with %d rooms, want draining with none", n.Standing(), n.count())
		}
		for i := range rooms {
			if got := w.holder(t, 0, roomName(i)); got == n {
				t.Errorf("room %d is at the node that was drained", i)
			}
		}
		if _, err := n.Enter(t.Context(), "another", 0); !errors.Is(err, ErrDraining) {
			t.Errorf("a new room enters a node that was drained: %v", err)
		}
	})
}

func TestDrainOfTheLastNodeGivesItsRoomsBack(t *testing.T) {
	inTown(t, 1, nil, func(t *testing.T, w *town) {
		n := w.holder(t, 0, "r")
		if err := n.Drain(t.Context(), 5*time.Second); err != nil {
			t.Fatal(err)
		}
		w.atRedis(func(b *book, hour time.Time) {
			if l, err := b.owner(hour, "r"); !errors.Is(err, ErrUnowned) {
				t.Errorf("owner of a room that was left: %+v, %v", l, err)
			}
		})
	})
}

func TestDrainEndsInTimeThoughTheRegistryIsAway(t *testing.T) {
	inTown(t, 2, []fault{{Kind: redisDown, At: 10 * time.Second, For: time.Minute}}, func(t *testing.T, w *town) {
		n := w.holder(t, 0, "r")
		time.Sleep(10 * time.Second)
		since := time.Now()
		if err := n.Drain(t.Context(), 10*time.Second); err != nil {
			t.Error(err)
		}
		if took := time.Since(since); took < 8*time.Second || took > 10*time.Second || n.count() > 0 {
			t.Errorf("%d rooms are left after %v", n.count(), took)
		}
	})
}

// funcPeers is a fake.
type funcPeers func(n Node, room id.Room) (Answer, error)

func (f funcPeers) Ask(_ context.Context, n Node, room id.Room) (Answer, error) { return f(n, room) }

func TestLastHolderIsAskedBeforeItsRoomIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var keeps atomic.Bool
		keeps.Store(true)
		w := newTown(scenario{Nodes: 1, Rates: make([]int, 2)})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		n := w.build(0)
		n.peers = funcPeers(func(Node, id.Room) (Answer, error) { return Answer{Holds: keeps.Load(), Epoch: 7}, nil })
		n.self.Region = "here"
		w.begin(ctx, &wg, n)
		gone := Node{ID: "ND_gone", Roles: []Role{Media}, Region: "there"}
		w.atRedis(func(b *book, hour time.Time) { _ = b.announce(hour, gone) })
		time.Sleep(defaultLease + time.Second)
		w.atRedis(func(b *book, hour time.Time) { _ = b.announce(hour, gone) })
		time.Sleep(time.Second)
		var l Lease
		w.atRedis(func(b *book, hour time.Time) { l, _ = b.acquire(hour, "r", gone.ID) })
		time.Sleep(defaultLease + time.Second)
		if p, err := n.Locate(t.Context(), "r"); err != nil || p.Here || p.Lease.Node != gone.ID || p.Lease.Epoch != 7 {
			t.Errorf("a room that is kept: %+v, %v", p, err)
		}
		keeps.Store(false)
		if p, err := n.Locate(t.Context(), "r"); err != nil || !p.Here || p.Lease.Epoch <= l.Epoch {
			t.Errorf("a room that isn't kept: %+v, %v", p, err)
		}
		cancel()
		wg.Wait()
	})
}
