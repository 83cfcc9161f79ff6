package loadtest

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"salon/loadtest/client"
	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/report"
	"salon/loadtest/scenario"
)

// A crew is all participants of a run, also those who left.
type crew struct {
	env   *client.Environment
	work  *sync.WaitGroup
	plain int // how many more plain peers are wanted
	// returns: who loses the session comes back, and it is measured how.
	returns bool

	members []*client.Participant // guarded by mu
	mu      sync.Mutex
}

// hire makes the participant of a seat.
func (c *crew) hire(seat scenario.Seat) *client.Participant {
	c.mu.Lock()
	defer c.mu.Unlock()
	isPlain := c.plain > 0 && seat.Subscribe && !seat.Bare && len(seat.Link) == 0
	if isPlain {
		c.plain--
	}
	p := client.NewParticipant(c.env, seat, len(c.members), isPlain)
	c.members = append(c.members, p)
	return p
}

func (c *crew) all() []*client.Participant {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.members[:len(c.members):len(c.members)]
}

// A head count is how many are where.
type headCount struct{ joined, connected, failed, settled int }

// count tells how far they are; settled are those of whom nothing more is expected while joining.
func (c *crew) count() (n headCount) {
	for _, p := range c.all() {
		o := p.Result()
		if !o.Joined.IsZero() {
			n.joined++
		}
		if !o.Connected.IsZero() {
			n.connected++
		}
		if o.Err != nil {
			n.failed++
		}
		if o.Err != nil || !o.Connected.IsZero() || (p.Seat.Bare && !o.Joined.IsZero()) {
			n.settled++
		}
	}
	return n
}

// received adds up what all have decrypted so far, measured or not, and the latencies of the measurement: of the lean
// peers, as the queues inside the plain ones would be counted with the server's. Without lean ones it is the same.
func (c *crew) received() (packets uint64, lean, plain measure.Histogram) {
	for _, p := range c.all() {
		if p.IsPlain {
			packets += p.Intake.Progress(&plain)
		} else {
			packets += p.Intake.Progress(&lean)
		}
	}
	if lean.N == 0 {
		lean = plain
	}
	return packets, lean, plain
}

// sent tells how far a track got.
func (c *crew) sent() func(id uint32) (packets, frames uint32) {
	layers := map[uint32]*media.Layer{}
	for _, p := range c.all() {
		if p.Result().Err != nil || p.Seat.Stay > 0 {
			continue // what it sent after others lost it is nobody's loss
		}
		for _, t := range p.Tracks {
			for _, l := range t.Layers {
				layers[l.ID] = l
			}
		}
	}
	return func(id uint32) (uint32, uint32) {
		l := layers[id]
		if l == nil {
			return 0, 0
		}
		return l.Sent()
	}
}

// settle fills the client's part of a report from what everyone received.
func (c *crew) settle(r *report.Client, measured time.Duration) {
	sent := c.sent()
	var all, plain measure.Tally
	for _, p := range c.all() {
		o := p.Result()
		t := p.Intake.Settle(sent, o.Err == nil && !o.Left)
		all.Add(t)
		if p.IsPlain {
			plain.Add(t)
		}
		r.MissingTracks += max(c.due(p, o)-int(t.Tracks), 0) //nolint:gosec // a few
		f := p.Intake.Faults()
		r.Undecryptable += f.Refused
		r.Strange += f.Strange
		r.DroppedOnLinks += f.Lost
		for _, t := range p.Tracks {
			for _, l := range t.Layers {
				packets, _ := l.Sent()
				r.SentPackets += uint64(packets)
			}
		}
	}
	_, latency, plainLatency := c.received()
	n := c.count()
	r.Joined, r.Connected, r.Failed = n.joined, n.connected, n.failed
	r.Take(all, measured)
	r.PlainPackets, r.PlainLoss, r.PlainLatency = plain.Packets, plain.Loss(), plainLatency.Spread()
	r.Latency, r.LatencyCurve = latency.Spread(), latency.Curve()
	c.settleJoins(r)
	if c.returns {
		r.Returns = c.settleReturns()
	}
}

// settleJoins tells how long joining took: of the lean peers, as the plain stack checks its ways five times a second
// and no faster. Where there are no lean ones, of those there are.
func (c *crew) settleJoins(r *report.Client) {
	plainCounts := !slices.ContainsFunc(c.all(), func(p *client.Participant) bool { return !p.IsPlain && p.Seat.Subscribe })
	var session, connected, first, keyframe measure.Histogram
	note := func(h *measure.Histogram, began, at time.Time) {
		if d := measure.Between(began, at); d > 0 {
			h.Add(d)
		}
	}
	for _, p := range c.all() {
		if p.IsPlain && !plainCounts {
			continue
		}
		o := p.Result()
		at, key := p.Intake.Times()
		note(&session, o.Began, o.Joined)
		note(&connected, o.Began, o.Connected)
		note(&first, o.Began, at)
		note(&keyframe, o.Began, key)
	}
	r.JoinToSession, r.JoinToConnected = session.Spread(), connected.Spread()
	r.JoinToFirst, r.JoinToKeyframe = first.Spread(), keyframe.Spread()
}

// settleReturns tells who came back, how fast, and what was missed meanwhile.
func (c *crew) settleReturns() *report.Returns {
	var back, gap measure.Histogram
	r := &report.Returns{}
	for _, p := range c.all() {
		o := p.Result()
		if errors.Is(o.Err, client.ErrGaveUp) {
			r.GaveUp++
		}
		for _, l := range o.Returns() {
			r.Reconnects++
			back.Add(l.Joined.Sub(l.Lost))
		}
		for _, g := range p.Intake.Gaps() {
			gap.Add(g.Length())
		}
	}
	r.Back, r.Gap = back.Spread(), gap.Spread()
	return r
}

// awaited returns a question: does everyone hear all that is due to them? Who is due what is settled now.
func (c *crew) awaited() (arrived func() bool) {
	due := map[*client.Participant]int{}
	for _, p := range c.all() {
		if n := c.due(p, p.Result()); n > 0 {
			due[p] = n
		}
	}
	return func() bool {
		maps.DeleteFunc(due, func(p *client.Participant, n int) bool { return p.Intake.Heard() >= n })
		return len(due) == 0
	}
}

// due is of how many tracks p should have received something.
func (c *crew) due(p *client.Participant, o client.Outcome) (n int) {
	if !p.Seat.Subscribe || p.Seat.Timed || o.Connected.IsZero() {
		return 0
	}
	for _, other := range c.all() {
		if other != p && other.Seat.Room == p.Seat.Room && !other.Seat.Timed && !other.Result().Connected.IsZero() {
			n += len(other.Tracks)
		}
	}
	return n
}
