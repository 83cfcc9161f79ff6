package forward

import "time"

// A sentPacket remembers how an incoming packet went out, so that it can go out once more in the same way.
type sentPacket struct {
	in, out uint64 // unwrapped numbers
	shift   uint32 // added to the timestamp
	spatial int8
	tries   uint8
	vp8     pictureID
	at      time.Time // last sent
}

// Bounds of retransmission: a receiver that asks more often than its round trip allows, or asks for ever, gets no more.
const (
	maxResends   = 5
	minResendGap = 10 * time.Millisecond
)

func (s *sentPacket) mayRepeat(now time.Time, rtt time.Duration) bool {
	return s.tries < maxResends && (s.tries == 0 || now.Sub(s.at) >= max(rtt, minResendGap))
}

// A sentRing keeps the last packets of a leg: number n lies in slot n mod len. It is made when the first packet goes.
type sentRing struct {
	slots []sentPacket
	size  int // a power of two
}

// Slots of a ring: as many as the History behind it keeps packets.
func newSentRing(video bool) sentRing {
	if video {
		return sentRing{size: videoHistoryPackets}
	}
	return sentRing{size: audioHistoryPackets}
}

func (r *sentRing) put(s sentPacket) {
	if r.slots == nil {
		r.slots = make([]sentPacket, r.size)
	}
	r.slots[s.out&uint64(r.size-1)] = s
}

func (r *sentRing) get(number uint16) *sentPacket {
	if r.slots == nil {
		return nil
	}
	s := &r.slots[number&uint16(r.size-1)]
	if s.in == 0 || uint16(s.out) != number {
		return nil
	}
	return s
}
