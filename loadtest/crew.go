package loadtest

import (
	"slices"
	"sync"
	"time"
)

// A crew is all participants of a run, also those who left.
type crew struct {
	env   *environment
	work  *sync.WaitGroup
	plain int // how many more plain peers are wanted

	members []*participant // guarded by mu
	mu      sync.Mutex
}

// hire makes the participant of a seat.
func (c *crew) hire(seat Seat) *participant {
	c.mu.Lock()
	defer c.mu.Unlock()
	isPlain := c.plain > 0 && seat.Subscribe && !seat.Bare && len(seat.Link) == 0
	if isPlain {
		c.plain--
	}
	p := newParticipant(c.env, seat, len(c.members), isPlain)
	c.members = append(c.members, p)
	return p
}

func (c *crew) all() []*participant {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.members[:len(c.members):len(c.members)]
}

// A head count is how many are where.
type headCount struct{ joined, connected, failed, settled int }

// count tells how far they are; settled are those of whom nothing more is expected while joining.
func (c *crew) count() (n headCount) {
	for _, p := range c.all() {
		o := p.result()
		if !o.joined.IsZero() {
			n.joined++
		}
		if !o.connected.IsZero() {
			n.connected++
		}
		if o.err != nil {
			n.failed++
		}
		if o.err != nil || !o.connected.IsZero() || (p.seat.Bare && !o.joined.IsZero()) {
			n.settled++
		}
	}
	return n
}

// received adds up what all have decrypted so far, measured or not, and the latencies of the measurement: of the lean
// peers, as the queues inside the plain ones would be counted with the server's. Without lean ones it is the same.
func (c *crew) received() (packets uint64, lean, plain histogram) {
	for _, p := range c.all() {
		if p.isPlain {
			packets += p.intake.progress(&plain)
		} else {
			packets += p.intake.progress(&lean)
		}
	}
	if lean.n == 0 {
		lean = plain
	}
	return packets, lean, plain
}

// sent tells how far a track got.
func (c *crew) sent() func(id uint32) (packets, frames uint32) {
	layers := map[uint32]*layer{}
	for _, p := range c.all() {
		if p.result().err != nil || p.seat.Stay > 0 {
			continue // what it sent after others lost it is nobody's loss
		}
		for _, t := range p.tracks {
			for _, l := range t.layers {
				layers[l.id] = l
			}
		}
	}
	return func(id uint32) (uint32, uint32) {
		l := layers[id]
		if l == nil {
			return 0, 0
		}
		return l.packets.Load(), l.frames.Load()
	}
}

// settle fills the client's part of a report from what everyone received.
func (c *crew) settle(r *ClientReport, measured time.Duration) {
	sent := c.sent()
	var all, plain tally
	for _, p := range c.all() {
		o := p.result()
		t := p.intake.settle(sent, o.err == nil && !o.left)
		all.add(t)
		if p.isPlain {
			plain.add(t)
		}
		r.MissingTracks += max(c.due(p, o)-int(t.Tracks), 0) //nolint:gosec // a few
		p.intake.blame(r)
		for _, t := range p.tracks {
			for _, l := range t.layers {
				r.SentPackets += uint64(l.packets.Load())
			}
		}
	}
	_, latency, plainLatency := c.received()
	n := c.count()
	r.Joined, r.Connected, r.Failed = n.joined, n.connected, n.failed
	r.take(all, measured)
	r.PlainPackets, r.PlainLoss, r.PlainLatency = plain.Packets, plain.loss(), plainLatency.spread()
	r.Latency, r.LatencyCurve = latency.spread(), latency.curve()
	c.settleJoins(r)
}

// settleJoins tells how long joining took: of the lean peers, as the plain stack checks its ways five times a second
// and no faster. Where there are no lean ones, of those there are.
func (c *crew) settleJoins(r *ClientReport) {
	plainCounts := !slices.ContainsFunc(c.all(), func(p *participant) bool { return !p.isPlain && p.seat.Subscribe })
	var session, connected, first, keyframe histogram
	note := func(h *histogram, began, at time.Time) {
		if d := between(began, at); d > 0 {
			h.add(d)
		}
	}
	for _, p := range c.all() {
		if p.isPlain && !plainCounts {
			continue
		}
		o := p.result()
		at, key := p.intake.times()
		note(&session, o.began, o.joined)
		note(&connected, o.began, o.connected)
		note(&first, o.began, at)
		note(&keyframe, o.began, key)
	}
	r.JoinToSession, r.JoinToConnected = session.spread(), connected.spread()
	r.JoinToFirst, r.JoinToKeyframe = first.spread(), keyframe.spread()
}

// due is of how many tracks p should have received something.
func (c *crew) due(p *participant, o outcome) (n int) {
	if !p.seat.Subscribe || p.seat.Timed || o.connected.IsZero() {
		return 0
	}
	for _, other := range c.all() {
		if other != p && other.seat.Room == p.seat.Room && !other.seat.Timed && !other.result().connected.IsZero() {
			n += len(other.tracks)
		}
	}
	return n
}

func (r *ClientReport) take(t tally, measured time.Duration) {
	r.Packets, r.Expected, r.Loss = t.Packets, t.Expected, t.loss()
	r.Duplicates, r.Reordered, r.Repaired = t.Duplicates, t.Reordered, t.Repaired
	r.Frames, r.FramesWhole, r.Switches = t.Frames, t.wholeness(), t.Switches
	if s := measured.Seconds(); s > 0 {
		r.PacketsPerS = float64(t.Packets) / s
		r.BitsPerS = float64(t.Bytes) * 8 / s
	}
}

// blame adds what went wrong with packets.
func (in *intake) blame(r *ClientReport) {
	in.mu.Lock()
	defer in.mu.Unlock()
	r.Undecryptable += in.refused
	r.Strange += in.strange
	r.DroppedOnLinks += in.lost
}
