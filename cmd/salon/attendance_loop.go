package main

import (
	"context"
	"log/slog"
	"time"

	"salon/clubapi"
	"salon/sfu/room"
)

const (
	// seenInterval is how often those who are in a room are written down as seen there: what a
	// process that is killed can lose of their stay.
	seenInterval = time.Second
	// compareEvery is after how many of these the rooms are asked who is in them, even when
	// nothing was missed.
	compareEvery = 10
	// writePatience bounds one write.
	writePatience = 5 * time.Second
)

// visitors is what the attendance is taken from: the media server.
type visitors interface {
	Visits() <-chan room.Visit
	Visitors(ctx context.Context) ([]room.Visit, error)
	VisitsDropped() uint64
}

// stayStore is where it goes.
type stayStore interface {
	RecordStays(ctx context.Context, stays []clubapi.Stay, seen time.Time) error
}

// takeAttendance writes down who is in which conference until ctx ends, which must be after
// the last room has ended: then nobody is there. The media never waits for it: what it does
// not hear, because it was slow, it learns by asking the rooms.
func takeAttendance(ctx context.Context, media visitors, store stayStore, log *slog.Logger) error {
	a := newAttendance()
	write := func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writePatience)
		defer cancel()
		stays := a.take()
		if err := store.RecordStays(ctx, stays, time.Now()); err != nil {
			log.Error("attendance not written", "err", err)
			a.giveBack(stays)
		}
	}
	ticker := time.NewTicker(seenInterval)
	defer ticker.Stop()
	var missed uint64
	for ticks := 1; ; {
		select {
		case <-ctx.Done():
			drain(media.Visits(), a)
			a.compare(nil, time.Now())
			if !a.idle() {
				write(ctx)
			}
			return nil
		case v := <-media.Visits():
			a.hear(v)
			drain(media.Visits(), a)
			if len(a.pending) > 0 {
				write(ctx)
			}
		case <-ticker.C:
			if dropped := media.VisitsDropped(); dropped != missed || ticks%compareEvery == 0 {
				missed = dropped
				ask(ctx, media, a, log)
			}
			ticks++
			if !a.idle() {
				write(ctx)
			}
		}
	}
}

// drain hears what waits.
func drain(visits <-chan room.Visit, a *attendance) {
	for {
		select {
		case v := <-visits:
			a.hear(v)
		default:
			return
		}
	}
}

// ask compares with who is in the rooms. What waits in the queue is heard before: it may be
// older than the answer.
func ask(ctx context.Context, media visitors, a *attendance, log *slog.Logger) {
	drain(media.Visits(), a)
	ctx, cancel := context.WithTimeout(ctx, writePatience)
	defer cancel()
	all, err := media.Visitors(ctx)
	if err != nil {
		log.Warn("rooms do not say who is in them", "err", err)
		return
	}
	a.compare(all, time.Now())
}
