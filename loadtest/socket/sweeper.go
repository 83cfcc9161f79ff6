package socket

import (
	"slices"
	"sync"
)

// A sweeper reads its sockets one after the other. One goroutine (well_loop.go) owns it but for the list.
type sweeper struct {
	reader reader
	round  []*swept // of this sweep

	sockets []*swept // guarded by mu
	mu      sync.Mutex
}

func newSweeper() *sweeper {
	s := &sweeper{}
	s.reader.wire()
	return s
}

func (s *sweeper) add(e *swept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = append(s.sockets, e)
}

// list returns the sockets that are open, and forgets the others.
func (s *sweeper) list() []*swept {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = slices.DeleteFunc(s.sockets, func(e *swept) bool { return e.socket.ended.Load() })
	s.round = append(s.round[:0], s.sockets...)
	return s.round
}
