package scenario

import (
	"time"

	"salon/loadtest/link"
)

// squeeze is the train, the cellar and the shared flat: links that get worse and better again. The first subscriber of
// each room keeps a good link, for comparison.
func squeeze() Scenario {
	return Scenario{
		Name:  "squeeze",
		About: "a publisher, and subscribers on links whose rate, delay and loss change",
		Size:  Size{Rooms: 1, Publishers: 1, Subscribers: 6},
		seats: func(size Size, measured time.Duration) (seats []Seat) {
			third := measured / 3
			links := [][]link.Step{
				nil,
				{{}, {At: third, Rate: 700_000}, {At: 2 * third}},                     // the rate halves and comes back
				{{}, {At: third, Loss: 0.05}, {At: 2 * third}},                        // one in twenty is lost for a while
				{{Delay: 50 * time.Millisecond, Jitter: 30 * time.Millisecond}},       // far away and unsteady
				{{Rate: 2_000_000, Delay: 20 * time.Millisecond, Loss: 0.01}},         // a usual mobile link
				{{}, {At: third, Loss: 1}, {At: third + time.Second}, {At: measured}}, // a tunnel of one second
			}
			for room := range size.Rooms {
				seats = append(seats, repeat(size.Publishers, Seat{Room: room, Audio: true, Video: true})...)
				for i := range size.Subscribers {
					seats = append(seats, Seat{Room: room, Subscribe: true, Link: links[i%len(links)]})
				}
			}
			return seats
		},
	}
}
