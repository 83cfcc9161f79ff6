package main

import (
	"context"
	"errors"
	"time"

	"salon/sfu/beat"
)

// forgetInterval is the time between two looks for nodes that are silent.
const forgetInterval = time.Second

var errGuestbookClosed = errors.New("the guestbook is closed")

// A question is a statement that waits to be written down.
type question struct {
	ctx    context.Context //nolint:containedctx // of who waits for the answer
	said   statement
	answer chan<- verdict
}

type verdict struct {
	again bool
	err   error
}

// Record satisfies registrar. It waits until the statement is on disk.
func (g *guestbook) Record(ctx context.Context, s statement) (again bool, err error) {
	answer := make(chan verdict, 1)
	select {
	case g.asked <- question{ctx: ctx, said: s, answer: answer}:
	case <-ctx.Done():
		return false, ctx.Err()
	case <-g.ended:
		return false, errGuestbookClosed
	}
	v := <-answer
	return v.again, v.err
}

// Run writes down what it is told until ctx ends.
func (g *guestbook) Run(ctx context.Context) error {
	defer close(g.ended)
	timer := time.NewTimer(beat.Until(time.Now(), forgetInterval))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case q := <-g.asked:
			again, err := g.hear(q.ctx, q.said, time.Now())
			q.answer <- verdict{again, err}
		case <-timer.C:
			timer.Reset(beat.Until(time.Now(), forgetInterval))
			if err := g.forget(ctx, time.Now()); err != nil && !errors.Is(err, context.Canceled) {
				g.log.Warn("silent nodes not looked for", "err", err)
			}
		}
	}
}
