package forward

import "time"

// A fan is the packets of one burst and one encoding on their way to legs of its track: leg by leg, so that the packets to one peer lie
// side by side in the batch and leave as one message.
type fan struct {
	now  time.Time
	from *Receiver
	pkts []arrival
	legs []*DownTrack
	sent amount
}

// An amount is what was handed to Paths.
type amount struct{ packets, bytes uint64 }

func (a *amount) add(size int) {
	a.packets++
	a.bytes += uint64(size)
}

// carry gives the packets to the legs.
func (f *fan) carry(out Out) {
	for _, d := range f.legs {
		if d.paused {
			continue
		}
		for i := range f.pkts {
			if size := d.forward(f.now, f.from, &f.pkts[i], out); size > 0 {
				f.sent.add(size)
			}
		}
	}
}

// fanout gives the packets of one encoding to every leg of its track, with the crew's help where there are many.
func (s *Shard) fanout(now time.Time, r *Receiver, pkts []arrival, out Out) {
	if r == nil || len(pkts) == 0 {
		return
	}
	if r.track.video && !s.cfg.KeepSizes {
		equalize(pkts)
	}
	f := fan{now: now, from: r, pkts: pkts, legs: r.track.legs}
	others := s.delegate(&f)
	f.carry(out)
	s.stats.sent(f.sent)
	for i := range others {
		others[i].wait()
		s.stats.sent(others[i].fan.sent)
	}
}
