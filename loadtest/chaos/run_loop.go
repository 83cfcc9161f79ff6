package chaos

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"salon/loadtest/chaos/rack"
)

const (
	readyWithin  = 30 * time.Second // for a process, the quiet time of a fresh cluster included
	inWithin     = 90 * time.Second // for everybody to be in at first
	calm         = 2 * time.Second  // before a fault
	lookEvery    = 200 * time.Millisecond
	wholeWithin  = 45 * time.Second // for all to see all after a fault: the stock clients' last tries included
	endWithin    = 45 * time.Second // for a node that drains
	leaksWithin  = 60 * time.Second // for a node to let go of all
	settledAfter = time.Second      // what is under way when a fault is mended
)

// errSick tells that it makes no sense to go on.
var errSick = errors.New("the cluster does not recover")

// A run is one under way, owned by the goroutine that called Run.
type run struct {
	cfg    Config
	rack   *rack.Rack
	crowd  *crowd
	judge  *judge
	record *Record
	began  time.Time
	before []int // goroutines of each node before anybody came
	living context.Context
	backs  []time.Duration // of rooms whose node died
	fair   []time.Duration // the same, without what this machine hesitated meanwhile
	gaps   []time.Duration
}

// A scene is what happens to the cluster once everybody is in.
type scene func(ctx context.Context, r *run) error

// Run lets the cluster suffer for the time that is configured. The record is nil where there was none to make; the error
// wraps ErrBreach when promises were broken.
func Run(ctx context.Context, cfg Config, log *slog.Logger) (*Record, error) {
	return play(ctx, "chaos", cfg, log, func(ctx context.Context, r *run) error {
		faults := newPlan(cfg)
		for time.Since(r.began) < cfg.Duration {
			if err := r.suffer(ctx, r.worthwhile(faults.next())); err != nil {
				return err
			}
		}
		return nil
	})
}

// play starts everything, plays a scene, and ends everything.
func play(ctx context.Context, name string, cfg Config, log *slog.Logger, s scene) (rec *Record, err error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(cfg.Dir); err != nil {
		return nil, fmt.Errorf("clear folder: %w", err)
	}
	const key, secret = "chaos", "what the nodes of this cluster share"
	racked, err := rack.New(rack.Config{
		Salon: cfg.Salon, Server: cfg.Redis, Dir: cfg.Dir, Nodes: cfg.Nodes, Key: key, Secret: secret, Lease: cfg.Lease, Namespaces: cfg.Namespaces,
		Environ: []string{"SALON_MEDIA_ROOM_EMPTY_TIMEOUT=2s"},
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, racked.Close()) }()
	people, err := newCrowd(cfg, racked.URLs(), key, secret, log)
	if err != nil {
		return nil, err
	}
	r := &run{cfg: cfg, rack: racked, crowd: people, judge: newJudge(racked.Named), record: &Record{
		Schema: Schema, Scene: name, Began: time.Now().UTC().Truncate(time.Second), Seed: cfg.Seed, Nodes: cfg.Nodes, Rooms: cfg.Rooms, Seats: cfg.Seats,
		Media: cfg.Media, Namespaces: cfg.Namespaces, LeaseS: cfg.Lease.Seconds(), Faults: map[Kind]int{},
	}}
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	if err := r.live(ctx, s); err != nil {
		if ctx.Err() != nil {
			return r.record, ctx.Err()
		}
		r.breach("", complaint{brokenAbsent, err.Error()})
	}
	if err := r.leaks(ctx); err != nil {
		r.breach("", complaint{brokenLeak, err.Error()})
	}
	r.close()
	switch {
	case !r.record.OK():
		return r.record, ErrBreach
	case r.record.Void > 0 && r.record.Void == len(r.record.Each):
		return r.record, ErrVoid
	}
	return r.record, nil
}

// start brings the processes up and waits until they serve.
func (r *run) start(ctx context.Context) error {
	if err := r.rack.Redis.Start(); err != nil {
		return err
	}
	ready, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := r.rack.Redis.Ready(ready); err != nil {
		return err
	}
	for _, n := range r.rack.Nodes {
		if err := n.Start(); err != nil {
			return err
		}
		r.judge.doors[n.Address] = n.Number
	}
	for _, n := range r.rack.Nodes {
		if err := n.Ready(ready); err != nil {
			return err
		}
	}
	for _, n := range r.rack.Nodes {
		count, _, err := n.Goroutines(ctx)
		if err != nil {
			return err
		}
		r.before = append(r.before, count)
	}
	return nil
}

