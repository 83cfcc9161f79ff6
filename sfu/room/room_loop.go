package room

import (
	"context"
	"errors"
	"time"

	"salon/sfu/beat"
)

// speakInterval is how often speakers are judged: a person notices a highlight that is later than this.
const speakInterval = 200 * time.Millisecond

// Run serves the Room until ctx ends, Close is called, or it has been empty for its timeout. When it returns, everybody has left.
func (r *Room) Run(ctx context.Context) {
	defer close(r.done)
	listen := time.NewTimer(beat.Until(time.Now(), speakInterval))
	defer listen.Stop()
	idle := time.NewTimer(r.cfg.EmptyTimeout)
	defer idle.Stop()
	ticking := true
	for {
		select {
		case <-ctx.Done():
			r.now = time.Now()
			r.end(ReasonServerShutdown)
			return
		case call := <-r.calls:
			r.now = time.Now()
			call()
			r.settle()
		case ev := <-r.transports:
			r.now = time.Now()
			r.hear(ev)
			r.settle()
		case r.now = <-listen.C:
			listen.Reset(beat.Until(time.Now(), speakInterval))
			r.speak()
		case r.now = <-idle.C:
		}
		if r.ended {
			r.log.Info("room closed")
			return
		}
		// Each silent room sleeps: no ticks where nobody can speak.
		if audio := r.hasAudio(); audio != ticking {
			ticking = audio
			if audio {
				listen.Reset(beat.Until(time.Now(), speakInterval))
			} else {
				listen.Stop()
				r.speak()
			}
		}
		if len(r.participants) == 0 {
			left := r.cfg.EmptyTimeout - r.now.Sub(r.emptySince)
			if left <= 0 {
				r.log.Info("room ended")
				return
			}
			idle.Reset(left)
		}
	}
}

// do runs f on the room's loop and waits for it. ErrClosed: the room has ended, f won't run.
func (r *Room) do(ctx context.Context, f func()) error {
	ran := make(chan struct{})
	select {
	case r.calls <- func() { defer close(ran); f() }:
		<-ran
		return nil
	case <-r.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Join lets a participant in.
func (r *Room) Join(ctx context.Context, j Join) (p *Participant, snap Snapshot, err error) {
	if doErr := r.do(ctx, func() { p, snap, err = r.admit(j) }); doErr != nil {
		return nil, Snapshot{}, doErr
	}
	return p, snap, err
}

// State returns what the room is like at the moment.
func (r *Room) State(ctx context.Context) (s State, err error) {
	err = r.do(ctx, func() { s = r.state })
	return s, err
}

// Close sends everybody away and ends the room at once, however long an empty one would have stayed. When it returns
// without an error, nobody is in and nobody gets in any more. A room that has ended stays as it is.
func (r *Room) Close(ctx context.Context, why LeaveReason) error {
	if err := r.do(ctx, func() { r.end(why) }); err != nil && !errors.Is(err, ErrClosed) {
		return err
	}
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Done is closed when the room has ended.
func (r *Room) Done() <-chan struct{} { return r.done }
