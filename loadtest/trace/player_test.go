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
		if l.frames > 0 && (r.Ticks < l.ticks || r.Ticks == l.ticks && r.Frame.Spatial == 0) {
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

// A concert plays all layers of a trace, each with a listener, as they are due.
type concert struct {
	tb        testing.TB
	reels     []*Reel
	listeners []*listener
	now       time.Duration
}

func begin(tb testing.TB, t *Trace, skip time.Duration) *concert {
	tb.Helper()
	c := &concert{tb: tb, reels: NewPlayer(t, skip).Reels()}
	for range t.Layers {
		c.listeners = append(c.listeners, &listener{tb: tb, open: -1})
	}
	return c
}

// next plays what is due next.
func (c *concert) next() (int, Run) {
	c.tb.Helper()
	first := 0
	for i, r := range c.reels {
		if r.Due() < c.reels[first].Due() {
			first = i
		}
	}
	due := c.reels[first].Due()
	r := c.reels[first].Next()
	if r.At != due || due < c.now {
		c.tb.Fatalf("due at %s, came at %s after %s", due, r.At, c.now)
	}
	c.now = due
	c.listeners[first].hear(r)
	return first, r
}

func TestRoundsMakeOneLongStream(t *testing.T) {
	for _, name := range Names() {
		for _, skip := range []time.Duration{0, 7 * time.Second, time.Hour} {
			tr, length := load(t, name), 5*time.Minute
			if name == "screen-vp8" && skip == 0 {
				length = time.Hour // the least regular
			}
			c := begin(t, tr, skip)
			for c.now < length {
				c.next()
			}
			rounds := length.Seconds() / tr.Length().Seconds()
			for i, l := range c.listeners {
				want := float64(len(tr.Layers[i].Frames)) * rounds
				if got := float64(l.frames); got < want-20 || got > want+20 {
					t.Errorf("%s layer %d: %g frames in %s, want %g", name, i, got, length, want)
				}
				at := tr.span(l.ticks)
				if d := (l.at - at).Abs(); d > 200*time.Millisecond {
					t.Errorf("%s layer %d: after %s, packets and timestamps are %s apart", name, i, length, d)
				}
				if once := int(tr.Layers[i].spatials()); tr.Clock == 90000 && l.keys != once {
					t.Errorf("%s layer %d: %d keyframes without being asked", name, i, l.keys)
				}
			}
		}
	}
}

func TestAKeyframeIsTheNextPictureInEveryLayer(t *testing.T) {
	for _, name := range []string{"camera-vp8", "camera-h264", "screen-vp8"} {
		tr := load(t, name)
		c := begin(t, tr, 0)
		asked := 0
		for c.now < time.Minute {
			if second := int(c.now / time.Second); second > asked {
				c.reels[asked%len(c.reels)].WantKey()
				asked = second
			}
			if i, r := c.next(); r.Frame.Key && (r.Frame.Temporal != 0 || r.Frame.Bytes() < 1000) {
				t.Fatalf("keyframe of layer %d: %d bytes in temporal layer %d", i, r.Frame.Bytes(), r.Frame.Temporal)
			}
		}
		for i, l := range c.listeners {
			if l.keys < asked || l.keys > asked+1 {
				t.Errorf("%s layer %d: %d keyframes, asked %d times", name, i, l.keys, asked)
			}
		}
	}
}

func TestKeyframesOfThePictureHaveOneTimestamp(t *testing.T) {
	c := begin(t, load(t, "camera-vp8"), 3*time.Second)
	for range 100 {
		c.next()
	}
	c.reels[1].WantKey()
	seen := map[uint64]int{}
	for range 50 {
		if _, r := c.next(); r.Frame.Key && r.Begins() {
			seen[r.Ticks]++
		}
	}
	if len(seen) != 1 {
		t.Errorf("keyframes at %d timestamps", len(seen))
	}
	for _, layers := range seen {
		if layers != len(c.reels) {
			t.Errorf("keyframes of %d layers", layers)
		}
	}
}

func TestPlayingAllocatesNothing(t *testing.T) {
	r := NewPlayer(load(t, "camera-vp8"), 0).Reels()[2]
	if n := testing.AllocsPerRun(1000, func() { r.Next() }); n != 0 {
		t.Errorf("%g allocations a run", n)
	}
}