// live lets the crowd in, plays the scene, and lets everybody leave.
func (r *run) live(ctx context.Context, s scene) error {
	living, leave := context.WithCancel(ctx)
	r.living = living
	var all sync.WaitGroup
	all.Go(func() { r.crowd.run(living) })
	for _, n := range r.rack.Nodes {
		all.Go(func() { r.balance(living, n) })
	}
	defer all.Wait()
	defer leave()
	r.began = time.Now()
	if _, err := r.whole(ctx, r.began, inWithin); err != nil {
		r.complain("", r.look(r.began))
		return fmt.Errorf("at first: %w", err)
	}
	r.crowd.env.Window.Open(time.Now())
	r.began = time.Now()
	fmt.Fprintf(r.cfg.Out, "%d participants of %d rooms are in; logs in %s\n", len(r.crowd.all()), r.cfg.Rooms, r.cfg.Dir)
	err := s(ctx, r)
	r.record.DurationS = time.Since(r.began).Seconds()
	return errors.Join(err, r.keep())
}

// How a load balancer looks whether a node is ready.
const (
	probeEvery  = 500 * time.Millisecond
	probeWithin = time.Second
)

// balance keeps clients away from a node that is not ready, as load balancers do.
func (r *run) balance(ctx context.Context, n *rack.Node) {
	for pause(ctx, probeEvery) == nil {
		short, cancel := context.WithTimeout(ctx, probeWithin)
		r.crowd.env.Shut(n.Address, !n.Serves(short))
		cancel()
	}
}

// keep writes the diary of everybody.
func (r *run) keep() error {
	f, err := os.Create(filepath.Join(r.cfg.Dir, "lives.txt"))
	if err != nil {
		return fmt.Errorf("write diary: %w", err)
	}
	return errors.Join(r.judge.diary(f, r.began, r.look(time.Time{})), f.Close())
}

// look asks the crowd.
func (r *run) look(since time.Time) look { return r.crowd.look(since, time.Now()) }

// whole waits until everybody is in, sees all others and hears who talks, and tells how long it took.
func (r *run) whole(ctx context.Context, since time.Time, within time.Duration) (time.Duration, error) {
	begin := time.Now()
	for {
		l := r.look(since)
		if len(r.crowd.all()) >= r.cfg.Rooms*r.cfg.Seats && len(r.judge.discord(l)) == 0 {
			return time.Since(begin), nil
		}
		if time.Since(begin) > within {
			return time.Since(begin), errSick
		}
		if err := pause(ctx, lookEvery); err != nil {
			return 0, err
		}
	}
}

// suffer lets one fault happen, and judges what came of it.
func (r *run) suffer(ctx context.Context, f Fault) error {
	if err := pause(ctx, calm); err != nil {
		return err
	}
	lost, begin := r.crowd.lost(), time.Now()
	visiting, enough := context.WithCancel(ctx)
	var visitors sync.WaitGroup
	visitors.Go(func() { r.crowd.visit(visiting, r.living) })
	err := r.inflict(ctx, f)
	enough()
	visitors.Wait()
	if err != nil {
		return fmt.Errorf("%s: %w", f, err)
	}
	took := time.Since(begin)
	if err := pause(ctx, settledAfter); err != nil {
		return err
	}
	s := Suffered{AtS: begin.Sub(r.began).Seconds(), Fault: f.String(), Kind: f.Kind, TookS: took.Seconds()}
	before := len(r.record.Breaches)
	whole, err := r.whole(ctx, begin, wholeWithin)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	l := r.look(begin)
	if err != nil {
		r.complain(f.String(), l)
	}
	s.WholeS = whole.Seconds()
	hesitant := r.crowd.hesitated(begin)
	s.HesitatedS = hesitant.Seconds()
	a := r.judge.reckon(spell{Fault: f, begin: begin, took: took, hesitant: hesitant}, l)
	if s.LostPackets = r.crowd.lost() - lost; f.Kind.ofRedis() && s.LostPackets > 0 {
		a.breaches = append(a.breaches, complaint{brokenLoss, fmt.Sprintf("%d packets", s.LostPackets)})
	}
	if s.Void = hesitant > r.cfg.Lease/2; s.Void {
		a.breaches = slices.DeleteFunc(a.breaches, func(c complaint) bool { return c.what != brokenEpoch })
		a.strange, a.unexplained, a.back = 0, 0, nil
		r.record.Void++
	}
	r.take(&s, f, a)
	if f.Kind == Kill {
		for _, d := range a.back {
			r.backs, r.fair = append(r.backs, d), append(r.fair, max(d-hesitant, 0))
		}
	}
	s.Breaches = len(r.record.Breaches) - before
	r.record.add(s)
	fmt.Fprintln(r.cfg.Out, s.line())
	return err
}

