package cluster

import (
	"context"
	"time"

	"salon/sfu/id"
)

func newModelRedis() *book { return newBook(defaultLease, time.Minute) }

// A modelClient is a node's way to the model's Redis, with all that may happen on it.
type modelClient struct{ n *modelNode }

var _ Registry = modelClient{}

// call runs effect at Redis and returns when its answer is here. ErrAway: no answer, and nobody knows.
func call[T any](ctx context.Context, c modelClient, effect func(now time.Time) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	var none T
	w, n := c.n.town, c.n
	answers := make(chan outcome, 1)
	there, back := w.way(n)
	w.later(there, func() {
		w.reach(n, func() {
			value, err := effect(w.hour())
			w.later(back, func() {
				if !w.deaf(n) {
					answers <- outcome{value, err}
				}
			})
		})
	})
	select {
	case o := <-answers:
		n.gate()
		return o.value, o.err
	case <-ctx.Done():
		n.gate()
		return none, ErrAway
	}
}

func (c modelClient) Announce(ctx context.Context, n Node, _ time.Time) error {
	_, err := call(ctx, c, func(now time.Time) (struct{}, error) { return struct{}{}, c.n.town.redis.announce(now, n) })
	return err
}

func (c modelClient) Withdraw(ctx context.Context, node id.Node) error {
	_, err := call(ctx, c, func(now time.Time) (struct{}, error) {
		c.n.town.redis.withdraw(now, node)
		return struct{}{}, nil
	})
	return err
}

func (c modelClient) Nodes(ctx context.Context, _ time.Time) ([]Node, error) {
	return call(ctx, c, func(now time.Time) ([]Node, error) { return c.n.town.redis.list(now), nil })
}

func (c modelClient) Acquire(ctx context.Context, room id.Room, node id.Node, asked time.Time) (Lease, error) {
	return call(ctx, c, func(now time.Time) (Lease, error) {
		l, err := c.n.town.redis.acquire(now, room, node)
		return byClock(l, now, asked), err
	})
}

func (c modelClient) Owner(ctx context.Context, room id.Room, asked time.Time) (Lease, error) {
	return call(ctx, c, func(now time.Time) (Lease, error) {
		l, err := c.n.town.redis.owner(now, room)
		return byClock(l, now, asked), err
	})
}

func (c modelClient) Renew(ctx context.Context, leases []Lease, asked time.Time) ([]Lease, error) {
	return call(ctx, c, func(now time.Time) ([]Lease, error) {
		renewed := c.n.town.redis.renew(now, leases)
		for i, l := range renewed {
			renewed[i] = byClock(l, now, asked)
		}
		return renewed, nil
	})
}

func (c modelClient) Release(ctx context.Context, l Lease, _ time.Time) error {
	_, err := call(ctx, c, func(now time.Time) (struct{}, error) { return struct{}{}, c.n.town.redis.release(now, l) })
	return err
}

func (c modelClient) Handover(ctx context.Context, l Lease, to id.Node, asked time.Time) (Lease, error) {
	c.n.hands(l.Room)
	return call(ctx, c, func(now time.Time) (Lease, error) {
		l, err := c.n.town.redis.handover(now, l, to)
		return byClock(l, now, asked), err
	})
}

// byClock is a lease by the clock of whoever asked, counted from before it asked.
func byClock(l Lease, now, asked time.Time) Lease {
	if !l.Expires.IsZero() {
		l.Expires = asked.Add(l.Expires.Sub(now))
	}
	return l
}
