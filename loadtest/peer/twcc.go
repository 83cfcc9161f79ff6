package peer

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/pion/rtcp"
)

// The numbers of a transport-wide feedback message (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1). On
// the wire, big-endian:
//
//	header u32 | sender u32 | media u32 | base number u16 | count u16 | reference time u24 | message number u8
//	chunks of seven packets, two bits each: 11, then for each packet 0: not there, 1: a small delta, 2: a large one
//	deltas of those that are there: u8 or i16, each since the one before, the first since the reference time
const (
	twccTick      = 250 * time.Microsecond // of deltas
	twccReference = 64 * time.Millisecond  // of the reference time
	twccPerChunk  = 7
	twccHead      = 20 // bytes before the chunks
	twccFormat    = 15
	twccSmall     = 1
	twccLarge     = 2
	maxLargeDelta = 1<<15 - 1
)

// Our choices.
const (
	twccMax  = 512  // packets of one message, so that it fits into a datagram
	twccRing = 2048 // packets that may wait to be told: a second and more of a busy subscriber
)

// An arrivals log is what the next transport-wide feedback tells. The zero value is empty. It allocates nothing.
//
// at[n % twccRing] is when packet n came, in ticks since began, plus one; 0: it has not. Only n in [next, highest] are
// in it, less than twccRing of them.
type arrivals struct {
	began   time.Time
	highest int64 // unwrapped number
	next    int64 // the first number not told yet
	known   bool
	at      [twccRing]int64
	waiting int   // noted and not told
	count   uint8 // of messages
	message []byte
}

// note takes a packet that carried this transport-wide number. What is further ahead than the ring is long makes it
// forget what waits.
func (a *arrivals) note(now time.Time, number uint16) {
	n := int64(number)
	if a.known {
		n = a.highest + int64(int16(number-uint16(a.highest))) //nolint:gosec // arithmetic modulo 2^16
	} else {
		a.known, a.began, a.next, a.highest = true, now, n, n-1
	}
	if n-a.next >= twccRing {
		clear(a.at[:])
		a.waiting, a.next = 0, n
	}
	if n < a.next {
		return // told as missing already
	}
	a.highest = max(a.highest, n)
	if slot := &a.at[n%twccRing]; *slot == 0 {
		*slot = max(int64(now.Sub(a.began)/twccTick), 0) + 1
		a.waiting++
	}
}

// feedback returns what was noted since the last call, nil when there is nothing; valid until the next call. What
// arrives later than a packet that was told is not told any more.
func (a *arrivals) feedback(sender, media uint32) rtcp.Packet {
	if a.waiting == 0 {
		return nil
	}
	for a.at[a.next%twccRing] == 0 {
		a.next++
	}
	first := a.next
	count := min(a.highest-first+1, twccMax)
	reference := (a.at[first%twccRing] - 1) * int64(twccTick) / int64(twccReference)
	last := reference * int64(twccReference/twccTick)

	count = a.within(first, count)
	chunks := int((count + twccPerChunk - 1) / twccPerChunk)
	size := twccHead + 2*chunks
	b := slices.Grow(a.message[:0], size)[:size]
	clear(b)
	for told := range count {
		slot := &a.at[(first+told)%twccRing]
		if *slot == 0 {
			continue
		}
		delta := *slot - 1 - last
		symbol := uint16(twccSmall)
		if delta >= 0 && delta <= 255 {
			b = append(b, byte(delta))
		} else {
			symbol = twccLarge
			b = binary.BigEndian.AppendUint16(b, uint16(delta)) //nolint:gosec // two's complement
		}
		last += delta
		*slot = 0
		a.waiting--
		chunk := b[twccHead+2*(told/twccPerChunk):]
		shift := 2 * (twccPerChunk - 1 - told%twccPerChunk)
		binary.BigEndian.PutUint16(chunk, binary.BigEndian.Uint16(chunk)|symbol<<shift)
	}
	for i := range chunks {
		b[twccHead+2*i] |= 0xc0
	}
	a.next = first + count
	a.message = a.finish(b, sender, media, first, count, reference)
	a.count++
	return (*rtcp.RawPacket)(&a.message)
}

// within returns how many packets from first on have times that one message can tell: the next one has a reference time
// of its own.
func (a *arrivals) within(first, count int64) int64 {
	last := a.at[first%twccRing]
	for n := range count {
		at := a.at[(first+n)%twccRing]
		if at == 0 {
			continue
		}
		if d := at - last; d > maxLargeDelta || d < -maxLargeDelta {
			return n
		}
		last = at
	}
	return count
}

// finish pads the message to whole words and writes its head.
func (a *arrivals) finish(b []byte, sender, media uint32, first, count, reference int64) []byte {
	head := byte(2<<6 | twccFormat)
	if pad := -len(b) & 3; pad > 0 {
		b = append(b, []byte{0, 0, 0}[:pad]...)
		b[len(b)-1] = byte(pad)
		head |= 1 << 5
	}
	b[0], b[1] = head, byte(rtcp.TypeTransportSpecificFeedback)
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)/4-1)) //nolint:gosec // below a datagram
	binary.BigEndian.PutUint32(b[4:], sender)
	binary.BigEndian.PutUint32(b[8:], media)
	binary.BigEndian.PutUint16(b[12:], uint16(first))                        //nolint:gosec // modulo 2^16
	binary.BigEndian.PutUint16(b[14:], uint16(count))                        //nolint:gosec // at most twccMax
	binary.BigEndian.PutUint32(b[16:], uint32(reference)<<8|uint32(a.count)) //nolint:gosec // 24 bits, modulo 2^24
	return b
}
