package signaling

import (
	"time"

	"salon/sfu/beat"
)

// A watch tells when a client is to be given up: it has been silent for too long, or takes no more of what is written
// to it. A message sets no timer: the watch says when to look again. It reads no clock; a conversation's owner owns it.
type watch struct {
	silence time.Duration // that is too long
	heard   time.Time     // when the client last said something
}

// verdict is what a look finds.
type verdict uint8

const (
	wellNow verdict = iota
	silentNow
	stuckNow
)

// look judges at now. writing is when the write under way began; zero when there is none. When all is well, the next
// look is due after wait. A silent client is found within a second after its time; a stuck one within a second after
// writeTimeout, or at the look that was due already when its write began, whichever is later.
func (w watch) look(now, writing time.Time) (v verdict, wait time.Duration) {
	due := w.heard.Add(w.silence)
	if !writing.IsZero() {
		late := writing.Add(writeTimeout)
		if !now.Before(late) {
			return stuckNow, 0
		}
		if late.Before(due) {
			due = late
		}
	}
	if !now.Before(due) {
		return silentNow, 0
	}
	return wellNow, untilSecond(now, due.Sub(now))
}

// untilSecond lengthens wait to a full second of the clock, so that all who wait wake the process together. The clock
// may jump: it gives the moment within the second, and never the length.
func untilSecond(now time.Time, wait time.Duration) time.Duration {
	wait-- // one that ends with a second stays as it is
	return wait + beat.Until(now.Add(wait), time.Second)
}
