package loadtest

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"salon/loadtest/client"
	"salon/loadtest/progress"
	"salon/loadtest/report"
	"salon/loadtest/scenario"
	"salon/loadtest/system"
)

const (
	sampleEvery  = time.Second
	settleWithin = 20 * time.Second        // for everyone to be connected once the ramp is over
	settleFor    = 1500 * time.Millisecond // for first packets, keyframes and estimates, before the measurement
	arriveEvery  = 20 * time.Millisecond   // how often we ask whether everyone is there and hears everything
	drainFor     = 500 * time.Millisecond  // for what is under way, after it
)

// Run puts the load of a scenario on the server and reports. It returns when everything that it started has ended. An
// error tells that there is no report; a bad result is no error.
func Run(ctx context.Context, s scenario.Scenario, cfg Config, show progress.Display, log *slog.Logger) (*report.Report, error) {
	defer show.Done()
	return run(ctx, s, cfg, show, log)
}

func run(ctx context.Context, s scenario.Scenario, cfg Config, show progress.Display, log *slog.Logger) (*report.Report, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if cfg.Duration <= 0 {
		cfg.Duration = defaultDuration
	}
	seats := cfg.Tracks.Of(s.Plan(cfg.Size, cfg.Duration))
	cfg = cfg.withDefaults(len(seats))
	env, err := client.NewEnvironment(client.Config{
		URLs: cfg.URLs, Key: cfg.Key, Secret: cfg.Secret, Run: "lt-" + rand.Text()[:6], Media: cfg.maker(), Seed: cfg.Seed,
		NoData: cfg.Clients.NoData, AESCM: cfg.Clients.AESCM, Waiting: cfg.Clients.Waiting, Singly: cfg.Clients.Singly, Two: cfg.Clients.Two,
		Returns: cfg.Clients.Return, Silence: cfg.silence(),
	}, log)
	if err != nil {
		return nil, err
	}
	r := newRun(cfg, env, s, seats, show)
	if err := r.watch.begin(ctx); err != nil {
		return nil, err
	}
	return r.report, r.do(ctx)
}

// A measuredRun is one measurement under way, owned by the goroutine that called Run.
type measuredRun struct {
	cfg    Config
	env    *client.Environment
	crew   *crew
	seats  []scenario.Seat
	show   progress.Display
	watch  *watch
	report *report.Report
	began  time.Time // of the measurement; zero before
}

func newRun(cfg Config, env *client.Environment, s scenario.Scenario, seats []scenario.Seat, show progress.Display) *measuredRun {
	return &measuredRun{
		cfg: cfg, env: env, seats: seats, show: show, watch: &watch{target: cfg.Server},
		crew: &crew{env: env, work: &sync.WaitGroup{}, plain: max(cfg.Clients.Plain, 0), returns: cfg.Clients.Return},
		report: &report.Report{
			Schema: report.Schema, Commit: cfg.Commit, Began: time.Now(), Machine: system.ThisMachine(),
			Scenario: report.Scenario{
				Name: s.Name, About: s.About, Size: s.Size.Over(cfg.Size), Media: cfg.Media, Source: cfg.maker().Name(), Tracks: cfg.Tracks,
				Participants: len(seats),
				DurationS:    cfg.Duration.Seconds(), RampS: cfg.Ramp.Seconds(), Seed: cfg.Seed,
			},
		},
	}
}

// do joins, measures, settles and leaves.
func (m *measuredRun) do(ctx context.Context) error {
	living, leave := context.WithCancel(ctx)
	pacing, silence := context.WithCancel(ctx)
	var paced sync.WaitGroup
	paced.Go(func() { m.env.Pace.Run(pacing) })
	reading, deaf := context.WithCancel(context.WithoutCancel(ctx))
	var read sync.WaitGroup
	read.Go(func() { m.env.Well.Run(reading) })
	defer func() {
		silence()
		paced.Wait()
		leave()
		m.crew.work.Wait()
		deaf()
		read.Wait()
	}()
	if err := m.join(ctx, living); err != nil {
		return err
	}
	if err := m.measure(ctx, living); err != nil {
		return err
	}
	silence()
	paced.Wait()
	measured := time.Since(m.began)
	if err := m.watch.end(ctx, m.report, measured, m.crew); err != nil {
		return err
	}
	if err := pause(ctx, drainFor); err != nil {
		return err
	}
	m.crew.settle(&m.report.Client, measured)
	m.watch.judge(m.report, m.crew)
	return nil
}

