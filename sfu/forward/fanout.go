package forward

import "time"

// fanout gives the packets of one encoding to every leg of its track: leg by leg, so that the packets to one peer lie
// side by side in the batch and leave as one message.
func fanout(now time.Time, r *Receiver, pkts []arrival, out Out) {
	if r == nil || len(pkts) == 0 {
		return
	}
	if r.track.video && !r.track.peer.shard.cfg.KeepSizes {
		equalize(pkts)
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
