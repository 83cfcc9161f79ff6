package udp

import (
	"sync"
	"time"
)

// A deadline closes a channel at a given time.
type deadline struct {
	late  chan struct{} // Closed once the time is over; guarded by mu, with timer.
	timer *time.Timer
	mu    sync.Mutex
}

func newDeadline() deadline { return deadline{late: make(chan struct{})} }

// passed returns the channel that is closed when the deadline is over. It stays the
// same while the deadline is moved, until it was over and is lifted.
func (d *deadline) passed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.late
}

// set moves the deadline to t; the zero time means never.
func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil && !d.timer.Stop() {
		<-d.late // The timer fired; wait until it is through with the channel.
	}
	d.timer = nil
	over := isDone(d.late)
	if t.IsZero() || time.Until(t) > 0 {
		if over {
			d.late = make(chan struct{})
		}
		if !t.IsZero() {
			late := d.late
			d.timer = time.AfterFunc(time.Until(t), func() { close(late) })
		}
		return
	}
	if !over {
		close(d.late)
	}
}
