package udp

import (
	"net/netip"
	"sync"
)

// Bounds of what waits for an ICE agent.
const (
	// maxQueued datagrams: a DTLS flight or a burst of data channel messages.
	maxQueued = 256
	// maxControl is the largest STUN or DTLS datagram taken, in bytes; ICE agents
	// read with buffers of that size.
	maxControl = 8192
	// usualControl is the first size of a buffer, in bytes.
	usualControl = 1500
)

// A parcel is a copied STUN or DTLS datagram.
type parcel struct {
	data []byte
	from netip.AddrPort
	next *parcel
}

// A queue hands datagrams from the readers to one connection: first come, first
// served, at most maxQueued.
type queue struct {
	// ready holds a token whenever there is something to take (and sometimes when
	// there is not).
	ready chan struct{}

	first, last *parcel // Guarded by mu, with size.
	size        int
	mu          sync.Mutex
}

// put copies data into the queue; false when there is no room.
func (q *queue) put(spare *sync.Pool, data []byte, from netip.AddrPort) bool {
	if len(data) > maxControl {
		return false
	}
	p, ok := spare.Get().(*parcel)
	if !ok {
		p = &parcel{data: make([]byte, 0, usualControl)}
	}
	p.data, p.from, p.next = append(p.data[:0], data...), from, nil
	if !q.append(p) {
		spare.Put(p)
		return false
	}
	q.signal()
	return true
}

func (q *queue) append(p *parcel) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.size == maxQueued {
		return false
	}
	if q.last == nil {
		q.first = p
	} else {
		q.last.next = p
	}
	q.last = p
	q.size++
	return true
}

// take returns the oldest datagram, nil if there is none. When more remain it
// wakes the next reader.
func (q *queue) take() *parcel {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.first
	if p == nil {
		return nil
	}
	q.first = p.next
	q.size--
	if q.first == nil {
		q.last = nil
	} else {
		q.signal()
	}
	return p
}

func (q *queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}
