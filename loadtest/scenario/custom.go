package scenario

import (
	"fmt"
	"time"

	"salon/loadtest/link"
)

// Custom is a scenario written by its user, as YAML: groups of seats that differ in nothing.
type Custom struct {
	Name   string  `yaml:"name"`
	About  string  `yaml:"about"`
	Groups []Group `yaml:"groups"`
}

// A Group is so many equal seats in each of so many rooms. Groups share their rooms.
type Group struct {
	Rooms     int           `yaml:"rooms"` // 1 when absent
	Seats     int           `yaml:"seats"` // of each room; 1 when absent
	Audio     bool          `yaml:"audio"`
	Video     bool          `yaml:"video"`
	Screen    bool          `yaml:"screen"`
	Subscribe bool          `yaml:"subscribe"`
	Bare      bool          `yaml:"bare"`
	Join      time.Duration `yaml:"join"`  // after the measurement began; absent: before
	Every     time.Duration `yaml:"every"` // between one seat's join and the next's
	Stay      time.Duration `yaml:"stay"`  // absent: until the end
	Link      []link.Step   `yaml:"link"`
}

// Scenario returns c as one, or an error that wraps ErrScenario.
func (c Custom) Scenario() (Scenario, error) {
	if c.Name == "" || len(c.Groups) == 0 {
		return Scenario{}, fmt.Errorf("%w: it needs a name and at least one group", ErrScenario)
	}
	for i, g := range c.Groups {
		if g.Rooms < 0 || g.Seats < 0 || g.Join < 0 || g.Every < 0 || g.Stay < 0 {
			return Scenario{}, fmt.Errorf("%w: group %d has a negative number", ErrScenario, i+1)
		}
	}
	return Scenario{Name: c.Name, About: c.About, seats: func(Size, time.Duration) []Seat { return c.seats() }}, nil
}

func (c Custom) seats() (seats []Seat) {
	for _, g := range c.Groups {
		timed := g.Join > 0 || g.Every > 0 || g.Stay > 0
		n := 0
		for range max(g.Seats, 1) {
			for room := range max(g.Rooms, 1) {
				seats = append(seats, Seat{
					Room: room, Audio: g.Audio, Video: g.Video, Screen: g.Screen, Subscribe: g.Subscribe, Bare: g.Bare,
					Timed: timed, Join: g.Join + time.Duration(n)*g.Every, Stay: g.Stay, Link: g.Link,
				})
				n++
			}
		}
	}
	return seats
}
