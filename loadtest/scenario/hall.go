package scenario

import "time"

// hall is a panel on the radio: some talk, many listen, nobody is seen.
func hall() Scenario {
	return Scenario{
		Name:  "hall",
		About: "audio alone: talkers who hear each other, and listeners",
		Size:  Size{Rooms: 1, Publishers: 3, Subscribers: 100},
		seats: func(size Size, _ time.Duration) (seats []Seat) {
			for room := range size.Rooms {
				seats = append(seats, repeat(size.Publishers, Seat{Room: room, Audio: true, Subscribe: true})...)
				seats = append(seats, repeat(size.Subscribers, Seat{Room: room, Subscribe: true})...)
			}
			return seats
		},
	}
}
