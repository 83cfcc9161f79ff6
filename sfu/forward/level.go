package forward

import "time"

// A Level is how loud one audio packet was, in -dBov: 0 is the loudest, 127 silence (RFC 6464).
type Level struct {
	At   time.Time
	DBov uint8
}

// maxLevels is more than half a second of 20 ms packets: whoever judges speakers looks some times as often.
const maxLevels = 32

// levels are those since the last TakeLevels, the newest maxLevels of them. The zero value is empty.
type levels struct {
	ring  []Level
	count int // since the last TakeLevels
}

func (l *levels) note(now time.Time, level uint8) {
	if l.ring == nil {
		l.ring = make([]Level, maxLevels)
	}
	l.ring[l.count%maxLevels] = Level{At: now, DBov: level}
	l.count++
}

// TakeLevels appends to dst the levels of the track's packets since the last call, oldest first. Where it is called too
// seldom the oldest are lost.
func (t *Track) TakeLevels(dst []Level) []Level {
	s := t.peer.shard
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &t.levels
	for i := max(0, l.count-maxLevels); i < l.count; i++ {
		dst = append(dst, l.ring[i%maxLevels])
	}
	l.count = 0
	return dst
}
