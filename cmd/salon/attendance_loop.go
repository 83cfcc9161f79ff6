package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"salon/sfu/beat"
	"salon/sfu/id"
	"salon/sfu/room"
)

const (
	// seenInterval is how often those who are in a room are written down as seen there: what a
	// process that is killed can lose of their stay.
	seenInterval = time.Second
	// compareEvery is after how many of these the rooms are asked who is in them, even when
	// nothing was missed.
	compareEvery = 10
	// writePatience bounds one statement.
	writePatience = 5 * time.Second
)

// visitors is what the attendance is taken from: the media server.
type visitors interface {
	Visits() <-chan room.Visit
	Visitors(ctx context.Context) ([]room.Visit, error)
	VisitsDropped() uint64
}

// A registrar hears statements: the guestbook, or the way to that of another node. again: it lacks something, and wants to
// hear who is there.
type registrar interface {
	Record(ctx context.Context, s statement) (again bool, err error)
}

// A roll is the taking of attendance in the rooms of one node. Lost and Run are for all, the rest is for Run alone.
type roll struct {
	node  id.Node
	media visitors
	to    registrar
	log   *slog.Logger

	rooms   *attendance
	number  uint64 // of the last statement
	unheard bool   // that one was not heard

	lost atomic.Uint64
}

func newRoll(node id.Node, media visitors, to registrar, log *slog.Logger) *roll {
	return &roll{node: node, media: media, to: to, log: log, rooms: newAttendance()}
}

// Lost is how many visits were forgotten, because too many waited for a registrar that did not hear.
func (r *roll) Lost() uint64 { return r.lost.Load() }

// Run tells the registrar who is in which conference until ctx ends, which must be after
// the last room has ended: then nobody is there. The media never waits for it: what it does
// not hear, because it was slow, it learns by asking the rooms.
func (r *roll) Run(ctx context.Context) error {
	timer := time.NewTimer(beat.Until(time.Now(), seenInterval))
	defer timer.Stop()
	var missed uint64
	for ticks := 1; ; {
		select {
		case <-ctx.Done():
			r.drain()
			r.rooms.compare(nil, time.Now())
			if !r.rooms.idle() {
				r.say(ctx)
			}
			return nil
		case v := <-r.media.Visits():
			r.rooms.hear(v)
			r.drain()
			if len(r.rooms.pending) > 0 && !r.unheard {
				r.say(ctx)
			}
		case <-timer.C:
			timer.Reset(beat.Until(time.Now(), seenInterval))
			if dropped := r.media.VisitsDropped(); dropped != missed || ticks%compareEvery == 0 {
				missed = dropped
				r.ask(ctx)
			}
			ticks++
			if !r.rooms.idle() {
				r.say(ctx)
			}
		}
	}
}

// say tells all that there is to tell, and everything once more if that was asked for.
func (r *roll) say(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writePatience)
	defer cancel()
	defer func() { r.lost.Store(r.rooms.lost) }()
	for repeated := false; ; {
		s := r.rooms.take(time.Now())
		r.number++
		s.Node, s.Number = r.node, r.number
		again, err := r.to.Record(ctx, s)
		if err != nil {
			r.rooms.giveBack(s)
			if !r.unheard {
				r.log.Warn("attendance not written", "err", err)
			}
			r.unheard = true
			return
		}
		if r.unheard {
			r.log.Info("attendance written again")
			r.unheard = false
		}
		if again && s.Present == nil && !r.rooms.whole && !repeated {
			repeated = true
			r.rooms.repeat()
		}
		if !r.rooms.owes() {
			return
		}
	}
}

// drain hears what waits.
func (r *roll) drain() {
	for {
		select {
		case v := <-r.media.Visits():
			r.rooms.hear(v)
		default:
			return
		}
	}
}

// ask compares with who is in the rooms. What waits in the queue is heard before: it may be
// older than the answer.
func (r *roll) ask(ctx context.Context) {
	r.drain()
	ctx, cancel := context.WithTimeout(ctx, writePatience)
	defer cancel()
	all, err := r.media.Visitors(ctx)
	if err != nil {
		r.log.Warn("rooms do not say who is in them", "err", err)
		return
	}
	r.rooms.compare(all, time.Now())
}
