package room

import "sync"

// A Mailbox holds the events that a Session has not taken yet, oldest first. It takes no more room than they do. Its methods may be
// called from any goroutine; one takes.
type Mailbox struct {
	limit int
	ready chan struct{} // holds a token when there may be something to take

	waiting []Event
	open    bool // what waits may be taken
	ended   bool
	mu      sync.Mutex // guards waiting, open and ended
}

// NewMailbox returns a Mailbox for at most limit events, of which nothing can be taken before Open.
func NewMailbox(limit int) *Mailbox { return &Mailbox{limit: limit, ready: make(chan struct{}, 1)} }

// Ready tells when Take is worth a call.
func (m *Mailbox) Ready() <-chan struct{} { return m.ready }

// Take returns the oldest event, if there is one. Behind Left comes none.
func (m *Mailbox) Take() (Event, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.open || len(m.waiting) == 0 {
		return nil, false
	}
	e := m.waiting[0]
	m.waiting[0] = nil
	m.waiting = m.waiting[1:]
	if len(m.waiting) == 0 {
		m.waiting = nil
	}
	m.tell()
	return e, true
}

// Put adds an event; false where there is no place for it, or nobody to take it any more. The last place is kept for Left.
func (m *Mailbox) Put(e Event) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended || len(m.waiting) >= m.limit-1 {
		return false
	}
	m.waiting = append(m.waiting, e)
	m.tell()
	return true
}

// Open lets events be taken, those that are there already first.
func (m *Mailbox) Open() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open = true
	m.tell()
}

// End adds the last event. What can't be taken yet is forgotten. It may be called twice: the second time does nothing.
func (m *Mailbox) End(last Left) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended {
		return
	}
	if !m.open {
		m.waiting = nil
	}
	m.open, m.ended = true, true
	m.waiting = append(m.waiting, last)
	m.tell()
}

// tell wakes who takes. The lock is held.
func (m *Mailbox) tell() {
	if !m.open || len(m.waiting) == 0 {
		return
	}
	select {
	case m.ready <- struct{}{}:
	default:
	}
}
