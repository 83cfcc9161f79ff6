package room

import (
	"fmt"
	"testing"
	"time"
)

// In a large room everybody hears once of each thing that happens, and no more: what a session has to tell its client grows
// with the number of things that happen, not with its square.
func TestALargeRoomTellsEachThingOnce(t *testing.T) {
	const crowd = 100
	s := newStage(t, Config{})
	first := s.mustJoin("first", true)
	if _, err := s.offer(first, "0 application\n1 audio recv\n2 video recv"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	heard := map[string]int{}
	var people []*Participant
	listen := func() {
		for _, e := range drain(first) {
			heard[fmt.Sprintf("%T", e)]++
		}
	}
	for i := range crowd {
		p := s.mustJoin(fmt.Sprint("p", i), i%2 == 0)
		s.publish(p)
		people = append(people, p)
		listen()
		for _, p := range people {
			drain(p)
		}
	}
	joined := time.Since(began)
	// A join and two tracks: three changes each. The client never answers the wish for sections, so it is repeated with each
	// further track at most.
	if n := heard["room.ParticipantsChanged"]; n != 3*crowd {
		t.Errorf("%d changes heard, want %d", n, 3*crowd)
	}
	if n := heard["room.SectionsWanted"]; n > 2*crowd {
		t.Errorf("asked for sections %d times", n)
	}
	if n := s.subscriptions(); n != 2*crowd*(crowd-1)+2*crowd {
		t.Fatalf("%d subscriptions", n)
	}
	for _, p := range people {
		s.do(func() { p.leave(ReasonClientInitiated) })
	}
	clear(heard)
	listen()
	if n := heard["room.ParticipantsChanged"]; n != crowd {
		t.Errorf("%d changes heard of %d who left", n, crowd)
	}
	t.Logf("%d participants with two tracks each joined in %v, left in %v", crowd, joined, time.Since(began)-joined)
	s.do(func() { first.leave(ReasonClientInitiated) })
	s.empty()
}

func (s *stage) subscriptions() (n int) {
	for _, p := range s.room.participants {
		n += len(p.subscriptions)
	}
	return n
}
