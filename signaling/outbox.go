package signaling

import "sync"

// An outbox holds the messages that wait for a client, first come, first served.
type outbox struct {
	limit int
	ready chan struct{} // holds a token when there may be something to take

	waiting []frame
	closed  bool
	mu      sync.Mutex // guards waiting and closed
}

// Bounds of what leaves at once, and of the memory that stays with a client that has nothing waiting.
const (
	maxWrite    = 16 << 10 // bytes in a write of several messages: with writeTimeout, the slowest client that is borne
	keptWaiting = 8        // messages
	keptWritten = 512      // bytes
)

func newOutbox(limit int) *outbox {
	return &outbox{limit: limit, ready: make(chan struct{}, 1)}
}

// put queues f, of which the one who takes hears by wake; false when there is no room.
func (o *outbox) put(f frame) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) >= o.limit {
		return false
	}
	o.waiting = append(o.waiting, f)
	return true
}

// wake tells the one who takes that messages were put, all of those that go together.
func (o *outbox) wake() {
	select {
	case o.ready <- struct{}{}:
	default:
	}
}

// close lets next end behind the last message.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.wake()
}

// next waits for messages and appends the oldest to b, in their frames: as many as fit maxWrite, and one at least.
// count is 0 when the outbox is closed and empty. One goroutine takes.
func (o *outbox) next(b []byte) (_ []byte, count int) {
	for {
		var closed bool
		if b, count, closed = o.take(b); count > 0 || closed {
			return b, count
		}
		<-o.ready
	}
}

func (o *outbox) take(b []byte) (_ []byte, count int, closed bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.waiting {
		if count > 0 && len(b)+len(f.b) > maxWrite {
			break
		}
		b = f.append(b)
		count++
	}
	rest := copy(o.waiting, o.waiting[count:])
	clear(o.waiting[rest:])
	o.waiting = o.waiting[:rest]
	if rest == 0 && cap(o.waiting) > keptWaiting {
		o.waiting = nil
	}
	return b, count, o.closed
}
