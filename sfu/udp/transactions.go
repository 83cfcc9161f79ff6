package udp

import "sync"

// maxAsked is how many STUN requests a connection may wait for: seven tries for
// each of some ten candidate pairs.
const maxAsked = 64

// transactions are the STUN requests our agents sent, so that an answer finds its
// connection and proves its address. A connection's oldest is forgotten for its
// newest.
type transactions struct {
	mu      sync.Mutex
	pending map[transactionID]question // Guarded by mu, with conn.asked.
}

// A question is one request under way.
type question struct {
	from *conn
	to   Dest
}

// asked is the ring of a connection's requests: ids[next] is the oldest once
// maxAsked are there.
type asked struct {
	ids  []transactionID
	next int
	gone bool
}

func (t *transactions) init() { t.pending = make(map[transactionID]question) }

func (t *transactions) len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.pending)
}

// note remembers that c asked to.
func (t *transactions) note(id transactionID, c *conn, to Dest) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := &c.asked
	if _, again := t.pending[id]; again || a.gone {
		return
	}
	if len(a.ids) < maxAsked {
		a.ids = append(a.ids, id)
	} else {
		delete(t.pending, a.ids[a.next])
		a.ids[a.next] = id
		a.next = (a.next + 1) % maxAsked
	}
	t.pending[id] = question{from: c, to: to}
}

// find returns who asked the question id of from, nil if nobody did.
func (t *transactions) find(id transactionID, from Dest) *conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q, ok := t.pending[id]; ok && q.to == from {
		return q.from
	}
	return nil
}

// forget drops all questions of c, for good.
func (t *transactions) forget(c *conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range c.asked.ids {
		delete(t.pending, id)
	}
	c.asked = asked{gone: true}
}
