package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"salon/sfu/id"
)

const (
	// askers is how many nodes are asked at once.
	askers = 32
	// blink is how often somebody who waits for a decision about a room looks whether it is made.
	blink = 20 * time.Millisecond
	// glance is how often somebody who waits for the end of a lease looks: many may, after a node is gone.
	glance = 250 * time.Millisecond
)

// A Member is a node's part in a cluster: it announces the node, keeps the leases of its rooms, lets go of what isn't its any
// more, and says where rooms are. Everything but Nodes and Standing waits for Run, whose loop owns what it knows.
type Member struct {
	cfg   MemberConfig
	self  Node
	reg   Registry
	peers Peers
	rooms Rooms
	load  func() Load
	log   *slog.Logger
	now   func() time.Time

	calls chan func(now time.Time, t *tenure)
	ended chan struct{} // closed when Run returns

	// What the loop tells everybody. The first of the nodes is this one.
	nodes    atomic.Pointer[[]Node]
	standing atomic.Int64
	draining atomic.Bool
	counts   counts
}

// NewMember returns the Member for self, which is announced with what load returns. A Memory as reg makes it a cluster of one;
// then peers is not asked.
func NewMember(cfg MemberConfig, self Node, reg Registry, peers Peers, rooms Rooms, load func() Load, log *slog.Logger,
	now func() time.Time,
) (*Member, error) {
	cfg, err := cfg.validate()
	if err != nil {
		return nil, err
	}
	if _, memory := reg.(*Memory); memory {
		cfg.Alone = true
	}
	m := &Member{
		cfg: cfg, self: self, reg: reg, peers: peers, rooms: rooms, load: load, log: log.With("node", self.ID), now: now,
		calls: make(chan func(time.Time, *tenure)), ended: make(chan struct{}),
	}
	m.nodes.Store(&[]Node{self})
	return m, nil
}

var _ Cluster = (*Member)(nil)

// Run takes part until ctx ends, which is after the node's rooms have ended. It gives back the leases of the rooms that are
// gone, and withdraws the node. It is called once.
func (m *Member) Run(ctx context.Context) error {
	defer close(m.ended)
	t := newTenure(m.cfg, m.self.ID)
	tasks := &tasks{slots: make(chan struct{}, askers)}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		now := m.now()
		for s, ok := t.next(now); ok; s, ok = t.next(now) {
			m.start(ctx, tasks, s, now)
		}
		m.publish(t)
		at, _ := t.deadline()
		timer.Reset(at.Sub(now))
		select {
		case <-ctx.Done():
		case call := <-m.calls:
			call(m.now(), t)
		case <-timer.C:
		}
	}
	tasks.Wait()
	return m.withdraw(context.WithoutCancel(ctx), t)
}

// tasks are what a loop started.
type tasks struct {
	sync.WaitGroup
	slots chan struct{} // of those that ask nodes
}

// publish lets everybody see how the node stands.
func (m *Member) publish(t *tenure) {
	m.standing.Store(int64(t.standing()))
	m.draining.Store(t.draining)
	m.counts.leases.Store(int64(len(t.held)))
}

// list lets everybody see which nodes there are.
func (m *Member) list(self Node, others []Node) {
	nodes := append([]Node{self}, others...)
	m.nodes.Store(&nodes)
}

// start does what the tenure wants, without letting the loop wait.
func (m *Member) start(ctx context.Context, tasks *tasks, s step, now time.Time) {
	switch s.do {
	case renew:
		tasks.Go(func() { m.renew(ctx, s.leases, now) })
	case look:
		tasks.Go(func() {
			rooms := m.rooms.List(ctx)
			m.post(ctx, func(_ time.Time, t *tenure) { t.carry(now, rooms) })
		})
	case ask:
		tasks.Go(func() {
			tasks.slots <- struct{}{}
			defer func() { <-tasks.slots }()
			asked := m.now()
			a, err := m.ask(ctx, s.node, "")
			m.post(ctx, func(now time.Time, t *tenure) {
				if err != nil {
					t.reach.answer(now, s.node.ID, asked, nil)
					return
				}
				t.reach.answer(now, s.node.ID, asked, &a)
			})
		})
	case leave:
		m.counts.left(s.why)
		tasks.Go(func() {
			m.log.Warn("room left", "room", s.lease.Room, "epoch", s.lease.Epoch, "why", string(s.why))
			m.sendAway(ctx, s.lease.Room)
			m.post(ctx, func(_ time.Time, t *tenure) { t.left(s.lease.Room) })
		})
	case release:
		tasks.Go(func() {
			err := m.release(ctx, s.lease)
			m.post(ctx, func(now time.Time, t *tenure) { t.released(now, s.lease, err == nil || errors.Is(err, ErrStale)) })
		})
	}
}

// renew announces the node, makes its leases last, and lists the nodes, all at once: none waits for another's answer.
func (m *Member) renew(ctx context.Context, leases []Lease, asked time.Time) {
	var wg sync.WaitGroup
	var mine []Lease
	var nodes []Node
	var renewErr, announceErr, nodesErr error
	if len(leases) > 0 {
		wg.Go(func() {
			mine, renewErr = within(ctx, m.cfg.Patience, func(ctx context.Context) ([]Lease, error) {
				return m.reg.Renew(ctx, leases, asked)
			})
		})
	}
	quiet := false
	record := m.record()
	wg.Go(func() { quiet, announceErr = m.announce(ctx, record, asked) })
	wg.Go(func() {
		nodes, nodesErr = within(ctx, m.cfg.Patience, func(ctx context.Context) ([]Node, error) { return m.reg.Nodes(ctx, asked) })
	})
	wg.Wait()
	m.post(ctx, func(now time.Time, t *tenure) {
		if nodesErr == nil {
			t.reach.list(now, nodes)
		}
		m.list(record, t.reach.nodes())
		t.renewed(now, leases, mine, renewErr == nil, announceErr == nil && !quiet)
		if err := errors.Join(renewErr, announceErr); err != nil {
			m.complain(t, err)
			t.unanswered(asked)
			return
		}
		if t.reach.failing() {
			m.log.Info("registry reached again")
		}
		t.answered(asked, quiet)
	})
}

