package scenario

import "time"

// churnStay is how long somebody who drops by stays.
const churnStay = 3 * time.Second

// churn is a busy door: in each room someone speaks while others come, look and go. Subscribers is how many come to
// each room in a second.
func churn() Scenario {
	return Scenario{
		Name:  "churn",
		About: "a speaker in each room, and subscribers who come at a rate and leave after three seconds",
		Size:  Size{Rooms: 4, Publishers: 1, Subscribers: 2},
		seats: func(size Size, measured time.Duration) (seats []Seat) {
			for room := range size.Rooms {
				seats = append(seats, repeat(size.Publishers, Seat{Room: room, Audio: true, Video: true})...)
			}
			rate := size.Rooms * size.Subscribers
			if rate <= 0 {
				return seats
			}
			every := time.Second / time.Duration(rate)
			for i, at := 0, time.Duration(0); at < measured; i, at = i+1, at+every {
				seats = append(seats, Seat{Room: i % size.Rooms, Subscribe: true, Timed: true, Join: at, Stay: churnStay})
			}
			return seats
		},
	}
}
