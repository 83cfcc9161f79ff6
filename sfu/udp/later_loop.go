package udp

import (
	"math"
	"sync/atomic"
	"time"

	"salon/sfu/beat"
)

// How long what can wait does wait: not longer than laterMost while some comes, and not much longer than laterLeast where readers have
// other work anyway. Feedback comes each 50 to 250 ms from each peer.
const (
	laterLeast = 40 * time.Millisecond
	laterMost  = 100 * time.Millisecond
	// laterBusy is after how long the timer looks again whether readers still come by. When they stop, this is the longest wait.
	laterBusy = 200 * time.Millisecond
	// laterIdle is the rhythm once nothing has come for laterEmpty rounds.
	laterIdle  = 400 * time.Millisecond
	laterEmpty = 8
)

// A later is a socket that nobody waits at: the kernel puts there what can wait, transport-wide feedback. It is read by whichever reader
// has just worked through a burst, or by a timer. A wake-up costs as much as forwarding dozens of packets, and feedback of fifty
// subscribers would cause five hundred a second.
type later struct {
	count counters
	lost  atomic.Uint32 // datagrams that found the socket full, when that was last looked at
	last  atomic.Int64  // when it was read, Unix ns
	gone  atomic.Bool   // to be closed by whoever has the turn
	timer atomic.Pointer[time.Timer]
	taken atomic.Bool // the turn: who swaps it to true owns the fields below until it is false again

	rx    laterReader
	in    *demux
	empty int // rounds without anything
}

// start begins the timer.
func (l *later) start() {
	if !l.taken.CompareAndSwap(false, true) {
		return // closed
	}
	l.timer.Store(time.AfterFunc(math.MaxInt64, func() { l.ring(time.Now()) }))
	l.timer.Load().Reset(laterIdle)
	l.leave()
}

// pass reads the socket if it is time; now is the caller's.
func (l *later) pass(now time.Time) {
	if now.UnixNano()-l.last.Load() >= int64(laterLeast) {
		l.read(now)
	}
}

// ring reads where readers don't, and sets the timer anew. Readers leave the timer alone: the runtime's monitor wakes up for each
// deadline that a timer ever had.
func (l *later) ring(now time.Time) {
	if !l.taken.CompareAndSwap(false, true) {
		if !l.gone.Load() {
			l.timer.Load().Reset(beat.Until(now, laterBusy)) // a reader is at it
		}
		return
	}
	rest := laterBusy
	if now.UnixNano()-l.last.Load() >= int64(laterMost)/2 {
		l.drain(now)
		rest = l.patience()
	}
	l.timer.Load().Reset(beat.Until(now, rest))
	l.leave()
}

// read works through what has come, unless somebody else does.
func (l *later) read(now time.Time) {
	if !l.taken.CompareAndSwap(false, true) {
		return
	}
	l.drain(now)
	l.leave()
}

// drain is read in a turn.
func (l *later) drain(now time.Time) {
	l.last.Store(now.UnixNano())
	l.empty++
	for more := true; more; {
		n, err := l.rx.read()
		if more = err == nil && n == readMessages; n > 0 {
			l.empty = 0
			l.in.warm(l.rx, n)
			l.in.deliver(now, l.rx, n)
		}
	}
}

// A laterReader reads without waiting, and tells how many datagrams found its socket full.
type laterReader interface {
	receiver
	dropped() uint32
}

// dropped returns how many datagrams found the socket full; while somebody reads, what was known before.
func (l *later) dropped() uint32 {
	if l.taken.CompareAndSwap(false, true) {
		l.lost.Store(l.rx.dropped())
		l.leave()
	}
	return l.lost.Load()
}

func (l *later) patience() time.Duration {
	if l.empty > laterEmpty {
		return laterIdle
	}
	return laterMost
}

// leave ends a turn.
func (l *later) leave() {
	l.taken.Store(false)
	if l.gone.Load() {
		l.close()
	}
}

// close ends it, at once or at the end of the turn under way; what waits is lost.
func (l *later) close() {
	l.gone.Store(true)
	if !l.taken.CompareAndSwap(false, true) {
		return
	}
	if t := l.timer.Load(); t != nil {
		t.Stop()
	}
	_ = l.rx.close() // nothing is lost with a datagram socket
}
