package signaling

import "sync"

// An outbox holds the messages that wait for a client, first come, first served. It takes no more room than they do.
type outbox struct {
	limit int
	ready chan struct{} // holds a token when there may be something to take

	waiting []frame
	closed  bool
	mu      sync.Mutex // guards waiting and closed
}

func newOutbox(limit int) *outbox {
	return &outbox{limit: limit, ready: make(chan struct{}, 1)}
}

// put queues f; false when there is no room.
func (o *outbox) put(f frame) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) >= o.limit {
		return false
	}
	o.waiting = append(o.waiting, f)
	o.signal()
	return true
}

// close lets next end behind the last message.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.signal()
}

func (o *outbox) signal() {
	select {
	case o.ready <- struct{}{}:
	default:
	}
}

// next waits for the oldest message; false when the outbox is closed and empty. One goroutine takes.
func (o *outbox) next() (frame, bool) {
	for {
		if f, some, more := o.take(); some || !more {
			return f, some
		}
		<-o.ready
	}
}

// take returns the oldest message, if there is some, and whether there may be more.
func (o *outbox) take() (f frame, some, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) == 0 {
		o.waiting = nil
		return frame{}, false, !o.closed
	}
	f, o.waiting[0] = o.waiting[0], frame{}
	o.waiting = o.waiting[1:]
	return f, true, true
}
