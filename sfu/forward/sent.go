package forward

import (
	"time"

	"salon/sfu/prefetch"
)

// A passage is how packets went out: what was added to what came in. It stays the same from packet to packet until
// something is left out or another encoding flows.
type passage struct {
	number  uint64 // in + number = out, modulo 1<<64
	clock   uint32 // to the timestamp
	vp8     pictureID
	spatial int8
}

// A stretch is a row of outgoing numbers with one passage: from from up to the next stretch.
type stretch struct {
	from uint64
	passage
}

// maxStretches bounds the memory of passages. A stream of 60 frames/s that loses every other frame to a lower frame
// rate begins 30 in a second.
const maxStretches = 32

// A sentRow remembers how the last packets of a leg went out, so that they can go out once more in the same way.
// Of a packet it knows no more than that it went: how, its stretch tells. newSentRow makes one.
type sentRow struct {
	gone      []uint64 // a bit for each of the numbers in (highest-reach, highest]: number n is bit n mod 64 of gone[n/64 mod len]
	highest   uint64   // that went out
	stretches []stretch
	overall   []uint16 // transport-wide numbers: n's is overall[n mod len]; nil where the second time gets one of its own

	repeats repeats
}

// newSentRow makes a row that reaches as far back as the History behind it. exact says that a packet goes out again
// byte for byte as it was, transport-wide number and all.
func newSentRow(video, exact bool, age time.Duration) sentRow {
	reach := audioHistoryPackets
	if video {
		reach = videoHistoryPackets
	}
	r := sentRow{gone: make([]uint64, reach/64), repeats: repeats{size: reach, age: age}}
	if exact {
		r.overall = make([]uint16, reach)
	}
	return r
}

func (r *sentRow) reach() uint64 { return uint64(len(r.gone)) * 64 }

// put remembers that number goes out, by which passage, and its transport-wide number.
func (r *sentRow) put(number uint64, p passage, overall uint16) {
	if len(r.stretches) == 0 || number > r.highest {
		r.advance(number)
		if n := len(r.stretches); n == 0 || r.stretches[n-1].passage != p {
			r.begin(number, p)
		}
	} else if r.highest-number >= r.reach() || !r.fits(number, p) {
		return
	}
	*r.word(number) |= 1 << (number % 64)
	if r.overall != nil {
		r.overall[number%uint64(len(r.overall))] = overall
	}
}

// warm asks for what the next put will touch.
func (r *sentRow) warm() {
	prefetch.Line(r.word(r.highest + 1))
	if n := len(r.stretches); n > 0 {
		prefetch.Line(&r.stretches[n-1])
	}
}

func (r *sentRow) word(number uint64) *uint64 { return &r.gone[number/64%uint64(len(r.gone))] }

// advance makes number the highest: those in between didn't go out so far, and those now out of reach are forgotten.
func (r *sentRow) advance(number uint64) {
	if len(r.stretches) == 0 || number-r.highest >= r.reach() {
		clear(r.gone)
		r.highest = number
		return
	}
	for r.highest < number {
		r.highest++
		*r.word(r.highest) &^= 1 << (r.highest % 64)
	}
}

// begin opens a stretch. Where there are too many, the oldest goes.
func (r *sentRow) begin(from uint64, p passage) {
	if len(r.stretches) == maxStretches {
		copy(r.stretches, r.stretches[1:])
		r.stretches = r.stretches[:maxStretches-1]
	}
	r.stretches = append(r.stretches, stretch{from: from, passage: p})
}

// fits tells whether a packet that comes late went the way of its neighbours. One that is the first of its stretch, which the
// packet behind it has begun, moves the border; one that fits nowhere can't go out again.
func (r *sentRow) fits(number uint64, p passage) bool {
	i := r.find(number)
	if i >= 0 && r.stretches[i].passage == p {
		return true
	}
	if i+1 < len(r.stretches) && r.stretches[i+1].passage == p {
		r.stretches[i+1].from = number
		return true
	}
	return false
}

// find returns the stretch that number lies in, -1 where it is forgotten.
func (r *sentRow) find(number uint64) int {
	for i := len(r.stretches) - 1; i >= 0; i-- {
		if number >= r.stretches[i].from {
			return i
		}
	}
	return -1
}

// A sentPacket is how one packet went out.
type sentPacket struct {
	passage
	in, out uint64
	overall uint16
}

// get finds the newest packet that went out under number.
func (r *sentRow) get(number uint16) (sentPacket, bool) {
	back := uint64(uint16(r.highest) - number)
	if back >= r.reach() || back > r.highest {
		return sentPacket{}, false
	}
	out := r.highest - back
	i := r.find(out)
	if i < 0 || *r.word(out)>>(out%64)&1 == 0 {
		return sentPacket{}, false
	}
	s := sentPacket{passage: r.stretches[i].passage, out: out}
	s.in = out - s.number
	if r.overall != nil {
		s.overall = r.overall[out%uint64(len(r.overall))]
	}
	return s, true
}
