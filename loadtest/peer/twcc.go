package peer

import (
	"time"

	"github.com/pion/rtcp"
)

// Limits of a transport-wide feedback message (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).
const (
	twccTick      = 250 * time.Microsecond // of receive deltas
	twccReference = 64 * time.Millisecond  // of the reference time
	twccPerChunk  = 7                      // packets of a status vector with two bits each
	twccMax       = 512                    // packets of one message; our choice
)

// An arrivals log is what the next transport-wide feedback tells. The zero value is empty.
type arrivals struct {
	began   time.Time
	highest int64 // unwrapped number
	next    int64 // the first number not told yet
	known   bool
	at      map[int64]time.Time
	count   uint8 // of messages
}

// note takes a packet that carried this transport-wide number.
func (a *arrivals) note(now time.Time, number uint16) {
	if a.at == nil {
		a.at = make(map[int64]time.Time)
		a.began = now
	}
	n := int64(number)
	if a.known {
		n = a.highest + int64(int16(number-uint16(a.highest))) //nolint:gosec // arithmetic modulo 2^16
	} else {
		a.known, a.next = true, n
	}
	a.highest = max(a.highest, n)
	if n >= a.next && len(a.at) < twccMax {
		a.at[n] = now
	}
}

// feedback returns what was noted since the last call, nil when there is nothing. What arrives later than a packet
// that was told is not told any more.
func (a *arrivals) feedback(sender, media uint32) *rtcp.TransportLayerCC {
	if len(a.at) == 0 {
		return nil
	}
	first := a.next
	for a.at[first].IsZero() {
		first++
	}
	count := int(min(a.highest-first+1, twccMax))
	reference := a.at[first].Sub(a.began) / twccReference
	m := &rtcp.TransportLayerCC{
		SenderSSRC: sender, MediaSSRC: media,
		BaseSequenceNumber: uint16(first),     //nolint:gosec // modulo 2^16
		PacketStatusCount:  uint16(count),     //nolint:gosec // at most twccMax
		ReferenceTime:      uint32(reference), //nolint:gosec // not negative; 24 bits are 12 days
		FbPktCount:         a.count,
	}
	last := a.began.Add(reference * twccReference)
	var symbols []uint16
	for n := first; n < first+int64(count); n++ {
		at, ok := a.at[n]
		if !ok {
			symbols = append(symbols, rtcp.TypeTCCPacketNotReceived)
			continue
		}
		delta := at.Sub(last) / twccTick
		last = last.Add(delta * twccTick)
		kind := rtcp.TypeTCCPacketReceivedSmallDelta
		if delta < 0 || delta > 255 {
			kind = rtcp.TypeTCCPacketReceivedLargeDelta
		}
		symbols = append(symbols, kind)
		m.RecvDeltas = append(m.RecvDeltas, &rtcp.RecvDelta{Type: kind, Delta: int64(delta) * rtcp.TypeTCCDeltaScaleFactor})
	}
	m.PacketChunks = chunks(symbols)
	a.next = first + int64(count)
	a.count++
	clear(a.at)
	m.Header = rtcp.Header{
		Padding: !wholeWords(m), Count: rtcp.FormatTCC,
		Type: rtcp.TypeTransportSpecificFeedback, Length: uint16(m.MarshalSize()/4 - 1), //nolint:gosec // below 64 KiB
	}
	return m
}

func chunks(symbols []uint16) (list []rtcp.PacketStatusChunk) {
	for len(symbols) > 0 {
		n := min(twccPerChunk, len(symbols))
		list = append(list, &rtcp.StatusVectorChunk{
			Type: rtcp.TypeTCCStatusVectorChunk, SymbolSize: rtcp.TypeTCCSymbolSizeTwoBit, SymbolList: symbols[:n:n],
		})
		symbols = symbols[n:]
	}
	return list
}

// wholeWords tells whether m ends on a multiple of four bytes without padding.
func wholeWords(m *rtcp.TransportLayerCC) bool {
	n := 2 * len(m.PacketChunks)
	for _, d := range m.RecvDeltas {
		n++
		if d.Type == rtcp.TypeTCCPacketReceivedLargeDelta {
			n++
		}
	}
	return n%4 == 0
}
