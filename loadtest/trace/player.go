package trace

import (
	"cmp"
	"slices"
	"time"
)

// A Player repeats a trace without end, all its layers together: rounds follow one another as frames do, so that a
// receiver sees one long stream. It reads no clock: it tells when something is due, and is asked for it then. The
// picture that follows WantKey is a keyframe in every layer, as Chromium's encoder for VP8 makes it, in the sizes of a
// recorded one; so is the first picture. Not safe for concurrent use.
type Player struct {
	trace *Trace
	order []place // the frames of a round as they left
	start place   // where it began
	began uint64  // the ticks of start
	next  int     // in order
	round uint64

	pending []Run           // cut and not yet asked for, as they are due
	last    []time.Duration // when the last run of each layer is due

	wanted  bool
	picture uint64 // the ticks of the latest
	keyed   int    // keyframes so far
	owed    []bool // layers that have yet to send theirs
}

// A place is where a frame stands in its trace.
type place struct {
	layer, frame int
	at           time.Duration
	ticks        uint32
}

// A Run is a part of a frame that leaves at once: all of it, unless the browser took a break within.
type Run struct {
	At       time.Duration // due, from the first run
	Layer    int
	Ticks    uint64 // RTP timestamp, from the first frame; wrapping it is the caller's business
	Frame    Frame
	From, To int // which packets of the frame
}

// Begins tells whether r is the first of its frame.
func (r Run) Begins() bool { return r.From == 0 }

// Ends tells whether r is the last of its frame.
func (r Run) Ends() bool { return r.To == len(r.Frame.Packets) }

// breakAfter is the silence between two packets of a frame that makes two runs of it; our choice: what is closer, a
// sender with timers of about a millisecond can't tell apart.
const breakAfter = time.Millisecond

// NewPlayer begins with the first picture that is skip or later in the trace. Players of one trace that begin at
// different places don't send their large frames, or speak, at once.
func NewPlayer(t *Trace, skip time.Duration) *Player {
	p := &Player{trace: t, last: make([]time.Duration, len(t.Layers)), owed: make([]bool, len(t.Layers))}
	for i, l := range t.Layers {
		for k, f := range l.Frames {
			p.order = append(p.order, place{layer: i, frame: k, at: f.At, ticks: f.Ticks})
		}
	}
	slices.SortFunc(p.order, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.layer, b.layer), cmp.Compare(a.frame, b.frame))
	})
	var picture uint32
	for i, o := range p.order {
		if o.ticks > picture && o.at >= skip {
			p.next = i
			break
		}
		picture = max(picture, o.ticks)
	}
	p.start = p.order[p.next]
	p.began = uint64(p.start.ticks)
	p.picture = p.began
	p.key()
	return p
}

// WantKey makes the next picture a keyframe.
func (p *Player) WantKey() { p.wanted = true }

// Due is when the next run is to leave, from the first one. It never goes back.
func (p *Player) Due() time.Duration {
	for p.isNext() && p.last[p.order[p.next].layer] > p.ahead() {
		p.cut() // held back by its layer, while others are not
	}
	if p.isNext() {
		return p.ahead()
	}
	return p.pending[0].At
}

// Next returns the run that Due speaks of. Its packets belong to the trace; they must not be changed.
func (p *Player) Next() Run {
	for p.isNext() {
		p.cut()
	}
	run := p.pending[0]
	p.pending = slices.Delete(p.pending, 0, 1)
	return run
}

// isNext tells whether the next frame that is not cut yet stands before all that are.
func (p *Player) isNext() bool { return len(p.pending) == 0 || p.ahead() < p.pending[0].At }

// ahead is when the next frame that is not cut yet is due.
func (p *Player) ahead() time.Duration {
	return p.trace.span(p.round*uint64(p.trace.Ticks)) + p.order[p.next].at - p.start.at
}

// ticks is the RTP timestamp of the next frame.
func (p *Player) ticks() uint64 {
	return p.round*uint64(p.trace.Ticks) + uint64(p.order[p.next].ticks)
}

// cut makes runs of the next frame. One that its layer's last frame has left no room for waits.
func (p *Player) cut() {
	o, ticks := p.order[p.next], p.ticks()
	at := max(p.ahead(), p.last[o.layer])
	f := p.trace.Layers[o.layer].Frames[o.frame]
	if ticks > p.picture {
		p.picture = ticks
		if p.wanted {
			p.key()
		}
	}
	if p.owed[o.layer] && ticks >= p.picture {
		p.owed[o.layer] = false
		f = p.asKey(o.layer, f)
	}
	for from := 0; from < len(f.Packets); {
		to := from + 1
		for to < len(f.Packets) && f.Packets[to].After-f.Packets[to-1].After < breakAfter {
			to++
		}
		run := Run{At: at + f.Packets[from].After, Layer: o.layer, Ticks: ticks - p.began, Frame: f, From: from, To: to}
		i, _ := slices.BinarySearchFunc(p.pending, run.At, func(r Run, at time.Duration) int {
			return cmp.Or(cmp.Compare(r.At, at), -1) // behind those of the same time
		})
		p.pending = slices.Insert(p.pending, i, run)
		p.last[o.layer], from = run.At, to
	}
	p.advance()
}

// advance goes to the next frame, over those whose picture left before the first round began.
func (p *Player) advance() {
	for {
		if p.next++; p.next == len(p.order) {
			p.next, p.round = 0, p.round+1
		}
		if p.ticks() >= p.began {
			return
		}
	}
}

// key makes the current picture a keyframe in every layer.
func (p *Player) key() {
	p.wanted = false
	p.keyed++
	for i := range p.owed {
		p.owed[i] = true
	}
}

// asKey returns f as a keyframe.
func (p *Player) asKey(layer int, f Frame) Frame {
	f.Key, f.Temporal, f.Sync = true, 0, true
	if keys := p.trace.Layers[layer].Keys; len(keys) > 0 {
		f.Packets = keys[p.keyed%len(keys)].Packets
	}
	return f
}
