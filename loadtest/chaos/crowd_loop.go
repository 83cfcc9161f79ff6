package chaos

import (
	"context"
	"sync"
	"time"
)

const (
	rampEvery  = 15 * time.Millisecond
	visitEvery = 400 * time.Millisecond
	heedEvery  = 20 * time.Millisecond
	stallFrom  = 100 * time.Millisecond
)

// run lets the crowd live: its media's pace, its sockets, its residents. It returns when ctx has ended and everybody has
// left.
func (c *crowd) run(ctx context.Context) {
	var behind sync.WaitGroup
	still, silence := context.WithCancel(context.WithoutCancel(ctx))
	behind.Go(func() { c.env.Pace.Run(still) })
	behind.Go(func() { c.env.Well.Run(still) })
	behind.Go(func() { c.heed(still) })
	for _, s := range c.seats() {
		m := c.hire(s, true)
		c.work.Go(func() {
			m.Run(ctx)
			m.left.Store(time.Now().UnixNano())
		})
		if pause(ctx, rampEvery) != nil {
			break
		}
	}
	<-ctx.Done()
	c.work.Wait()
	silence()
	behind.Wait()
}

// heed notes when this machine lets us run late.
func (c *crowd) heed(ctx context.Context) {
	tick := time.NewTicker(heedEvery)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := time.Now()
		if late := now.Sub(last) - heedEvery; late > stallFrom {
			c.stalled(stall{at: now, length: late})
		}
		last = now
	}
}

// visit lets visitors come until ctx ends. They leave when their time is over, or with living.
func (c *crowd) visit(ctx, living context.Context) {
	for pause(ctx, visitEvery) == nil {
		m := c.hire(c.visitor(), false)
		c.work.Go(func() {
			m.Run(living)
			m.left.Store(time.Now().UnixNano())
		})
	}
}

// pause waits, or returns why not.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
