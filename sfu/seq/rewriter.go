package seq

import "salon/sfu/prefetch"

// A Rewriter gives the packets that a Subscription gets a row of numbers without gaps of our making:
// what we drop on purpose closes up, what the network lost stays a gap (so that the receiver asks for it).
// A packet that comes late gets the number that was kept for it.
//
// Incoming numbers are unwrapped ones of the present source. The spans cover the incoming line from the
// last Switch on: span i holds for spans[i].from <= in < spans[i+1].from, the newest without end.
//
//	out = in + shift            where the span isn't dropped
//	out(next) = out(last) + 1   across Switch
//
// The zero value is not ready: call Start.
type Rewriter struct {
	spans   []span // a ring, as long as was needed so far: a power of 2 up to maxSpans
	first   int    // index of the oldest span
	count   int
	highest uint64 // highest incoming number mapped or dropped since the last Switch
	last    uint64 // highest outgoing number given, or the one before the first
}

// maxSpans bounds the memory of drops: a late packet older than that many drops is given up. A stream
// of 30 frames/s that loses every other frame to a lower frame rate makes 30 spans a second.
const maxSpans = 64

type span struct {
	from    uint64
	shift   int64
	dropped bool
}

// Start makes first the number of the first packet that goes out. Keep it below 1<<15: the receiver
// takes the roll-over counter of SRTP to be 0 then (RFC 3711 section 3.3.1).
func (r *Rewriter) Start(first uint16) {
	*r = Rewriter{last: uint64(first) - 1}
}

// Last returns the highest outgoing number given so far.
func (r *Rewriter) Last() uint64 { return r.last }

// Switch begins a new source at in and returns its outgoing number, the next one in the row.
// Packets of the old source, and those of the new one before in, can't be mapped any more.
func (r *Rewriter) Switch(in uint64) uint64 {
	r.first, r.count = 0, 0
	r.highest = in
	r.last++
	r.push(span{from: in, shift: int64(r.last - in)})
	return r.last
}

// Warm asks the processor to fetch what the next Map will touch.
func (r *Rewriter) Warm() {
	if r.count > 0 {
		prefetch.Line(r.at(r.count - 1))
	}
}

// Map returns the outgoing number of in; false when in was dropped, or is older than what is remembered.
func (r *Rewriter) Map(in uint64) (uint64, bool) {
	s, ok := r.find(in)
	if !ok || s.dropped {
		return 0, false
	}
	out := uint64(int64(in) + s.shift)
	if in > r.highest {
		r.highest = in
		r.last = out
	}
	return out, true
}

// Drop leaves in out of the row, when it is the newest so far. A late packet keeps the gap that was
// left for it: closing it would renumber what has been sent already.
func (r *Rewriter) Drop(in uint64) { r.drop(in, in) }

// DropThrough leaves out in and all that is missing between it and the newest so far: for packets of a frame whose
// other packets were left out as well, so that nobody asks for what would not be sent.
func (r *Rewriter) DropThrough(in uint64) { r.drop(r.highest+1, in) }

func (r *Rewriter) drop(first, last uint64) {
	if r.count == 0 || last <= r.highest {
		return
	}
	newest := r.at(r.count - 1)
	shift := newest.shift - int64(last-first+1)
	r.highest = last
	r.last = uint64(int64(last) + shift) // numbers below are kept for packets that may come late
	if newest.from == first && !newest.dropped && r.count > 1 {
		// The span that the last drop opened is still empty: widen that drop instead.
		newest.from, newest.shift = last+1, shift
		return
	}
	r.push(span{from: first, dropped: true})
	r.push(span{from: last + 1, shift: shift})
}

func (r *Rewriter) at(i int) *span { return &r.spans[(r.first+i)&(len(r.spans)-1)] }

func (r *Rewriter) push(s span) {
	switch {
	case r.count < len(r.spans):
	case r.count < maxSpans:
		r.grow()
	default:
		r.first++
		r.count--
	}
	r.count++
	*r.at(r.count - 1) = s
}

func (r *Rewriter) grow() {
	spans := make([]span, max(1, 2*len(r.spans)))
	for i := range r.count {
		spans[i] = *r.at(i)
	}
	r.spans, r.first = spans, 0
}

func (r *Rewriter) find(in uint64) (span, bool) {
	for i := r.count - 1; i >= 0; i-- {
		if s := r.at(i); in >= s.from {
			return *s, true
		}
	}
	return span{}, false
}