// join takes the seats that are taken before the measurement, and waits for everyone to be connected.
func (m *measuredRun) join(ctx, living context.Context) error {
	var early []scenario.Seat
	for _, s := range m.seats {
		if !s.Timed {
			early = append(early, s)
		}
	}
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	next := time.NewTimer(0)
	defer next.Stop()
	for taken := 0; taken < len(early); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			m.sample(len(early))
		case <-next.C:
			p := m.crew.hire(early[taken])
			m.crew.work.Go(func() { p.Run(living) })
			taken++
			next.Reset(m.cfg.Ramp / time.Duration(len(early)))
		}
	}
	return m.settle(ctx, len(early))
}

// settle waits until nobody is on the way and everyone hears what is due to them, and a little longer.
func (m *measuredRun) settle(ctx context.Context, seats int) error {
	connected := func() bool { return m.crew.count().settled >= seats }
	if in, err := m.until(ctx, seats, settleWithin, connected); err != nil {
		return err
	} else if !in {
		m.show.Note("not everyone is connected; measuring those who are")
	}
	if n := m.crew.count(); n.failed == seats {
		return errNobody
	}
	began := time.Now()
	if _, err := m.until(ctx, seats, settleFor, m.crew.awaited()); err != nil {
		return err
	}
	if err := m.watch.arrived(m.crew); err != nil {
		return err
	}
	return pause(ctx, settleFor-time.Since(began))
}

// until waits for done, at most for within. It goes on showing how things are.
func (m *measuredRun) until(ctx context.Context, seats int, within time.Duration, done func() bool) (bool, error) {
	tick := time.NewTicker(arriveEvery)
	defer tick.Stop()
	patience := time.NewTimer(within)
	defer patience.Stop()
	shown := time.Now()
	for !done() {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case now := <-tick.C:
			if now.Sub(shown) >= sampleEvery/4 {
				shown = now
				m.sample(seats)
			}
		case <-patience.C:
			return false, nil
		}
	}
	m.sample(seats)
	return true, nil
}

// measure lets the load stand for the scenario's time.
func (m *measuredRun) measure(ctx, living context.Context) error {
	m.began = time.Now()
	m.env.Window.Open(m.began)
	if err := m.watch.open(ctx, m.crew, m.began); err != nil {
		return err
	}
	m.sample(len(m.seats)) // 0 on the reports' axis
	of := m.cfg.Duration
	m.crew.work.Go(func() { m.visit(living) })
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	over := time.NewTimer(of)
	defer over.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			m.sample(len(m.seats))
		case <-over.C:
			m.sample(len(m.seats))
			return nil
		}
	}
}

// visit takes the seats that have their time.
func (m *measuredRun) visit(living context.Context) {
	for _, s := range m.seats {
		if !s.Timed {
			continue
		}
		if pause(living, time.Until(m.began.Add(s.Join))) != nil {
			return
		}
		p := m.crew.hire(s)
		m.crew.work.Go(func() { p.Run(living) })
	}
}

// sample looks at everything once and shows it. Too soon after the last time there is nothing to measure, and it only
// shows who has joined since.
func (m *measuredRun) sample(of int) {
	now := time.Now()
	var s report.Sample
	if line := m.report.Timeline; len(line) > 0 && now.Sub(m.watch.lastAt) < sampleEvery/2 {
		s = line[len(line)-1]
		s.Joined = m.crew.count().joined
	} else {
		s = m.watch.sample(now, m.crew)
		m.report.Timeline = append(m.report.Timeline, s)
	}
	if m.began.IsZero() {
		m.show.Joining(s.Joined, of, s)
		return
	}
	m.show.Measuring(time.Since(m.began), m.cfg.Duration, s)
}

// pause waits, or returns why not.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
