package forward

import "time"

// A clock gives a leg one line of RTP timestamps over encodings that each count from a number of their own.
// The zero value is ready.
type clock struct {
	shift   uint32 // added to the timestamps of the encoding that flows
	started bool

	last   uint32 // highest incoming timestamp sent
	lastAt time.Time
	source *Receiver
}

// maxGuess bounds the step that arrival times may make when the publisher's sender reports don't tell better.
const maxGuess = time.Minute

// follow begins the encoding r at its timestamp ts. The outgoing line goes on by the time that passed between the last
// packet sent and this one: by the publisher's own clock where both encodings have sender reports (RFC 3550
// section 6.4.1), by arrival times else; and by one tick at the least.
func (c *clock) follow(now time.Time, r *Receiver, ts, rate uint32) {
	if !c.started {
		c.started = true
		c.source, c.last, c.lastAt = r, ts, now
		return
	}
	if c.source == r {
		return // resumed after a pause: the same line
	}
	passed, ok := captured(c.source, c.last, r, ts, rate)
	guess := min(now.Sub(c.lastAt), maxGuess)
	// Reports of hostile or broken publishers must not throw the line far off what the wall clock saw.
	if !ok || passed-guess > time.Second || guess-passed > time.Second {
		passed = guess
	}
	step := uint32(max(int64(passed)*int64(rate)/int64(time.Second), 1))
	c.shift = c.last + c.shift + step - ts
	c.source, c.last, c.lastAt = r, ts, now
}

// sent notes a packet that went out.
func (c *clock) sent(now time.Time, ts uint32) {
	if int32(ts-c.last) >= 0 {
		c.last, c.lastAt = ts, now
	}
}

// captured returns the time between two captures, of old at oldTS and of r at ts, by the publisher's clock.
func captured(old *Receiver, oldTS uint32, r *Receiver, ts, rate uint32) (time.Duration, bool) {
	if old == nil || !old.report.known || !r.report.known {
		return 0, false
	}
	return r.report.timeOf(ts, rate).Sub(old.report.timeOf(oldTS, rate)), true
}