// complain logs the first failure of a row.
func (m *Member) complain(t *tenure, err error) {
	if !t.reach.failing() {
		m.log.Warn("registry doesn't answer", "err", err)
	}
}

// announce returns whether nobody gets a room at the moment.
func (m *Member) announce(ctx context.Context, n Node, asked time.Time) (quiet bool, err error) {
	_, err = within(ctx, m.cfg.Patience, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, m.reg.Announce(ctx, n, asked)
	})
	if errors.Is(err, ErrQuiet) {
		return true, nil // announced all the same
	}
	return false, err
}

// record is what the others see of this node.
func (m *Member) record() Node {
	n := m.self
	n.Draining, n.Load = m.draining.Load(), m.load()
	return n
}

func (m *Member) ask(ctx context.Context, n Node, room id.Room) (Answer, error) {
	return within(ctx, m.cfg.Patience, func(ctx context.Context) (Answer, error) { return m.peers.Ask(ctx, n, room) })
}

func (m *Member) release(ctx context.Context, l Lease) error {
	_, err := within(ctx, m.cfg.Patience, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, m.reg.Release(ctx, l, m.now())
	})
	return err
}

func (m *Member) sendAway(ctx context.Context, room id.Room) {
	if err := m.rooms.Close(ctx, room); err != nil {
		m.log.Error("room not closed", "room", room, "err", err)
	}
}

// within bounds a question by the patience. Who is asked has to look at its ctx.
func within[T any](ctx context.Context, patience time.Duration, question func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := question(ctx)
	if err != nil && ctx.Err() != nil && !errors.Is(err, ErrAway) {
		err = fmt.Errorf("%w: %w", ErrAway, err)
	}
	return answer, err
}

// withdraw ends what is left. A lease whose room still exists is not given back: it ends by itself, after the room.
func (m *Member) withdraw(ctx context.Context, t *tenure) error {
	ctx, cancel := context.WithTimeout(ctx, 2*m.cfg.Patience)
	defer cancel()
	t.carry(m.now(), m.rooms.List(ctx))
	var errs []error
	for _, l := range t.leases() {
		if !t.held[l.Room].carried {
			errs = append(errs, m.reg.Release(ctx, l, m.now()))
		}
	}
	errs = append(errs, m.reg.Withdraw(ctx, m.self.ID))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("withdraw node %s: %w", m.self.ID, err)
	}
	return nil
}

// search asks the nodes for one that holds the room. ErrAway: none that answers does.
func (m *Member) search(ctx context.Context, room id.Room) (Place, error) {
	nodes := m.Nodes()[1:]
	answers := make([]Answer, len(nodes))
	var wg sync.WaitGroup
	slots := make(chan struct{}, askers)
	for i, n := range nodes {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			answers[i], _ = m.ask(ctx, n, room) // who doesn't answer can't take anybody in
		})
	}
	wg.Wait()
	var found Place
	for i, a := range answers {
		if a.Holds && a.Epoch > found.Lease.Epoch {
			found = Place{Lease: Lease{Room: room, Node: nodes[i].ID, Epoch: a.Epoch}, Node: nodes[i]}
		}
	}
	if found.Node.ID == "" {
		return Place{}, fmt.Errorf("locate: no node that answers has the room: %w", ErrAway)
	}
	return found, nil
}

// pause waits for so long, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// post has the loop do f, unless ctx or the loop ends before.
func (m *Member) post(ctx context.Context, f func(now time.Time, t *tenure)) {
	select {
	case m.calls <- f:
	case <-ctx.Done():
	case <-m.ended:
	}
}

// do has the loop do f, and waits for it. ErrAway: the loop has ended.
func (m *Member) do(ctx context.Context, f func(now time.Time, t *tenure)) error {
	done := make(chan struct{})
	select {
	case m.calls <- func(now time.Time, t *tenure) { defer close(done); f(now, t) }:
		<-done
		return nil
	case <-ctx.Done():
		return fmt.Errorf("cluster: %w", ctx.Err())
	case <-m.ended:
		return fmt.Errorf("the node has left the cluster: %w", ErrAway)
	}
}

// Nodes satisfies Cluster.
func (m *Member) Nodes() []Node { return slices.Clone(*m.nodes.Load()) }

// Standing satisfies Cluster.
func (m *Member) Standing() Standing { return Standing(m.standing.Load()) }

// Answer satisfies Cluster.
func (m *Member) Answer(ctx context.Context, room id.Room) (a Answer, err error) {
	err = m.do(ctx, func(now time.Time, t *tenure) {
		a = t.reach.tell(now)
		a.Settled = a.Settled && !t.draining && !t.quiet
		if l, ok := t.holds(room); ok {
			a.Holds, a.Epoch = true, l.Epoch
		}
	})
	return a, err
}
