package api

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"salon/loadtest/measure"
	"salon/loadtest/progress"
	"salon/loadtest/report"
	"salon/loadtest/system"
)

const sampleEvery = time.Second

// A run is one measurement under way.
type run struct {
	cfg    Config
	base   string
	now    func() time.Time
	show   progress.Display
	wire   *http.Transport
	people []*person
	clubs  []club

	mu    sync.Mutex
	tally map[string]*tally
	all   measure.Histogram
}

// A tally is what is known of one kind of request.
type tally struct {
	times  measure.Histogram
	server measure.Histogram // those times that the server told
	errors uint64
}

// Run fills the place and puts the load on it. It returns when everything that it started has ended. An error tells
// that there is no report; a bad result is no error.
func Run(ctx context.Context, cfg Config, show progress.Display) (*report.Report, error) {
	defer show.Done()
	cfg = cfg.withDefaults()
	base, err := cfg.base()
	if err != nil {
		return nil, err
	}
	r := &run{
		cfg: cfg, base: base, now: time.Now, show: show, tally: map[string]*tally{},
		wire: &http.Transport{MaxIdleConnsPerHost: cfg.Workers},
	}
	defer r.wire.CloseIdleConnections()
	began := time.Now()
	if err := r.fill(ctx); err != nil {
		return nil, err
	}
	out := &report.Report{
		Schema: report.Schema, Commit: cfg.Commit, Began: began, Machine: system.ThisMachine(),
		Scenario: report.Scenario{Name: "api", About: "the club's pages, searches and writes, over HTTP", DurationS: cfg.Duration.Seconds(), Seed: cfg.Seed},
		API:      &report.API{People: len(r.people), Clubs: len(r.clubs), Notes: cfg.Notes, FilledS: time.Since(began).Seconds(), Rate: cfg.Rate},
	}
	return out, r.measure(ctx, out)
}

// measure lets people visit for the time of the measurement.
func (r *run) measure(ctx context.Context, out *report.Report) error {
	ctx, stop := context.WithTimeout(ctx, r.cfg.Duration)
	defer stop()
	self, server, err := r.usage()
	if err != nil {
		return err
	}
	began := time.Now()
	var next atomic.Int64
	var work sync.WaitGroup
	for range r.cfg.Workers {
		work.Go(func() {
			for {
				n := next.Add(1)
				if pause(ctx, time.Until(began.Add(time.Duration(float64(n)/r.cfg.Rate*float64(time.Second))))) != nil {
					return
				}
				r.visit(ctx, uint64(n)) //nolint:gosec // counts from 1
			}
		})
	}
	r.watch(ctx, began, out)
	work.Wait()
	took := time.Since(began).Seconds()
	selfEnd, serverEnd, err := r.usage()
	if err != nil {
		return err
	}
	out.Generator.Cores, out.Generator.RSS = selfEnd.Less(self).CPU().Seconds()/took, selfEnd.RSS
	if r.cfg.PID > 0 {
		used := serverEnd.Less(server)
		out.Server = &report.Server{
			PID: r.cfg.PID, UserS: used.User.Seconds(), SystemS: used.System.Seconds(), Cores: used.CPU().Seconds() / took,
			Allowed: used.Allowed, RSSBefore: server.RSS, RSS: used.RSS,
		}
	}
	r.settle(out.API, took)
	if visits, wanted := float64(next.Load()-int64(r.cfg.Workers)), r.cfg.Rate*took; visits < behind*wanted {
		out.Notes = append(out.Notes, fmt.Sprintf("%.0f of %.0f visits were made: the server or the generator did not keep up", visits, wanted))
	}
	return nil
}

// behind is the share of visits below which a run is worth a word.
const behind = 0.95

// visit is the n-th: who, where and what come from the seed.
func (r *run) visit(ctx context.Context, n uint64) {
	random := rand.New(rand.NewPCG(r.cfg.Seed, n)) //nolint:gosec // no secret
	v := &visit{
		run: r, rand: random, words: newSpeech(random),
		who: r.people[random.IntN(len(r.people))], club: r.clubs[random.IntN(len(r.clubs))],
	}
	if random.IntN(2) == 0 { // half of the visits are to the busy clubs
		v.club = r.clubs[random.IntN(max(len(r.clubs)/50, 1))]
	}
	choose(random.IntN(100)).do(v, ctx)
}

// book counts one request; server is what the server says that it took.
func (r *run) book(name string, took time.Duration, fine bool, server time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tally[name]
	if t == nil {
		t = &tally{}
		r.tally[name] = t
	}
	if !fine {
		t.errors++
		return
	}
	t.times.Add(took)
	if server > 0 {
		t.server.Add(server)
	}
	r.all.Add(took)
}

// watch takes a sample each second until ctx ends.
func (r *run) watch(ctx context.Context, began time.Time, out *report.Report) {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	var before measure.Histogram
	self, server, _ := r.usage()
	for {
		select {
		case <-ctx.Done():
			return
		case at := <-tick.C:
			r.mu.Lock()
			all := r.all
			r.mu.Unlock()
			second := all.Without(&before)
			before = all
			s := report.Sample{
				AtS: at.Sub(began).Seconds(), Joined: len(r.people), PacketsPerS: float64(second.N),
				P50: measure.Milliseconds(second.Quantile(0.5)), P99: measure.Milliseconds(second.Quantile(0.99)),
			}
			if nowSelf, nowServer, err := r.usage(); err == nil {
				s.SelfCores, s.ServerCores, s.ServerRSS = nowSelf.Less(self).CPU().Seconds(), nowServer.Less(server).CPU().Seconds(), nowServer.RSS
				self, server = nowSelf, nowServer
			}
			out.Timeline = append(out.Timeline, s)
			r.show.Measuring(at.Sub(began), r.cfg.Duration, s)
		}
	}
}

// usage is what both processes have used; nothing of a server that was not named.
func (r *run) usage() (self, server system.Usage, err error) {
	if self, err = system.ReadUsage(system.Proc(), system.SelfPID()); err != nil {
		return self, server, fmt.Errorf("look at the generator: %w", err)
	}
	if r.cfg.PID > 0 {
		if server, err = system.ReadUsage(system.Proc(), r.cfg.PID); err != nil {
			return self, server, fmt.Errorf("look at the server: %w", err)
		}
	}
	return self, server, nil
}

// settle writes what became of every kind of request.
func (r *run) settle(out *report.API, took float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, t := range r.tally {
		out.Requests += t.times.N + t.errors
		out.Errors += t.errors
		out.Operations = append(out.Operations, report.Operation{Name: name, Errors: t.errors, Spread: t.times.Spread(), Server: t.server.Spread()})
	}
	slices.SortFunc(out.Operations, func(a, b report.Operation) int { return cmp.Compare(a.Name, b.Name) })
	out.All, out.RequestsPerS = r.all.Spread(), float64(out.Requests)/took
}

// pause waits, not longer than ctx lasts.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
