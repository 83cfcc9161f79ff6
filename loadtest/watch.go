package loadtest

import (
	"context"
	"runtime"
	"time"

	"salon/loadtest/measure"
	"salon/loadtest/report"
	"salon/loadtest/system"
)

// A watch reads what the server's process and our own use, at the edges of the measurement and once a second.
type watch struct {
	target Target

	before, joined reading // before anyone joined, and when everyone heard everything
	opened, closed reading // around the measurement
	last           reading
	lastAt         time.Time
	zero           time.Time         // when the measurement began
	latency        measure.Histogram // up to the last sample
	packets        uint64
}

// A reading is one look at both processes.
type reading struct {
	server, self system.Usage
	packets      uint64            // received and decrypted by all
	late         measure.Histogram // of the pace
	joined       int
	metrics      system.Scrape
}

// look reads the processes. What can't be read of our own is zero; of the server's it is an error.
func (w *watch) look(c *crew) (r reading, err error) {
	if w.target.PID > 0 {
		if r.server, err = system.ReadUsage(system.Proc(), w.target.PID); err != nil {
			return r, err
		}
	}
	r.self, _ = system.ReadUsage(system.Proc(), system.SelfPID()) // elsewhere than on Linux: zero
	if c != nil {
		r.packets, _, _ = c.received()
		r.late, r.joined = c.env.Pace.Lateness(), c.count().joined
	}
	return r, nil
}

func (w *watch) begin(context.Context) (err error) {
	w.before, err = w.look(nil)
	w.last = w.before
	return err
}

// arrived is when everyone who joined hears everything.
func (w *watch) arrived(c *crew) (err error) {
	w.joined, err = w.look(c)
	return err
}

// open begins the measurement.
func (w *watch) open(ctx context.Context, c *crew, now time.Time) (err error) {
	if w.opened, err = w.look(c); err != nil {
		return err
	}
	w.zero = now
	w.opened.metrics, err = system.ScrapeFrom(ctx, w.target.Metrics)
	return err
}

// end closes the measurement and writes what both processes used.
func (w *watch) end(ctx context.Context, r *report.Report, measured time.Duration, c *crew) (err error) {
	if w.closed, err = w.look(c); err != nil {
		return err
	}
	if w.closed.metrics, err = system.ScrapeFrom(ctx, w.target.Metrics); err != nil {
		return err
	}
	packets := w.closed.packets - w.opened.packets
	self := w.closed.self.Less(w.opened.self)
	r.Generator.Cores = self.CPU().Seconds() / measured.Seconds()
	r.Generator.RSS, r.Generator.Allowed = self.RSS, self.Allowed
	r.Generator.ReadPackets = packets
	if s := self.CPU().Seconds(); s > 0 {
		r.Generator.PacketsPerCS = float64(packets) / s
	}
	if w.target.PID > 0 {
		r.Server = w.server(c, measured, packets)
	}
	return nil
}

func (w *watch) server(c *crew, measured time.Duration, packets uint64) *report.Server {
	used := w.closed.server.Less(w.opened.server)
	s := &report.Server{
		PID: w.target.PID, UserS: used.User.Seconds(), SystemS: used.System.Seconds(),
		Cores: used.CPU().Seconds() / measured.Seconds(), Allowed: used.Allowed, RSSBefore: w.before.server.RSS, RSS: used.RSS,
		Counters: w.closed.metrics.Since(w.opened.metrics),
	}
	if packets > 0 {
		s.PerPacketUS = float64(used.CPU().Microseconds()) / float64(packets)
	}
	if n := c.count(); n.joined > 0 {
		s.PerParticipant = max(float64(used.RSS)-float64(w.before.server.RSS), 0) / float64(n.joined)
	}
	if n := float64(w.joined.joined); n > 0 {
		s.PerJoinMS = measure.Milliseconds(w.joined.server.Less(w.before.server).CPU()) / n
	}
	return s
}

// sample says how the last second was.
func (w *watch) sample(now time.Time, c *crew) report.Sample {
	r, err := w.look(nil)
	packets, latency, _ := c.received()
	s := report.Sample{Joined: c.count().joined, ServerRSS: r.server.RSS}
	if !w.zero.IsZero() {
		s.AtS = now.Sub(w.zero).Seconds()
	}
	if gone := now.Sub(w.lastAt).Seconds(); !w.lastAt.IsZero() && gone > 0 {
		s.PacketsPerS = float64(packets-w.packets) / gone
		s.SelfCores = r.self.Less(w.last.self).CPU().Seconds() / gone
		if err == nil {
			s.ServerCores = r.server.Less(w.last.server).CPU().Seconds() / gone
		}
	}
	second := latency.Without(&w.latency)
	s.P50, s.P99 = measure.Milliseconds(second.Quantile(0.5)), measure.Milliseconds(second.Quantile(0.99))
	w.last, w.lastAt, w.packets, w.latency = r, now, packets, latency
	return s
}

// judge fills what the generator says of itself, and the verdict.
func (w *watch) judge(r *report.Report, c *crew) {
	late := w.closed.late.Without(&w.opened.late)
	g := &r.Generator
	g.Late, g.Frames, g.LateSends = late.Spread(), late.N, late.Above(report.LateSend)
	for _, p := range c.all() {
		t, f := p.Told(), &r.Client.Feedback
		g.SocketDrops += t.SocketDrops
		f.Reports += t.Reports
		f.Nacked += t.Nacked
		f.KeyframeRequests += t.Keyframes
		f.Transport += t.Arrived
		if p.IsPlain {
			r.Scenario.Plain++
		}
	}
	shift(r.Timeline, w.zero, r.Began)
	r.Void = report.Verdict(r, runtime.GOMAXPROCS(0))
	r.Notes = report.Notes(r)
}

// shift dates the samples from before the measurement back from its beginning: they came about a second apart.
func shift(line []report.Sample, zero, began time.Time) {
	early := 0
	for early < len(line) && line[early].AtS == 0 {
		early++
	}
	before := zero.Sub(began).Seconds()
	for i := range early {
		line[i].AtS = -before * float64(early-i) / float64(early+1)
	}
}
