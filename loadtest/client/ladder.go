package client

import (
	"math/rand/v2"
	"time"
)

// firstStep is the most that a client waits before it tries for the first time: at random, so that those who were sent
// away together don't all come back at the same instant.
const firstStep = 500 * time.Millisecond

// steps are the delays before the tries that follow one that failed, half as much to one and a half times as much of
// each (livekit-client 2.23, DefaultReconnectPolicy).
func steps() []time.Duration {
	const ms = time.Millisecond
	return []time.Duration{300 * ms, 1200 * ms, 2700 * ms, 4800 * ms, 7000 * ms, 7000 * ms, 7000 * ms, 7000 * ms, 7000 * ms}
}

// A ladder decides when somebody who lost the session tries again, as the stock clients do. It reads no clock. Its owner
// is the participant's goroutine.
type ladder struct {
	rng   *rand.Rand
	tried int // in vain, since it last stood
}

// stand forgets the tries in vain: the session is there.
func (l *ladder) stand() { l.tried = 0 }

// fail counts a try in vain.
func (l *ladder) fail() { l.tried++ }

// next is how long to wait before the next try; false: give up. asked: the server said to come back, which skips what
// would be left to wait.
func (l *ladder) next(asked bool) (time.Duration, bool) {
	list := steps()
	switch {
	case l.tried > len(list):
		return 0, false
	case l.tried == 0, asked:
		return time.Duration(l.rng.Int64N(int64(firstStep))), true
	default:
		step := list[l.tried-1]
		return step/2 + time.Duration(l.rng.Int64N(int64(step))), true
	}
}
