package forward

import (
	"time"

	"salon/sfu/packet"
)

// fanout gives the packets of one encoding to every leg of its track: leg by leg, so that the packets to one peer lie
// side by side in the batch and leave as one message.
func fanout(now time.Time, r *Receiver, pkts []packet.Packet, out Out) {
	if r == nil || len(pkts) == 0 {
		return
	}
	for _, d := range r.track.legs {
		if d.paused {
			continue
		}
		for i := range pkts {
			d.forward(now, r, &pkts[i], out)
		}
	}
}
