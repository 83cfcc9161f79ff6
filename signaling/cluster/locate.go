package cluster

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"salon/sfu/id"
)

// tries is how often a lease is looked for that changes hands while we look.
const tries = 3

// errLeaving is of a node that is drained: who asks it may come back, and will find another one.
var errLeaving = fmt.Errorf("%w: %w", ErrDraining, ErrQuiet)

// errSilent tells that the node that holds the room doesn't answer.
var errSilent = errors.New("the node that has the room doesn't answer")

// Locate satisfies Cluster. It remembers nothing: where the registry is away, it asks the nodes.
func (m *Member) Locate(ctx context.Context, room id.Room) (Place, error) {
	for until := m.now().Add(m.cfg.Lease + m.cfg.Interval); ; pause(ctx, glance) {
		p, err := m.locate(ctx, room)
		if !errors.Is(err, errSilent) {
			return p, err
		}
		if ctx.Err() != nil || m.now().After(until) {
			return Place{}, fmt.Errorf("locate: %w: %w", ErrQuiet, err)
		}
	}
}

func (m *Member) locate(ctx context.Context, room id.Room) (Place, error) {
	l, err := m.here(ctx, room)
	switch {
	case err == nil:
		return m.place(l), nil
	case !errors.Is(err, ErrUnowned):
		return Place{}, err
	}
	l, err = m.owner(ctx, room)
	switch {
	case errors.Is(err, ErrAway):
		return m.search(ctx, room)
	case errors.Is(err, ErrUnowned):
		return m.choose(ctx, room, l)
	case err != nil:
		return Place{}, err
	case l.Node == m.self.ID:
		return m.settle(ctx, room)
	}
	p := m.place(l)
	if _, err := m.ask(ctx, p.Node, room); err != nil {
		return Place{}, errSilent
	}
	return p, nil
}

// choose finds a place for a room that nobody holds. Another node is asked before it is chosen: its record outlives it.
func (m *Member) choose(ctx context.Context, room id.Room, last Lease) (Place, error) {
	for nodes := m.listed(ctx); ; {
		n, ok := choose(nodes, last.Node, m.self.Region, rand.IntN)
		if !ok {
			return Place{}, fmt.Errorf("no node takes rooms: %w", ErrQuiet)
		}
		if n.ID == m.self.ID {
			p, err := m.settle(ctx, room)
			if !errors.Is(err, ErrQuiet) || len(nodes) == 1 {
				return p, err
			}
		} else if a, err := m.ask(ctx, n, room); err == nil && (a.Settled || a.Holds) {
			return Place{Lease: Lease{Room: room, Node: n.ID, Metadata: last.Metadata}, Node: n}, nil
		}
		nodes = slices.DeleteFunc(nodes, func(other Node) bool { return other.ID == n.ID })
	}
}

// settle has the room here, unless another one is quicker.
func (m *Member) settle(ctx context.Context, room id.Room) (Place, error) {
	l, err := m.hold(ctx, room, true)
	if err != nil && !errors.Is(err, ErrHeld) {
		return Place{}, err
	}
	return m.place(l), nil
}

// Enter satisfies Cluster.
func (m *Member) Enter(ctx context.Context, room id.Room, epoch uint64) (Admission, error) {
	l, err := m.here(ctx, room)
	if errors.Is(err, ErrUnowned) {
		l, err = m.hold(ctx, room, epoch == 0)
	}
	if err != nil {
		return Admission{Lease: l}, fmt.Errorf("enter: %w", err)
	}
	if epoch != 0 && epoch != l.Epoch {
		return Admission{Lease: l}, fmt.Errorf("enter by epoch %d, the room's is %d: %w", epoch, l.Epoch, ErrStale)
	}
	entered := false
	if err := m.do(ctx, func(now time.Time, t *tenure) { l, entered = t.enter(now, room) }); err != nil {
		return Admission{}, err
	}
	if !entered {
		return Admission{}, fmt.Errorf("enter: the room has just left: %w", ErrQuiet)
	}
	done := sync.OnceFunc(func() {
		m.post(context.WithoutCancel(ctx), func(now time.Time, t *tenure) { t.entered(now, l) })
	})
	return Admission{Lease: l, Done: done}, nil
}