// worthwhile moves a fault of a node that carries nothing to the node that carries most.
func (r *run) worthwhile(f Fault) Fault {
	if len(f.Nodes) != 1 {
		return f
	}
	rooms := r.roomsByNode()
	if rooms[f.Nodes[0]] == 0 {
		f.Nodes = []int{slices.Index(rooms, slices.Max(rooms))}
	}
	return f
}

// take writes the aftermath of a fault into the record.
func (r *run) take(s *Suffered, f Fault, a aftermath) {
	s.Disconnects = a.disconnects
	s.Last = a.last
	s.RoomsBack, s.Gaps = histogram(a.back).Spread(), histogram(a.gaps).Spread()
	s.Hiccups, s.Returns = histogram(a.hiccups).Spread(), histogram(a.returns).Spread()
	r.record.Disconnects += a.disconnects
	r.record.Unexplained += a.unexplained
	r.record.GapsUnexplained += a.strange
	r.gaps = append(r.gaps, a.gaps...)
	for _, c := range a.breaches {
		r.breach(f.String(), c)
	}
}

// complain writes down what is wrong in a look.
func (r *run) complain(fault string, l look) {
	for _, c := range r.judge.discord(l) {
		r.breach(fault, c)
	}
}

// maxBreaches bounds the record: what follows so many says nothing new.
const maxBreaches = 500

func (r *run) breach(fault string, c complaint) {
	switch c.what {
	case brokenSplit, brokenEpoch:
		r.record.SplitRooms++
	case brokenGhost:
		r.record.Ghosts++
	case brokenLeak:
		r.record.Leaks++
	}
	at := 0.0
	if !r.began.IsZero() {
		at = time.Since(r.began).Seconds()
	}
	if len(r.record.Breaches) < maxBreaches {
		r.record.Breaches = append(r.record.Breaches, Breach{AtS: at, Fault: fault, What: c.what, Detail: c.detail})
	}
}

// leaks looks for what the nodes and Redis keep though everybody has left.
func (r *run) leaks(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, leaksWithin)
	defer cancel()
	for i, n := range r.rack.Nodes {
		if n.PID() == 0 {
			continue
		}
		for {
			count, stacks, err := n.Goroutines(ctx)
			if err == nil && count <= r.before[i]+spareGoroutines {
				break
			}
			if pause(ctx, lookEvery) == nil {
				continue
			}
			if err != nil {
				r.breach("", complaint{brokenLeak, fmt.Sprintf("%s doesn't tell what it runs: %v", n.Name(), err)})
				break
			}
			file := filepath.Join(r.cfg.Dir, n.Name()+".goroutines")
			r.breach("", complaint{brokenLeak, fmt.Sprintf("%s has %d goroutines, had %d before anybody came; see %s", n.Name(), count, r.before[i], file)})
			if err := os.WriteFile(file, []byte(stacks), 0o644); err != nil { //nolint:gosec // for people to read
				return fmt.Errorf("keep goroutines: %w", err)
			}
			break
		}
	}
	asked, done := context.WithTimeout(context.WithoutCancel(ctx), readyWithin)
	defer done()
	keys, err := r.rack.Redis.Keys(asked)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Left < 0 {
			r.breach("", complaint{brokenLeak, fmt.Sprintf("redis keeps %s for ever", k.Name)})
		}
	}
	return nil
}

// spareGoroutines are those of connections that nodes keep for a while to others and to Redis.
const spareGoroutines = 12

// close completes the record.
func (r *run) close() {
	if p95 := histogram(r.fair).Quantile(0.95); p95 > backUsually {
		r.breach("", complaint{brokenBack, fmt.Sprintf("95 of 100 rooms after %v", p95.Round(time.Millisecond))})
	}
	r.record.RoomsBack, r.record.Gaps = histogram(r.backs).Spread(), histogram(r.gaps).Spread()
	r.record.Visits = len(r.crowd.all()) - r.cfg.Rooms*r.cfg.Seats
	r.record.summary(r.cfg.Out)
}
