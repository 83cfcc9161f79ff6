package cluster

import (
	"sync"
	"time"
)

// A skew tells what the hour is at the registry, by what it said before: never earlier than it is there, and later by
// no more than the quickest answer took. Safe for concurrent use.
type skew struct {
	known bool
	base  time.Time     // hours are counted from here, by the monotonic clock
	ahead time.Duration // the registry's hour at base, at most

	mu sync.Mutex
}

// note takes what the registry said its hour was, in milliseconds, after it was asked at now.
func (s *skew) note(now time.Time, hour int64) {
	if now.IsZero() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.base.IsZero() {
		s.base = now
	}
	ahead := time.Duration(hour)*time.Millisecond - now.Sub(s.base)
	if !s.known || ahead < s.ahead {
		s.known, s.ahead = true, ahead
	}
}

// latest is the registry's hour, in milliseconds, when it is now here and in passes; 0 when nothing is known.
func (s *skew) latest(now time.Time, in time.Duration) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.known || now.IsZero() {
		return 0
	}
	return (s.ahead + now.Sub(s.base) + in).Milliseconds()
}

// reset forgets what was noted.
func (s *skew) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = false
}
