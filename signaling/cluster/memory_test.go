package cluster_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"salon/sfu/id"
	"salon/signaling/cluster"
)

func noon() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) }

func memory(t *testing.T, nodes ...id.Node) *cluster.Memory {
	t.Helper()
	m := cluster.NewMemory()
	for _, n := range nodes {
		if err := m.Announce(context.Background(), cluster.Node{ID: n, Address: string(n) + ":7880"}, noon()); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func acquire(t *testing.T, m *cluster.Memory, room id.Room, node id.Node) cluster.Lease {
	t.Helper()
	l, err := m.Acquire(context.Background(), room, node, noon())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestARoomHasOneHolder(t *testing.T) {
	m := memory(t, "ND_a", "ND_b")
	l := acquire(t, m, "book", "ND_a")
	if l.Room != "book" || l.Node != "ND_a" || l.Epoch == 0 {
		t.Errorf("lease is %+v", l)
	}
	if again := acquire(t, m, "book", "ND_a"); again != l {
		t.Errorf("the holder got another lease: %+v", again)
	}
	if _, err := m.Acquire(context.Background(), "book", "ND_b", noon()); !errors.Is(err, cluster.ErrHeld) {
		t.Errorf("another node got: %v", err)
	}
	owner, held, err := m.Owner(context.Background(), "book", noon())
	if err != nil || owner.ID != "ND_a" || owner.Address != "ND_a:7880" || held != l {
		t.Errorf("owner is %+v by %+v, %v", owner, held, err)
	}
}

func TestAnEpochGrowsWithEachHolder(t *testing.T) {
	m := memory(t, "ND_a", "ND_b")
	old := acquire(t, m, "book", "ND_a")
	if err := m.Release(context.Background(), old); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Owner(context.Background(), "book", noon()); !errors.Is(err, cluster.ErrUnowned) {
		t.Errorf("a released room is held: %v", err)
	}
	young := acquire(t, m, "book", "ND_b")
	if young.Epoch <= old.Epoch {
		t.Errorf("epoch %d after %d", young.Epoch, old.Epoch)
	}
	if err := m.Release(context.Background(), old); !errors.Is(err, cluster.ErrStale) {
		t.Errorf("an old lease was released: %v", err)
	}
	if held := acquire(t, m, "book", "ND_b"); held != young {
		t.Errorf("the release of an old lease took the young one: %+v", held)
	}
}

func TestAStrangerGetsNoRoom(t *testing.T) {
	m := memory(t)
	if _, err := m.Acquire(context.Background(), "book", "ND_x", noon()); !errors.Is(err, cluster.ErrUnknownNode) {
		t.Errorf("got %v", err)
	}
}

func TestOfManyWhoAskOneGets(t *testing.T) {
	nodes := []id.Node{"ND_a", "ND_b", "ND_c", "ND_d"}
	m := memory(t, nodes...)
	won := make(chan cluster.Lease, len(nodes))
	var group sync.WaitGroup
	for _, n := range nodes {
		group.Go(func() {
			if l, err := m.Acquire(context.Background(), "book", n, noon()); err == nil {
				won <- l
			}
		})
	}
	group.Wait()
	close(won)
	if len(won) != 1 {
		t.Errorf("%d nodes hold the room", len(won))
	}
}
