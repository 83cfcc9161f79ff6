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

// carry gives the packets to the legs. While it works on one, the processor fetches what belongs to those behind it.
func (f *fan) carry(out Out) {
	for i := -warmSteps; i < len(f.legs); i++ {
		f.warm(i + warmSteps)
		if i < 0 || f.legs[i].paused {
			continue
		}
		d := f.legs[i]
		for i := range f.pkts {
			if size := d.forward(f.now, f.from, &f.pkts[i], out); size > 0 {
				f.sent.add(size)
			}
		}
	}
}

// warm takes the first step for leg last, the second for the one before it, and so on.
func (f *fan) warm(last int) {
	for step := range warmSteps {
		if i := last - step; i >= 0 && i < len(f.legs) {
			f.legs[i].warm(step)
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
