package cluster

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"salon/sfu/id"
)

// fakeRooms are the rooms of a node.
type fakeRooms struct {
	list   func() []Held
	closed func(id.Room)
}

func (f fakeRooms) List(context.Context) []Held { return f.list() }

func (f fakeRooms) Close(_ context.Context, room id.Room) error {
	f.closed(room)
	return nil
}

// runMember runs a Member until the test ends.
func runMember(t *testing.T, m *Member) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
}

func TestMemberAloneLetsInAndForgetsRoomsThatAreGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rooms atomic.Pointer[[]Held]
		rooms.Store(&[]Held{})
		reg := NewMemory()
		m, err := NewMember(MemberConfig{}, Node{ID: "ND_a", Roles: []Role{Media, API}}, reg, nil,
			fakeRooms{list: func() []Held { return *rooms.Load() }}, func() Load { return Load{} }, slog.New(slog.DiscardHandler), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		runMember(t, m)
		time.Sleep(time.Millisecond)
		if got := m.Standing(); got != Steady {
			t.Fatalf("standing %v, want steady at once", got)
		}
		place, err := m.Locate(t.Context(), "r")
		if err != nil || !place.Here || place.Node.ID != "ND_a" {
			t.Fatalf("locate: %+v, %v", place, err)
		}
		adm, err := m.Enter(t.Context(), "r", 0)
		if err != nil || adm.Lease.Epoch != place.Lease.Epoch {
			t.Fatalf("enter: %+v, %v", adm, err)
		}
		rooms.Store(&[]Held{{Room: "r", Metadata: "m", Participants: 1}})
		adm.Done()
		time.Sleep(time.Minute)
		if l, err := reg.Owner(t.Context(), "r", time.Now()); err != nil || l.Metadata != "m" {
			t.Fatalf("owner of a room that exists: %+v, %v", l, err)
		}
		rooms.Store(&[]Held{})
		time.Sleep(5 * time.Second)
		if l, err := reg.Owner(t.Context(), "r", time.Now()); !errors.Is(err, ErrUnowned) {
			t.Fatalf("owner of a room that is gone: %+v, %v", l, err)
		}
	})
}
