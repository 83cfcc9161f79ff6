package trace

import (
	"testing"
	"time"
)

// load returns an embedded trace.
func load(tb testing.TB, name string) *Trace {
	tb.Helper()
	t, err := Load(name)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// A listener follows one layer of a Player and fails where a receiver would stumble.
type listener struct {
	tb      testing.TB
	frames  int
	packets int
	bytes   int
	keys    int
	ticks   uint64
	at      time.Duration
	open    int // packets of a frame that has not ended; -1: none
}

func (l *listener) hear(r Run) {
	if r.Begins() {
		if l.open != -1 {
			l.tb.Fatalf("frame at %s begins before the one before has ended", r.At)
		}
		if l.frames > 0 && r.Ticks <= l.ticks {
			l.tb.Fatalf("timestamp %d behind %d", r.Ticks, l.ticks)
		}
		l.ticks, l.open = r.Ticks, 0
		l.frames++
		if r.Frame.Key {
			l.keys++
		}
	}
	if r.From != l.open || r.To <= r.From || r.Ticks != l.ticks || r.At < l.at {
		l.tb.Fatalf("run of packets %d to %d at %s, after %d packets at %s", r.From, r.To, r.At, l.open, l.at)
	}
	l.at, l.open = r.At, r.To
	l.packets += r.To - r.From
	for _, p := range r.Frame.Packets[r.From:r.To] {
		l.bytes += p.Size
	}
	if r.Ends() {
		l.open = -1
	}
}

func listeners(tb testing.TB, t *Trace) (list []*listener) {
	tb.Helper()
	for range t.Layers {
		list = append(list, &listener{tb: tb, open: -1})
	}
	return list
}

func TestAnHourIsOneLongStream(t *testing.T) {
	for _, name := range Names() {
		for _, skip := range []time.Duration{0, 7 * time.Second, time.Hour} {
			tr := load(t, name)
			p, all := NewPlayer(tr, skip), listeners(t, tr)
			var now time.Duration
			for now < time.Hour {
				due := p.Due()
				r := p.Next()
				if r.At != due || due < now {
					t.Fatalf("%s: due at %s, came at %s after %s", name, due, r.At, now)
				}
				now = r.At
				all[r.Layer].hear(r)
			}
			rounds := time.Hour.Seconds() / tr.Length().Seconds()
			for i, l := range all {
				want := float64(len(tr.Layers[i].Frames)) * rounds
				if got := float64(l.frames); got < want-2 || got > want+2 {
					t.Errorf("%s layer %d: %g frames an hour, want %g", name, i, got, want)
				}
				at := tr.span(l.ticks)
				if d := (l.at - at).Abs(); d > 200*time.Millisecond {
					t.Errorf("%s layer %d: after an hour, packets and timestamps are %s apart", name, i, d)
				}
				if tr.Clock == 90000 && l.keys != 1 {
					t.Errorf("%s layer %d: %d keyframes without being asked", name, i, l.keys)
				}
			}
		}
	}
}

func TestAKeyframeIsTheNextPictureInEveryLayer(t *testing.T) {
	for _, name := range []string{"camera-vp8", "screen-vp8"} {
		tr := load(t, name)
		p, all := NewPlayer(tr, 0), listeners(t, tr)
		asked, now := 0, time.Duration(0)
		for now < time.Minute {
			if second := int(now / time.Second); second > asked {
				p.WantKey()
				asked = second
			}
			r := p.Next()
			now = r.At
			all[r.Layer].hear(r)
			if r.Frame.Key && (r.Frame.Temporal != 0 || r.Frame.Bytes() < 1000) {
				t.Fatalf("keyframe of layer %d: %d bytes in temporal layer %d", r.Layer, r.Frame.Bytes(), r.Frame.Temporal)
			}
		}
		for i, l := range all {
			if l.keys < asked || l.keys > asked+1 {
				t.Errorf("%s layer %d: %d keyframes, asked %d times", name, i, l.keys, asked)
			}
		}
	}
}

func TestKeyframesOfThePictureHaveOneTimestamp(t *testing.T) {
	tr := load(t, "camera-vp8")
	p := NewPlayer(tr, 3*time.Second)
	for range 100 {
		p.Next()
	}
	p.WantKey()
	seen := map[uint64]int{}
	for range 50 {
		if r := p.Next(); r.Frame.Key && r.Begins() {
			seen[r.Ticks]++
		}
	}
	if len(seen) != 1 {
		t.Errorf("keyframes at %d timestamps", len(seen))
	}
	for _, layers := range seen {
		if layers != len(tr.Layers) {
			t.Errorf("keyframes of %d layers", layers)
		}
	}
}

func TestPlayingAllocatesNothing(t *testing.T) {
	p := NewPlayer(load(t, "camera-vp8"), 0)
	for range 20000 {
		p.Next()
	}
	if n := testing.AllocsPerRun(1000, func() { p.Next() }); n != 0 {
		t.Errorf("%g allocations a run", n)
	}
}
