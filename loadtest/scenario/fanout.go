package scenario

import "time"

// fanout is a lecture: few send audio and video, many take it.
func fanout() Scenario {
	return Scenario{
		Name:  "fanout",
		About: "publishers of audio and video, and subscribers who only watch",
		Size:  Size{Rooms: 1, Publishers: 1, Subscribers: 50},
		seats: func(size Size, _ time.Duration) (seats []Seat) {
			for room := range size.Rooms {
				seats = append(seats, repeat(size.Publishers, Seat{Room: room, Audio: true, Video: true})...)
				seats = append(seats, repeat(size.Subscribers, Seat{Room: room, Subscribe: true})...)
			}
			return seats
		},
	}
}
