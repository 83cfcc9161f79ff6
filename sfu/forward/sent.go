package forward

import "time"

// A sentPacket remembers how an incoming packet went out, so that it can go out once more in the same way.
type sentPacket struct {
	in, out uint64 // unwrapped numbers; in is never 0
	at      moment // last sent
	shift   uint32 // added to the timestamp
	vp8     pictureID
	overall uint16 // transport-wide number
	spatial int8
	tries   uint8
}

// A moment counts milliseconds since the first packet of its ring; it wraps after 49 days.
type moment uint32

// Bounds of retransmission: a receiver that asks more often than its round trip allows, or asks for ever, gets no more.
const (
	maxResends   = 5
	minResendGap = 10 * time.Millisecond
)

// A sentRing keeps the last packets of a leg: number n lies in slot n mod len. It begins with the first packet and grows,
// up to size, while packets younger than age would be overwritten.
type sentRing struct {
	epoch time.Time
	slots []sentPacket
	size  int // a power of two
	age   time.Duration
}

// firstSent is how many packets a ring holds at first, a power of two.
const firstSent = 32

// newSentRing makes a ring that holds at most as many packets as the History behind it.
func newSentRing(video bool, age time.Duration) sentRing {
	if video {
		return sentRing{size: videoHistoryPackets, age: age}
	}
	return sentRing{size: audioHistoryPackets, age: age}
}

// put remembers that s goes out now.
func (r *sentRing) put(now time.Time, s sentPacket) {
	if r.slots == nil {
		r.epoch, r.slots = now, make([]sentPacket, min(firstSent, r.size))
	}
	s.at = r.moment(now)
	for len(r.slots) < r.size {
		old := &r.slots[r.slot(s.out)]
		if old.in == 0 || old.out == s.out || s.at.since(old.at) >= r.age {
			break
		}
		r.grow()
	}
	r.slots[r.slot(s.out)] = s
}

func (r *sentRing) slot(number uint64) uint64 { return number & uint64(len(r.slots)-1) }

func (r *sentRing) grow() {
	old := r.slots
	r.slots = make([]sentPacket, 2*len(old))
	for _, s := range old {
		if s.in != 0 {
			r.slots[r.slot(s.out)] = s
		}
	}
}

func (r *sentRing) moment(now time.Time) moment {
	return moment(now.Sub(r.epoch) / time.Millisecond) //nolint:gosec // wraps
}

func (m moment) since(earlier moment) time.Duration {
	return time.Duration(int32(m-earlier)) * time.Millisecond //nolint:gosec // wraps
}

func (r *sentRing) get(number uint16) *sentPacket {
	if r.slots == nil {
		return nil
	}
	s := &r.slots[r.slot(uint64(number))]
	if s.in == 0 || uint16(s.out) != number {
		return nil
	}
	return s
}

// repeat tells whether s may go out again, and notes that it does.
func (r *sentRing) repeat(now time.Time, s *sentPacket, rtt time.Duration) bool {
	at := r.moment(now)
	if s.tries >= maxResends || s.tries > 0 && at.since(s.at) < max(rtt, minResendGap) {
		return false
	}
	s.tries++
	s.at = at
	return true
}