// here returns the lease by which this node holds the room surely. ErrUnowned: it doesn't hold it. It waits while that is being
// decided, for two questions' time: then ErrQuiet.
func (m *Member) here(ctx context.Context, room id.Room) (l Lease, err error) {
	for until := m.now().Add(2 * m.cfg.Patience); ; pause(ctx, blink) {
		var held, busy bool
		err := m.do(ctx, func(now time.Time, t *tenure) {
			busy = t.busy(now, room)
			l, held = t.holds(room)
		})
		switch {
		case err != nil:
			return Lease{}, err
		case held && !busy:
			return l, nil
		case !busy:
			return Lease{}, ErrUnowned
		case m.now().After(until):
			return Lease{}, fmt.Errorf("what becomes of the room is being decided: %w", ErrQuiet)
		}
	}
}

// hold makes this node hold the room, when the registry says that it is ours, or, if it may be taken, that it is nobody's.
// ErrHeld, with the lease: it is another's. ErrStale: nobody holds it, and it may not be taken.
func (m *Member) hold(ctx context.Context, room id.Room, take bool) (Lease, error) {
	for range tries {
		asked := m.now()
		l, err := m.owner(ctx, room)
		switch {
		case errors.Is(err, ErrUnowned) && !take:
			return Lease{}, ErrStale
		case errors.Is(err, ErrUnowned):
			if l, err = m.take(ctx, room, l); err != nil {
				return l, err
			}
		case err != nil:
			return Lease{}, err
		case l.Node != m.self.ID:
			return l, ErrHeld
		}
		usable, back := false, false
		if err := m.do(ctx, func(now time.Time, t *tenure) {
			t.reach.succeed(asked)
			usable, back = t.acquire(now, l)
		}); err != nil {
			return Lease{}, err
		}
		if usable {
			return l, nil
		}
		if back {
			if err := m.release(ctx, l); err != nil && !errors.Is(err, ErrStale) {
				return Lease{}, err
			}
		}
		if held, err := m.here(ctx, room); !errors.Is(err, ErrUnowned) {
			return held, err
		}
	}
	return Lease{}, fmt.Errorf("the room changes hands: %w", ErrQuiet)
}

// take gets a lease of a room that the registry says nobody holds. Its last holder is asked before: it may be keeping the room
// while the registry is away from it.
func (m *Member) take(ctx context.Context, room id.Room, last Lease) (Lease, error) {
	settled, draining := false, false
	if err := m.do(ctx, func(now time.Time, t *tenure) { settled, draining = t.reach.settled(now), t.draining }); err != nil {
		return Lease{}, err
	}
	switch {
	case draining:
		return Lease{}, errLeaving
	case !settled:
		return Lease{}, fmt.Errorf("this node takes no rooms at the moment: %w", ErrQuiet)
	}
	if n, known := m.node(last.Node); known && n.ID != m.self.ID {
		if a, err := m.ask(ctx, n, room); err == nil && a.Holds {
			return Lease{Room: room, Node: n.ID, Epoch: a.Epoch}, ErrHeld
		}
	}
	l, err := m.acquire(ctx, room)
	if errors.Is(err, ErrUnknownNode) { // the registry lost its memory
		if _, err := m.announce(ctx, m.record(), m.now()); err != nil {
			return Lease{}, err
		}
		l, err = m.acquire(ctx, room)
	}
	return l, err
}

// place is where l says. The Node has no address where it isn't known.
func (m *Member) place(l Lease) Place {
	n, known := m.node(l.Node)
	if !known {
		n = Node{ID: l.Node}
	}
	return Place{Here: l.Node == m.self.ID, Lease: l, Node: n}
}

func (m *Member) node(name id.Node) (Node, bool) {
	for _, n := range m.Nodes() {
		if n.ID == name {
			return n, true
		}
	}
	return Node{}, false
}

// listed returns the nodes as the registry has them at this moment, which counts rooms that were given away since nodes announced
// themselves; those known lately, if it doesn't answer.
func (m *Member) listed(ctx context.Context) []Node {
	asked := m.now()
	nodes, err := within(ctx, m.cfg.Patience, func(ctx context.Context) ([]Node, error) { return m.reg.Nodes(ctx, asked) })
	if err != nil {
		return m.Nodes()
	}
	return nodes
}

// owner and acquire ask the registry.
func (m *Member) owner(ctx context.Context, room id.Room) (Lease, error) {
	asked := m.now()
	return within(ctx, m.cfg.Patience, func(ctx context.Context) (Lease, error) { return m.reg.Owner(ctx, room, asked) })
}

func (m *Member) acquire(ctx context.Context, room id.Room) (Lease, error) {
	asked := m.now()
	return within(ctx, m.cfg.Patience, func(ctx context.Context) (Lease, error) {
		return m.reg.Acquire(ctx, room, m.self.ID, asked)
	})
}
