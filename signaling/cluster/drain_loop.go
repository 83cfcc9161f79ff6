package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"salon/sfu/id"
)

const (
	// drainGap is the most time between two rooms that move: the nodes they go to take their people in meanwhile.
	drainGap = 200 * time.Millisecond
	// lastMoments is for sending away whoever is still there: a tenth of the time, at most this.
	lastMoments = 2 * time.Second
)

// errNotDrained tells that the time for draining was too short.
var errNotDrained = errors.New("rooms are left")

// Drain satisfies Cluster. Small rooms go first: until the large ones go, the loads of the others tell of the small ones.
func (m *Member) Drain(ctx context.Context, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	end := m.now().Add(within - min(within/10, lastMoments))
	if err := m.do(ctx, func(_ time.Time, t *tenure) { t.drain() }); err != nil {
		return fmt.Errorf("drain: %w", err)
	}
	m.draining.Store(true)
	if _, err := m.announce(ctx, m.record(), m.now()); err != nil && !errors.Is(err, ErrQuiet) {
		m.log.Warn("draining not announced", "err", err)
	}
	for ctx.Err() == nil {
		now := m.now()
		left, none := m.left(ctx)
		if none {
			return nil
		}
		if !now.Before(end) {
			if err := m.do(ctx, func(now time.Time, t *tenure) { t.abandon(now) }); err != nil {
				return fmt.Errorf("drain: %w", err)
			}
		}
		gap := blink
		if m.moveFirst(ctx, left) {
			gap = max(min(drainGap, end.Sub(now)/time.Duration(2*len(left))), 0)
		}
		pause(ctx, gap)
	}
	return fmt.Errorf("drain: %w: %w", errNotDrained, ctx.Err())
}

// left returns the rooms that are held, small ones first, and whether nothing is left at all.
func (m *Member) left(ctx context.Context) (rooms []id.Room, none bool) {
	size := map[id.Room]int{}
	for _, h := range m.rooms.List(ctx) {
		size[h.Room] = h.Participants
	}
	if err := m.do(ctx, func(_ time.Time, t *tenure) {
		none = t.empty() && len(size) == 0
		for _, l := range t.leases() {
			rooms = append(rooms, l.Room)
		}
	}); err != nil {
		return nil, false
	}
	slices.SortStableFunc(rooms, func(a, b id.Room) int { return cmp.Compare(size[a], size[b]) })
	return rooms, none
}

// moveFirst moves the first of the rooms that can be moved at the moment.
func (m *Member) moveFirst(ctx context.Context, rooms []id.Room) bool {
	for _, room := range rooms {
		var l Lease
		leaves := false
		if err := m.do(ctx, func(now time.Time, t *tenure) {
			if !t.reach.failing() { // while the registry is away, rooms are better off here
				l, leaves = t.leave(now, room)
			}
		}); err != nil {
			return false
		}
		if leaves {
			m.move(ctx, l)
			return true
		}
	}
	return false
}

// move hands a room over to the node that placement chooses. When there is none, its lease is given back; when none that there is
// answers, it stays for now.
func (m *Member) move(ctx context.Context, l Lease) {
	nodes := slices.DeleteFunc(m.listed(ctx), func(n Node) bool { return n.ID == m.self.ID })
	silent := false
	for {
		n, ok := choose(nodes, "", m.self.Region, rand.IntN)
		if !ok {
			break
		}
		nodes = slices.DeleteFunc(nodes, func(other Node) bool { return other.ID == n.ID })
		if a, err := m.ask(ctx, n, ""); err != nil || !a.Settled {
			silent = true
			continue
		}
		asked := m.now()
		_, err := within(ctx, m.cfg.Patience, func(ctx context.Context) (Lease, error) {
			return m.reg.Handover(ctx, l, n.ID, asked)
		})
		switch {
		case errors.Is(err, ErrUnknownNode), errors.Is(err, ErrDraining):
			continue
		case err == nil || errors.Is(err, ErrStale):
			m.letGo(ctx, l, false)
		default: // nobody knows whether it took effect
			m.log.Warn("room not handed over", "room", l.Room, "err", err)
			m.letGo(ctx, l, true)
		}
		return
	}
	if silent {
		m.post(context.WithoutCancel(ctx), func(_ time.Time, t *tenure) { t.stays(l) })
		return
	}
	m.letGo(ctx, l, true)
}

func (m *Member) letGo(ctx context.Context, l Lease, back bool) {
	m.post(context.WithoutCancel(ctx), func(now time.Time, t *tenure) { t.moved(now, l, back) })
}
