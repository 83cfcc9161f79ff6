package tcp

import "sync"

// An outbox holds what waits for a connection to take it. put never waits; one goroutine takes.
type outbox struct {
	ready chan struct{} // holds a token when there may be something, or the end

	waiting []byte // datagrams behind their lengths; guarded by mu
	closed  bool   // guarded by mu
	mu      sync.Mutex
}

func newOutbox() *outbox { return &outbox{ready: make(chan struct{}, 1)} }

// put copies the datagram into the outbox unless that would then hold more than limit bytes.
func (o *outbox) put(datagram []byte, limit int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || len(datagram) > maxFrame || len(o.waiting)+lengthSize+len(datagram) > limit {
		return false
	}
	o.waiting = join(o.waiting, datagram)
	o.signal()
	return true
}

// take gives what waits, which the caller owns, and leaves spare to be filled next; false when the outbox has been closed.
func (o *outbox) take(spare []byte) ([]byte, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	got := o.waiting
	o.waiting = spare[:0]
	return got, !o.closed
}

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
