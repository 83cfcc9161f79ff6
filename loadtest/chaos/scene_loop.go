package chaos

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"salon/loadtest/scenario"
)

// uneven is how far a node's rooms may be from an even share.
const uneven = 0.15

// Spread lets everybody in at random nodes and looks where the rooms are.
func Spread(ctx context.Context, cfg Config, log *slog.Logger) (*Record, error) {
	return play(ctx, "spread", cfg, log, func(_ context.Context, r *run) error {
		r.record.RoomsByNode = r.roomsByNode()
		even := float64(cfg.Rooms) / float64(cfg.Nodes)
		for n, rooms := range r.record.RoomsByNode {
			fmt.Fprintf(cfg.Out, "node %d: %d rooms, %+.0f %% of even\n", n, rooms, 100*(float64(rooms)/even-1))
			if off := float64(rooms)/even - 1; off > uneven || off < -uneven {
				r.breach("", complaint{brokenSpread, fmt.Sprintf("node %d has %d rooms, an even share is %.0f", n, rooms, even)})
			}
		}
		return nil
	})
}

// roomsByNode counts the rooms that the residents see on each node.
func (r *run) roomsByNode() []int {
	counts, seen := make([]int, len(r.rack.Nodes)), map[string]bool{}
	for _, p := range r.look(r.began).people {
		if _, owner := r.judge.places(p.Life); p.resident && p.In && !seen[p.Room] && owner >= 0 {
			seen[p.Room] = true
			counts[owner]++
		}
	}
	return counts
}

// againWithin is how soon after its return rooms must be given again: a quiet lease, and two rounds.
const againWithin = 10 * time.Second

// Outage takes Redis away for long: it dies, and comes back with nothing in it.
func Outage(ctx context.Context, cfg Config, log *slog.Logger) (*Record, error) {
	return play(ctx, "outage", cfg, log, func(ctx context.Context, r *run) error {
		f := Fault{Kind: RedisKill, Hold: cfg.Duration}
		if err := r.suffer(ctx, f); err != nil {
			return err
		}
		back := time.Now()
		for !r.opens(ctx) {
			if ctx.Err() != nil || time.Since(back) > againWithin {
				r.breach(f.String(), complaint{brokenRefused, fmt.Sprintf("nobody into a new room %v after redis was back", time.Since(back).Round(time.Second))})
				return ctx.Err()
			}
		}
		fmt.Fprintf(cfg.Out, "new rooms again %.1f s after all was judged\n", time.Since(back).Seconds())
		return nil
	})
}

// opens tells whether somebody gets into a new room, soon.
func (r *run) opens(ctx context.Context) bool {
	seat := scenario.Seat{Room: r.crowd.newRoom(), Bare: true, Stay: time.Second}
	m := r.crowd.hire(seat, false)
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	m.Run(short)
	m.left.Store(time.Now().UnixNano())
	return !m.Result().Joined.IsZero()
}

// What a drain may cost.
const (
	movedWithin = 30 * time.Second
	drainGap    = time.Second // for 95 of 100 subscriptions
)

// Drained lets the node with the most rooms end.
func Drained(ctx context.Context, cfg Config, log *slog.Logger) (*Record, error) {
	return play(ctx, "drain", cfg, log, func(ctx context.Context, r *run) error {
		r.record.RoomsByNode = r.roomsByNode()
		most := slices.Index(r.record.RoomsByNode, slices.Max(r.record.RoomsByNode))
		fmt.Fprintf(cfg.Out, "rooms by node %v: node %d ends\n", r.record.RoomsByNode, most)
		f := Fault{Kind: Drain, Nodes: []int{most}}
		if err := r.suffer(ctx, f); err != nil {
			return err
		}
		s := r.record.Each[len(r.record.Each)-1]
		if s.Void {
			return nil
		}
		if s.RoomsBack.Count == 0 || s.RoomsBack.Max > float64(movedWithin.Milliseconds()) {
			r.breach(f.String(), complaint{brokenBack, fmt.Sprintf("%d rooms moved, the last after %.1f s", s.RoomsBack.Count, s.RoomsBack.Max/1000)})
		}
		if s.Gaps.P95 > float64(drainGap.Milliseconds())+1000*s.HesitatedS {
			r.breach(f.String(), complaint{brokenGap, fmt.Sprintf("p95 is %.0f ms", s.Gaps.P95)})
		}
		return nil
	})
}
