package measure

import (
	"testing"
	"time"

	"salon/loadtest/media"
)

// began is when measurements of these tests begin, in Unix ns.
const began = 1_000_000

// A feed builds Stamps in the order in which they are sent: three packets to a frame.
func fed(number uint32, measured bool) media.Stamp {
	s := media.Stamp{Number: number, Frame: number / 3, Index: uint8(number % 3), Of: 3, Sent: began - 1}
	if measured {
		s.Sent = began + int64(s.Frame)
	}
	return s
}

func TestReceptions(t *testing.T) {
	type packet struct {
		number   uint32
		repaired bool
	}
	row := func(from, to uint32) (list []packet) {
		for n := from; n < to; n++ {
			list = append(list, packet{number: n})
		}
		return list
	}
	for name, c := range map[string]struct {
		early    []uint32 // numbers from before the measurement
		packets  []packet
		sent     uint32
		want     Tally
		loss     float64
		complete float64
	}{
		"everything": {
			packets: row(0, 30), sent: 30,
			want: Tally{Packets: 30, Expected: 30, Frames: 10, Whole: 10, Tracks: 1}, complete: 1,
		},
		"joined in the middle of a frame": {
			packets: row(4, 30), sent: 30,
			want: Tally{Packets: 26, Expected: 26, Frames: 8, Whole: 8, Tracks: 1}, complete: 1,
		},
		"was there before": {
			early: []uint32{0, 1, 2, 3, 4, 5}, packets: row(6, 30), sent: 30,
			want: Tally{Packets: 24, Expected: 24, Frames: 8, Whole: 8, Tracks: 1}, complete: 1,
		},
		"the first packets are lost": {
			early: []uint32{0, 1, 2}, packets: row(6, 30), sent: 30,
			want: Tally{Packets: 24, Expected: 27, Frames: 8, Whole: 8, Tracks: 1}, loss: 3.0 / 27, complete: 1,
		},
		"one is lost": {
			packets: append(row(0, 10), row(11, 30)...), sent: 30,
			want: Tally{Packets: 29, Expected: 30, Frames: 10, Whole: 9, Tracks: 1}, loss: 1.0 / 30, complete: 0.9,
		},
		"one is repaired": {
			packets: append(append(row(0, 10), row(11, 30)...), packet{10, true}), sent: 30,
			want: Tally{Packets: 30, Expected: 30, Frames: 10, Whole: 10, Repaired: 1, Tracks: 1}, complete: 1,
		},
		"one comes late and one twice": {
			packets: append(append(row(0, 10), packet{number: 11}, packet{number: 10}, packet{number: 10}), row(12, 30)...), sent: 30,
			want: Tally{Packets: 30, Expected: 30, Frames: 10, Whole: 10, Duplicates: 1, Reordered: 1, Tracks: 1}, complete: 1,
		},
		"the end is lost": {
			packets: row(0, 21), sent: 30,
			want: Tally{Packets: 21, Expected: 30, Frames: 10, Whole: 7, Tracks: 1}, loss: 0.3, complete: 0.7,
		},
		"left before the end": {
			packets: row(0, 21), sent: 0,
			want: Tally{Packets: 21, Expected: 21, Frames: 7, Whole: 7, Tracks: 1}, complete: 1,
		},
		"broke off before the measurement": {
			early: []uint32{0, 1, 2}, sent: 30,
			want: Tally{Expected: 27}, loss: 1, complete: 1,
		},
		"a gap longer than memory": {
			packets: append(row(0, 3), row(9000, 9003)...), sent: 9003,
			want: Tally{Packets: 6, Expected: 9003, Frames: 3001, Whole: 2, Tracks: 1}, loss: 8997.0 / 9003, complete: 2.0 / 3001,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := reception{video: true}
			for _, n := range c.early {
				r.take(fed(n, false), began, 0, false)
			}
			for _, p := range c.packets {
				r.take(fed(p.number, true), began, 0, p.repaired)
			}
			got := r.tally(c.sent, c.sent/3)
			if got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
			if got.Loss() != c.loss || got.Wholeness() != c.complete {
				t.Errorf("loss %g, whole %g", got.Loss(), got.Wholeness())
			}
		})
	}
}

func TestAnIntakeCountsWhatIsMeasured(t *testing.T) {
	w := &Window{}
	zero := time.Unix(100, 0)
	w.Open(zero)
	in := NewIntake(w)
	camera := media.NewTrack(0, media.Camera, media.Shape{}.WithDefaults(), 1).Layers[0]
	now := zero.Add(-time.Second)
	for range 60 {
		for _, p := range camera.Next(now).Payloads {
			in.Take(now.Add(2*time.Millisecond), media.VP8, p, false)
		}
		now = now.Add(camera.Wait())
	}
	in.Take(now, media.VP8, []byte("not ours, but long enough to look at, really"), false)
	all := in.Settle(func(uint32) (uint32, uint32) { return camera.Sent() }, true)
	if all.Frames != 30 && all.Frames != 29 || all.Wholeness() != 1 || all.Loss() != 0 {
		t.Errorf("%+v", all)
	}
	var latency Histogram
	sent, _ := camera.Sent()
	if packets := in.Progress(&latency); packets != uint64(sent) || latency.N != all.Packets {
		t.Errorf("%d packets, %d times", packets, latency.N)
	}
	if p50 := latency.Quantile(0.5); p50 < 1900*time.Microsecond || p50 > 2100*time.Microsecond {
		t.Errorf("latency %v", p50)
	}
	first, key := in.Times()
	if !first.Equal(zero.Add(-time.Second+2*time.Millisecond)) || !key.Equal(first) {
		t.Errorf("first packet %v, keyframe %v", first, key)
	}
	if f := in.Faults(); f.Strange != 1 {
		t.Errorf("%d strange packets", f.Strange)
	}
}
