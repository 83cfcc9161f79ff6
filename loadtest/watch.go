package loadtest

import (
	"context"
	"runtime"
	"time"
)

// A watch reads what the server's process and our own use, at the edges of the measurement and once a second.
type watch struct {
	target Target

	before, opened, closed reading // before anyone joined, and around the measurement
	last                   reading
	lastAt                 time.Time
	zero                   time.Time // when the measurement began
	latency                histogram // up to the last sample
	packets                uint64
}

// A reading is one look at both processes.
type reading struct {
	server, self usage
	packets      uint64    // received and decrypted by all
	late         histogram // of the pace
	joined       int
	metrics      scrape
}

// look reads the processes. What can't be read of our own is zero; of the server's it is an error.
func (w *watch) look(c *crew) (r reading, err error) {
	if w.target.PID > 0 {
		if r.server, err = readUsage(proc(), w.target.PID); err != nil {
			return r, err
		}
	}
	r.self, _ = readUsage(proc(), selfPID()) // elsewhere than on Linux: zero
	if c != nil {
		r.packets, _, _ = c.received()
		r.late, r.joined = c.env.pace.lateness(), c.count().joined
	}
	return r, nil
}

func (w *watch) begin(context.Context) (err error) {
	w.before, err = w.look(nil)
	w.last = w.before
	return err
}

// open begins the measurement.
func (w *watch) open(ctx context.Context, c *crew, now time.Time) (err error) {
	if w.opened, err = w.look(c); err != nil {
		return err
	}
	w.zero = now
	w.opened.metrics, err = scrapeFrom(ctx, w.target.Metrics)
	return err
}

// end closes the measurement and writes what both processes used.
func (w *watch) end(ctx context.Context, r *Report, measured time.Duration, c *crew) (err error) {
	if w.closed, err = w.look(c); err != nil {
		return err
	}
	if w.closed.metrics, err = scrapeFrom(ctx, w.target.Metrics); err != nil {
		return err
	}
	packets := w.closed.packets - w.opened.packets
	self := w.closed.self.less(w.opened.self)
	r.Generator.Cores = self.cpu().Seconds() / measured.Seconds()
	r.Generator.RSS = self.rss
	r.Generator.ReadPackets = packets
	if s := self.cpu().Seconds(); s > 0 {
		r.Generator.PacketsPerCS = float64(packets) / s
	}
	if w.target.PID > 0 {
		r.Server = w.server(c, measured, packets)
	}
	return nil
}

func (w *watch) server(c *crew, measured time.Duration, packets uint64) *ServerReport {
	used := w.closed.server.less(w.opened.server)
	s := &ServerReport{
		PID: w.target.PID, UserS: used.user.Seconds(), SystemS: used.system.Seconds(),
		Cores: used.cpu().Seconds() / measured.Seconds(), RSSBefore: w.before.server.rss, RSS: used.rss,
		Counters: w.closed.metrics.since(w.opened.metrics),
	}
	if packets > 0 {
		s.PerPacketUS = float64(used.cpu().Microseconds()) / float64(packets)
	}
	if n := c.count(); n.joined > 0 {
		s.PerParticipant = max(float64(used.rss)-float64(w.before.server.rss), 0) / float64(n.joined)
	}
	if n := w.opened.joined; n > 0 {
		s.PerJoinMS = milliseconds(w.opened.server.less(w.before.server).cpu()) / float64(n)
	}
	return s
}

// sample says how the last second was.
func (w *watch) sample(now time.Time, c *crew) Sample {
	r, err := w.look(nil)
	packets, latency, _ := c.received()
	s := Sample{Joined: c.count().joined, ServerRSS: r.server.rss}
	if !w.zero.IsZero() {
		s.AtS = now.Sub(w.zero).Seconds()
	}
	if gone := now.Sub(w.lastAt).Seconds(); !w.lastAt.IsZero() && gone > 0 {
		s.PacketsPerS = float64(packets-w.packets) / gone
		s.SelfCores = r.self.less(w.last.self).cpu().Seconds() / gone
		if err == nil {
			s.ServerCores = r.server.less(w.last.server).cpu().Seconds() / gone
		}
	}
	second := latency.without(&w.latency)
	s.P50, s.P99 = milliseconds(second.quantile(0.5)), milliseconds(second.quantile(0.99))
	w.last, w.lastAt, w.packets, w.latency = r, now, packets, latency
	return s
}

// judge fills what the generator says of itself, and the verdict.
func (w *watch) judge(r *Report, c *crew) {
	late := w.closed.late.without(&w.opened.late)
	g := &r.Generator
	g.Late, g.Frames, g.LateSends = late.spread(), late.n, late.above(lateSend)
	for _, p := range c.all() {
		p.confess(r)
		if p.isPlain {
			r.Scenario.Plain++
		}
	}
	shift(r.Timeline, w.zero, r.Began)
	r.Void = verdict(r, runtime.GOMAXPROCS(0))
	r.Notes = notes(r)
}

// shift dates the samples from before the measurement back from its beginning: they came about a second apart.
func shift(line []Sample, zero, began time.Time) {
	early := 0
	for early < len(line) && line[early].AtS == 0 {
		early++
	}
	before := zero.Sub(began).Seconds()
	for i := range early {
		line[i].AtS = -before * float64(early-i) / float64(early+1)
	}
}
