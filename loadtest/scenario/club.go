package scenario

import "time"

// club is what most rooms are: a handful of people, everyone with camera and microphone.
func club() Scenario {
	return Scenario{
		Name:  "club",
		About: "rooms in which everyone publishes audio and video and takes the others'",
		Size:  Size{Rooms: 3, Participants: 6},
		seats: func(size Size, _ time.Duration) (seats []Seat) {
			for room := range size.Rooms {
				seats = append(seats, repeat(size.Participants, Seat{Room: room, Audio: true, Video: true, Subscribe: true})...)
			}
			return seats
		},
	}
}
