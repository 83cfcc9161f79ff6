package scenario

import "time"

// signal is for clusters: many rooms, many WebSockets, no media.
func signal() Scenario {
	return Scenario{
		Name:  "signal",
		About: "participants with a signalling connection and no media",
		Size:  Size{Rooms: 20, Participants: 10},
		seats: func(size Size, _ time.Duration) (seats []Seat) {
			for room := range size.Rooms {
				seats = append(seats, repeat(size.Participants, Seat{Room: room, Bare: true})...)
			}
			return seats
		},
	}
}
