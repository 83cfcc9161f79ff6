package trace

import "time"

// A Player repeats a trace without end: rounds follow one another as frames do, so that a receiver sees one long stream
// of each layer. It reads no clock: each layer's Reel tells when something is due, and is asked for it then. What the
// reels share is when pictures are keyframes: when one layer is asked for one, the next picture is a keyframe in every
// layer, in the sizes of a recorded one, as Chromium's encoder for VP8 does it; so is the first picture. Neither a
// Player nor its reels are safe for concurrent use.
type Player struct {
	trace *Trace
	reels []*Reel
	began uint64        // the first picture's ticks
	start time.Duration // when its first packet left in the trace

	wanted  bool
	picture uint64 // the ticks of the latest
	keyed   int    // keyframes so far
}

// A Reel is one layer of a Player.
type Reel struct {
	player *Player
	layer  *Layer
	next   int // of the layer's frames
	round  uint64
	owed   bool      // a keyframe
	keyed  uint64    // the ticks of the picture that is one
	keys   [][]Frame // the layer's, by their spatial layer

	// The frame that leaves, as long as not all of it has.
	frame Frame
	ticks uint64
	at    time.Duration
	gone  int // of its packets

	last time.Duration // when the last run was due
}

// A Run is a part of a frame that leaves at once: all of it, unless the browser took a break within.
type Run struct {
	At       time.Duration // due, from the Player's beginning
	Ticks    uint64        // RTP timestamp, from the first picture; wrapping it is the caller's business
	Frame    Frame         // its packets belong to the trace
	From, To int           // which packets of the frame
}

// Begins tells whether r is the first of its frame.
func (r Run) Begins() bool { return r.From == 0 }

// Ends tells whether r is the last of its frame.
func (r Run) Ends() bool { return r.To == len(r.Frame.Packets) }

// breakAfter is the silence between two packets of a frame that makes two runs of it; our choice: what is closer, a
// sender with timers of about a millisecond can't tell apart.
const breakAfter = time.Millisecond

// NewPlayer begins with the first picture that is skip or later in the trace, or with its beginning where there is
// none. Players of one trace that begin at different places don't send their large frames, or speak, at once.
func NewPlayer(t *Trace, skip time.Duration) *Player {
	p := &Player{trace: t}
	for _, f := range t.Layers[0].Frames {
		if f.At >= skip {
			p.began = uint64(f.Ticks)
			break
		}
	}
	for i := range t.Layers {
		r := &Reel{player: p, layer: &t.Layers[i], keyed: 1<<64 - 1}
		for _, f := range r.layer.Keys {
			for len(r.keys) <= int(f.Spatial) {
				r.keys = append(r.keys, nil)
			}
			r.keys[f.Spatial] = append(r.keys[f.Spatial], f)
		}
		for r.pictureTicks() < p.began {
			r.advance()
		}
		if at := r.ahead(); i == 0 || at < p.start {
			p.start = at
		}
		p.reels = append(p.reels, r)
	}
	p.picture = p.began
	p.key()
	return p
}

// Reels are the layers, as the trace has them.
func (p *Player) Reels() []*Reel { return p.reels }

// key makes the current picture a keyframe in every layer.
func (p *Player) key() {
	p.wanted = false
	p.keyed++
	for _, r := range p.reels {
		r.owed = true
	}
}

// turn notes that a layer begins the picture of these ticks.
func (p *Player) turn(ticks uint64) {
	if ticks <= p.picture {
		return
	}
	p.picture = ticks
	if p.wanted {
		p.key()
	}
}

// WantKey makes the next picture a keyframe, in every layer.
func (r *Reel) WantKey() { r.player.wanted = true }

// Due is when the next run is to leave, from the Player's beginning. It never goes back. A frame that the one before
// has left no room for waits for it.
func (r *Reel) Due() time.Duration {
	if r.gone < len(r.frame.Packets) {
		return r.at + r.frame.Packets[r.gone].After
	}
	return max(r.ahead()-r.player.start, r.last)
}

// Next returns the run that Due speaks of.
func (r *Reel) Next() Run {
	if r.gone >= len(r.frame.Packets) {
		r.begin()
	}
	packets, from := r.frame.Packets, r.gone
	to := from + 1
	for to < len(packets) && packets[to].After-packets[to-1].After < breakAfter {
		to++
	}
	r.gone, r.last = to, r.at+packets[from].After
	return Run{At: r.last, Ticks: r.ticks - r.player.began, Frame: r.frame, From: from, To: to}
}

// begin takes up the next frame.
func (r *Reel) begin() {
	r.at, r.ticks, r.gone = r.Due(), r.pictureTicks(), 0
	r.frame = r.layer.Frames[r.next]
	r.player.turn(r.ticks)
	if r.owed && r.ticks >= r.player.picture {
		r.owed, r.keyed = false, r.ticks
	}
	if r.ticks == r.keyed {
		r.frame = r.asKey(r.frame)
	}
	r.advance()
}

// asKey returns a frame as one of a keyframe's picture.
func (r *Reel) asKey(f Frame) Frame {
	f.Key, f.Temporal, f.Sync = true, 0, true
	if s := int(f.Spatial); s < len(r.keys) && len(r.keys[s]) > 0 {
		f.Packets = r.keys[s][r.player.keyed%len(r.keys[s])].Packets
	}
	return f
}

func (r *Reel) advance() {
	if r.next++; r.next == len(r.layer.Frames) {
		r.next, r.round = 0, r.round+1
	}
}

// pictureTicks is the RTP timestamp of the next frame, from the trace's first picture.
func (r *Reel) pictureTicks() uint64 {
	return r.round*uint64(r.player.trace.Ticks) + uint64(r.layer.Frames[r.next].Ticks)
}

// ahead is when the next frame left, from the trace's beginning.
func (r *Reel) ahead() time.Duration {
	t := r.player.trace
	return t.span(r.round*uint64(t.Ticks)) + r.layer.Frames[r.next].At
}
