// Package scenario decides who takes part in a run: how many rooms, who publishes and who watches, who comes when and
// for how long, on what link. It decides nothing of how they connect or what their media is like. Each built-in
// scenario is a file of its own; others come from YAML (custom.go).
package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"salon/loadtest/link"
	"salon/loadtest/media"
)

// Size is how large a scenario is. What a number means, and which it uses, is the scenario's business.
type Size struct {
	Rooms        int `json:"rooms,omitempty" yaml:"rooms"`
	Participants int `json:"participants,omitempty" yaml:"participants"` // of each room
	Publishers   int `json:"publishers,omitempty" yaml:"publishers"`     // of each room
	Subscribers  int `json:"subscribers,omitempty" yaml:"subscribers"`   // of each room
}

// Over returns s with those numbers of o that are set.
func (s Size) Over(o Size) Size {
	return Size{
		Rooms:        cmp.Or(o.Rooms, s.Rooms),
		Participants: cmp.Or(o.Participants, s.Participants),
		Publishers:   cmp.Or(o.Publishers, s.Publishers),
		Subscribers:  cmp.Or(o.Subscribers, s.Subscribers),
	}
}

// A Seat is one participant of a plan.
type Seat struct {
	Room      int  // which room, from 0
	Audio     bool // publishes a microphone
	Video     bool // a camera
	Screen    bool // a shared screen
	Subscribe bool
	Bare      bool // signalling alone, no media connection
	// Timed seats come at Join and leave Stay later (0: they stay), counted from the start of the measurement. The
	// others come within the ramp, before it.
	Timed      bool
	Join, Stay time.Duration
	// Link is what lies between the server and this subscriber; empty: nothing.
	Link []link.Step
}

// publishes tells whether anything is sent from the seat.
func (s Seat) publishes() bool { return s.Audio || s.Video || s.Screen }

// Kinds are the tracks that are published from the seat.
func (s Seat) Kinds() (list []media.Kind) {
	for kind, is := range []bool{media.Microphone: s.Audio, media.Camera: s.Video, media.Screen: s.Screen} {
		if is {
			list = append(list, media.Kind(kind)) //nolint:gosec // three
		}
	}
	return list
}

// Tracks changes what seats publish, whatever the scenario.
type Tracks struct {
	NoAudio bool `json:"no_audio,omitempty"` // nobody has a microphone
	NoVideo bool `json:"no_video,omitempty"` // nobody has a camera
	Screen  bool `json:"screen,omitempty"`   // the first in each room who has a camera shares a screen as well
}

// Of returns seats as they are with the change.
func (t Tracks) Of(seats []Seat) []Seat {
	shared := map[int]bool{}
	seats = slices.Clone(seats)
	for i := range seats {
		s := &seats[i]
		if t.Screen && s.Video && !shared[s.Room] {
			shared[s.Room], s.Screen = true, true
		}
		s.Audio, s.Video = s.Audio && !t.NoAudio, s.Video && !t.NoVideo
	}
	return seats
}

// A Scenario turns a size into seats.
type Scenario struct {
	Name  string
	About string // one sentence
	Size  Size   // what it is without being asked otherwise
	seats func(size Size, measured time.Duration) []Seat
}

// Plan returns the seats in the order in which they are taken: publishers first, so that subscribers find them.
func (s Scenario) Plan(size Size, measured time.Duration) []Seat {
	seats := s.seats(s.Size.Over(size), measured)
	slices.SortStableFunc(seats, func(a, b Seat) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.Join, b.Join))
	})
	return seats
}

func rank(s Seat) int {
	switch {
	case s.Timed:
		return 2
	case s.publishes() && !s.Subscribe:
		return 0
	default:
		return 1
	}
}

// All are those that are built in.
func All() []Scenario {
	return []Scenario{fanout(), club(), hall(), churn(), signal(), squeeze()}
}

// Find returns the built-in scenario of that name; the error wraps ErrScenario and names what there is.
func Find(name string) (Scenario, error) {
	var names []string
	for _, s := range All() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Scenario{}, fmt.Errorf("%w: %q; there are %s", ErrScenario, name, strings.Join(names, ", "))
}

// repeat returns n copies of s.
func repeat(n int, s Seat) []Seat {
	list := make([]Seat, max(n, 0))
	for i := range list {
		list[i] = s
	}
	return list
}

// Times scales what a scenario has most of: subscribers, or rooms.
func (s Size) Times(k float64) Size {
	if s.Subscribers > 0 {
		s.Subscribers = int(float64(s.Subscribers)*k + 0.5)
		return s
	}
	s.Rooms = int(float64(s.Rooms)*k + 0.5)
	return s
}
