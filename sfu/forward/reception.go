package forward

import (
	"time"

	"github.com/pion/rtcp"

	"salon/sfu/packet"
)

// reception keeps what a receiver report says of one encoding (RFC 3550 section 6.4.1, appendix A.3 and A.8).
// The zero value has received nothing.
type reception struct {
	received64    uint64
	base, highest uint64 // unwrapped numbers
	jitter        float64
	lastArrival   time.Time
	lastTimestamp uint32

	// at the last report
	priorReceived, priorExpected uint64
}

func (s *reception) received(now time.Time, pkt *packet.Packet, rate uint32) {
	s.received64++
	if !s.lastArrival.IsZero() {
		elapsed := now.Sub(s.lastArrival).Seconds() * float64(rate)
		d := elapsed - float64(int32(pkt.Timestamp-s.lastTimestamp))
		s.jitter += (max(d, -d) - s.jitter) / 16
	}
	s.lastArrival, s.lastTimestamp = now, pkt.Timestamp
}

// block fills a report block; false before the first packet.
func (r *Receiver) block(now time.Time) (rtcp.ReceptionReport, bool) {
	s := &r.stats
	if r.ssrc == 0 || s.received64 == 0 {
		return rtcp.ReceptionReport{}, false
	}
	s.highest = r.numbers.Highest()
	if s.base == 0 {
		s.base = s.highest - (s.received64 - 1)
	}
	expected := s.highest - s.base + 1
	lost := int64(expected) - int64(s.received64)
	b := rtcp.ReceptionReport{
		SSRC:               r.ssrc,
		TotalLost:          uint32(min(max(lost, 0), 1<<23-1)),
		LastSequenceNumber: r.numbers.Cycles(),
		Jitter:             uint32(min(s.jitter, 1<<31)),
	}
	interval := int64(expected - s.priorExpected)
	lostInterval := interval - int64(s.received64-s.priorReceived)
	if interval > 0 && lostInterval > 0 {
		b.FractionLost = uint8(min(lostInterval<<8/interval, 255))
	}
	s.priorExpected, s.priorReceived = expected, s.received64
	if r.report.known {
		b.LastSenderReport = uint32(r.report.ntp >> 16)
		b.Delay = uint32(now.Sub(r.report.at).Seconds() * 65536)
	}
	return b, true
}
