package scenario

import (
	"errors"
	"testing"
	"time"
)

func TestScenariosHaveTheSizeThatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		name                                  string
		size                                  Size
		seats, publishers, subscribers, rooms int
	}{
		{"fanout", Size{}, 51, 1, 50, 1},
		{"fanout", Size{Publishers: 5, Subscribers: 20, Rooms: 2}, 50, 10, 40, 2},
		{"club", Size{}, 18, 18, 18, 3},
		{"hall", Size{}, 103, 3, 103, 1},
		{"churn", Size{}, 4 + 8*10, 4, 80, 4},
		{"signal", Size{Rooms: 7, Participants: 3}, 21, 0, 0, 7},
		{"squeeze", Size{}, 7, 1, 6, 1},
	} {
		s, err := Find(c.name)
		if err != nil {
			t.Fatal(err)
		}
		seats := s.Plan(c.size, 10*time.Second)
		rooms := map[int]bool{}
		var publishers, subscribers int
		for _, seat := range seats {
			rooms[seat.Room] = true
			if seat.publishes() {
				publishers++
			}
			if seat.Subscribe {
				subscribers++
			}
		}
		if len(seats) != c.seats || publishers != c.publishers || subscribers != c.subscribers || len(rooms) != c.rooms {
			t.Errorf("%s %+v: %d seats, %d publishers, %d subscribers, %d rooms", c.name, c.size, len(seats), publishers, subscribers, len(rooms))
		}
		if s.About == "" {
			t.Errorf("%s says nothing of itself", c.name)
		}
	}
	if _, err := Find("dance"); !errors.Is(err, ErrScenario) {
		t.Errorf("error %v", err)
	}
}

func TestPublishersSitDownFirstAndVisitorsLast(t *testing.T) {
	c := Custom{Name: "mine", Groups: []Group{
		{Seats: 2, Subscribe: true, Join: 2 * time.Second, Every: time.Second, Stay: time.Second},
		{Rooms: 2, Seats: 2, Subscribe: true},
		{Rooms: 2, Audio: true},
	}}
	s, err := c.Scenario()
	if err != nil {
		t.Fatal(err)
	}
	seats := s.Plan(Size{}, 10*time.Second)
	if len(seats) != 8 {
		t.Fatalf("%d seats", len(seats))
	}
	for i, seat := range seats {
		if seat.Audio != (i < 2) || seat.Timed != (i >= 6) {
			t.Errorf("seat %d: %+v", i, seat)
		}
	}
	if seats[6].Join != 2*time.Second || seats[7].Join != 3*time.Second {
		t.Errorf("visitors come at %v and %v", seats[6].Join, seats[7].Join)
	}
}

func TestUselessCustomScenariosAreRefused(t *testing.T) {
	for _, c := range []Custom{{}, {Name: "x"}, {Name: "x", Groups: []Group{{Seats: -1}}}, {Name: "x", Groups: []Group{{Stay: -1}}}} {
		if _, err := c.Scenario(); !errors.Is(err, ErrScenario) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestALimitIsSoughtWithMoreOfWhatThereIsMostOf(t *testing.T) {
	if s := (Size{Rooms: 1, Publishers: 1, Subscribers: 50}).Times(1.5); s != (Size{Rooms: 1, Publishers: 1, Subscribers: 75}) {
		t.Errorf("%+v", s)
	}
	if s := (Size{Rooms: 3, Participants: 6}).Times(2.25); s != (Size{Rooms: 7, Participants: 6}) {
		t.Errorf("%+v", s)
	}
}
