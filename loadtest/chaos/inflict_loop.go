package chaos

import (
	"context"
	"errors"
	"fmt"

	"salon/loadtest/chaos/valve"
)

// inflict breaks what the fault says, waits, and mends it.
func (r *run) inflict(ctx context.Context, f Fault) error {
	switch f.Kind {
	case Kill:
		return r.kill(ctx, f)
	case Stop:
		n := r.rack.Nodes[f.Nodes[0]]
		return errors.Join(n.Pause(), pause(ctx, f.Hold), n.Resume())
	case Drain:
		return r.drain(ctx, f)
	case RedisKill:
		redis := r.rack.Redis
		if err := errors.Join(redis.Kill(), pause(ctx, f.Hold), redis.Start()); err != nil {
			return err
		}
		ready, cancel := context.WithTimeout(ctx, readyWithin)
		defer cancel()
		return redis.Ready(ready)
	case RedisPause:
		return errors.Join(r.rack.Redis.Pause(), pause(ctx, f.Hold), r.rack.Redis.Resume())
	case Unplug:
		n := f.Nodes[0]
		return errors.Join(r.rack.Plug(n, false), pause(ctx, f.Hold), r.rack.Plug(n, true))
	default:
		return errors.Join(r.links(f, f.flow()), pause(ctx, f.Hold), r.links(f, valve.Flow{}))
	}
}

// flow is how what the fault meets passes.
func (f Fault) flow() valve.Flow {
	return valve.Flow{Cut: !f.Held && f.Delay == 0, Held: f.Held, Delay: f.Delay}
}

// links lets what the fault meets pass so.
func (r *run) links(f Fault, flow valve.Flow) error {
	var errs []error
	switch f.Kind { //nolint:exhaustive // the others are no links
	case RedisSlow:
		for n := range r.rack.Nodes {
			errs = append(errs, r.rack.ToRedis(n, flow))
		}
	case CutRedis:
		errs = append(errs, r.rack.ToRedis(f.Nodes[0], flow))
	case CutNodes:
		errs = append(errs, r.rack.Between(f.Nodes[0], f.Nodes[1], flow))
	case Isolate:
		errs = append(errs, r.rack.ToRedis(f.Nodes[0], flow))
		for n := range r.rack.Nodes {
			if n != f.Nodes[0] {
				errs = append(errs, r.rack.Between(f.Nodes[0], n, flow))
			}
		}
	}
	return errors.Join(errs...)
}

func (r *run) kill(ctx context.Context, f Fault) error {
	n := r.rack.Nodes[f.Nodes[0]]
	if err := errors.Join(n.Kill(), pause(ctx, f.Hold)); err != nil {
		return err
	}
	return r.revive(ctx, f.Nodes[0])
}

// drain lets a node end, and starts it again. It must end with exit code 0.
func (r *run) drain(ctx context.Context, f Fault) error {
	n := r.rack.Nodes[f.Nodes[0]]
	if err := n.Terminate(); err != nil {
		return err
	}
	ended, cancel := context.WithTimeout(ctx, endWithin)
	defer cancel()
	if err := n.Wait(ended); err != nil {
		r.breach(f.String(), complaint{brokenExit, err.Error()})
		if err := n.Kill(); err != nil {
			return err
		}
	}
	return r.revive(ctx, f.Nodes[0])
}

func (r *run) revive(ctx context.Context, number int) error {
	n := r.rack.Nodes[number]
	if err := n.Start(); err != nil {
		return err
	}
	ready, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := n.Ready(ready); err != nil {
		return fmt.Errorf("start again: %w", err)
	}
	return nil
}
