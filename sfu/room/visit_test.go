package room

import (
	"testing"
	"time"

	"salon/sfu/id"
)

// told returns what waits in the queue of the room.
func (s *stage) told() (all []Visit) {
	for {
		select {
		case v := <-s.room.visits.Queue():
			all = append(all, v)
		default:
			return all
		}
	}
}

func TestVisitsAreToldInOrder(t *testing.T) {
	s := newStage(t, Config{})
	first, err := s.join(Join{Identity: "user-1"})
	if err != nil {
		t.Fatal(err)
	}
	s.room.now = s.room.now.Add(time.Minute)
	second, err := s.join(Join{Identity: "user-1"}) // the same person by another device
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.join(Join{Identity: "watcher", Grants: Grants{Hidden: true}}); err != nil {
		t.Fatal(err)
	}
	s.room.now = s.room.now.Add(time.Hour)
	s.do(func() { second.leave(ReasonClientInitiated); second.leave(ReasonClientInitiated) })

	want := []struct {
		who    id.Participant
		stayed time.Duration // negative: came
	}{{first.sid, -1}, {first.sid, time.Minute}, {second.sid, -1}, {second.sid, time.Hour}}
	got := s.told()
	if len(got) != len(want) {
		t.Fatalf("told %+v", got)
	}
	for i, w := range want {
		v := got[i]
		if v.Participant != w.who || v.Identity != "user-1" || v.Room != "club" || v.LeftAt.IsZero() != (w.stayed < 0) {
			t.Errorf("%d. told %+v", i+1, v)
		}
		if w.stayed > 0 && v.LeftAt.Sub(v.JoinedAt) != w.stayed {
			t.Errorf("%d. stayed %s, want %s", i+1, v.LeftAt.Sub(v.JoinedAt), w.stayed)
		}
	}
}

func TestRoomNeverWaitsForTheReaderOfVisits(t *testing.T) {
	s := newStage(t, Config{})
	s.room.visits = NewVisits(1)
	for _, who := range []id.Identity{"a", "b", "c"} {
		if _, err := s.join(Join{Identity: who}); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.room.visits.Dropped(); n != 2 {
		t.Errorf("%d dropped", n)
	}
	if got := s.told(); len(got) != 1 || got[0].Identity != "a" {
		t.Errorf("told %+v", got)
	}
}
