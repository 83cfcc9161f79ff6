package peer

import (
	"cmp"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"

	"salon/loadtest/media"
)

// When feedback is sent. The first three are what libwebrtc does at ordinary rates; the others are our choices.
const (
	twccEvery   = 100 * time.Millisecond
	reportEvery = time.Second
	nackEvery   = 50 * time.Millisecond
	nackTries   = 10
	maxMissing  = 500 // packets; with more missing the picture is lost anyway
	pliEvery    = time.Second
)

// A feedback is what one subscriber tells the server of what arrives: receiver reports, NACK, keyframe requests and
// transport-wide arrival times, as browsers do. It reads no clock and has no timer.
//
// What is periodic has phases of its own, as if each subscriber were a machine of its own: they follow from its SSRC, which
// is random, and not from the media that all get at once. (Where a socket's reader waits for it, media still drives them.)
type feedback struct {
	ssrc     uint32 // ours, as a sender of RTCP
	twcc     bool   // negotiated
	arrivals arrivals
	incoming map[uint32]*incoming
	order    []*incoming // as they came
	tells    rhythm      // transport-wide feedback
	reports  rhythm
	counts   feedbackCounts
}

// A rhythm is when something periodic is due next. The zero value has not begun.
type rhythm struct{ next time.Time }

// begin starts a rhythm whose phase is the part of, a fraction of 2^32, of every.
func (r *rhythm) begin(now time.Time, every time.Duration, part uint32) {
	if r.next.IsZero() {
		r.next = now.Add(time.Duration(uint64(part) * uint64(every) >> 32)) //nolint:gosec // below every
	}
}

func (r *rhythm) due(now time.Time) bool { return !r.next.IsZero() && !now.Before(r.next) }

// take tells whether it is due, and goes on to the next time: in its phase, however late this one was.
func (r *rhythm) take(now time.Time, every time.Duration) bool {
	if !r.due(now) {
		return false
	}
	r.next = r.next.Add((now.Sub(r.next)/every + 1) * every)
	return true
}

// feedbackCounts is what was sent so far; anybody may read it.
type feedbackCounts struct {
	reports, nacked, keyframes, transport atomic.Uint64
}

// incoming is one SSRC as its receiver sees it.
type incoming struct {
	ssrc     uint32
	codec    media.Codec
	highest  int64 // unwrapped number
	first    int64
	received int64
	told     struct{ expected, received int64 } // in the last report
	transit  int64
	jitter   float64 // RTP units, RFC 3550 section 6.4.1
	sr       uint32  // middle of the last sender report's NTP time
	srAt     time.Time
	missing  map[int64]*lack
	pictured bool // a keyframe began
	asked    time.Time
}

// A lack is a packet that has not come.
type lack struct {
	tries int
	next  time.Time
}

func newFeedback(ssrc uint32) *feedback {
	return &feedback{ssrc: ssrc, incoming: make(map[uint32]*incoming)}
}

// packet takes one RTP packet that is not a retransmission.
func (f *feedback) packet(now time.Time, ssrc uint32, number uint16, timestamp uint32, codec media.Codec, key bool) {
	in := f.incoming[ssrc]
	if in == nil {
		f.tells.begin(now, twccEvery, f.ssrc)
		f.reports.begin(now, reportEvery, f.ssrc)
		in = &incoming{ssrc: ssrc, codec: codec, first: int64(number), highest: int64(number) - 1, missing: map[int64]*lack{}}
		f.incoming[ssrc] = in
		f.order = append(f.order, in)
	}
	n := in.highest + int64(int16(number-uint16(in.highest))) //nolint:gosec // arithmetic modulo 2^16
	in.received++
	in.pictured = in.pictured || key
	for k := in.highest + 1; codec.Video() && k < n && len(in.missing) < maxMissing; k++ {
		in.missing[k] = &lack{next: now}
	}
	delete(in.missing, n)
	in.highest = max(in.highest, n)
	in.measure(now, timestamp)
}

// measure keeps the interarrival jitter (RFC 3550 appendix A.8).
func (in *incoming) measure(now time.Time, timestamp uint32) {
	transit := now.UnixMicro()*in.codec.Clock()/1e6 - int64(timestamp)
	if in.transit != 0 {
		d := int32(transit - in.transit) //nolint:gosec // modulo 2^32, as timestamps are
		in.jitter += (float64(max(d, -d)) - in.jitter) / 16
	}
	in.transit = transit
}

// repaired takes the original number of a retransmission.
func (f *feedback) repaired(number uint16) {
	for _, in := range f.incoming {
		for n := range in.missing {
			if uint16(n) == number { //nolint:gosec // modulo 2^16
				delete(in.missing, n)
				return
			}
		}
	}
}

// senderReport notes what the reports have to echo.
func (f *feedback) senderReport(now time.Time, sr *rtcp.SenderReport) {
	if in := f.incoming[sr.SSRC]; in != nil {
		in.sr, in.srAt = uint32(sr.NTPTime>>16), now //nolint:gosec // the middle 32 bits
	}
}

// periodic tells that it is time for something even if nothing came.
func (f *feedback) periodic(now time.Time) bool { return f.reports.due(now) || f.tells.due(now) }

// due returns what has to be sent now.
func (f *feedback) due(now time.Time) (out []rtcp.Packet) {
	if f.reports.take(now, reportEvery) {
		f.counts.reports.Add(1)
		out = append(out, f.report(now))
	}
	var media uint32
	for _, in := range f.order {
		media = cmp.Or(media, in.ssrc)
		if pairs := in.nack(now); len(pairs) > 0 {
			for i := range pairs {
				f.counts.nacked.Add(uint64(len(pairs[i].PacketList())))
			}
			out = append(out, &rtcp.TransportLayerNack{SenderSSRC: f.ssrc, MediaSSRC: in.ssrc, Nacks: pairs})
		}
		if in.codec.Video() && !in.pictured && now.Sub(in.asked) >= pliEvery {
			in.asked = now
			f.counts.keyframes.Add(1)
			out = append(out, &rtcp.PictureLossIndication{SenderSSRC: f.ssrc, MediaSSRC: in.ssrc})
		}
	}
	if f.tells.take(now, twccEvery) && f.twcc {
		if m := f.arrivals.feedback(f.ssrc, media); m != nil {
			f.counts.transport.Add(1)
			out = append(out, m)
		}
	}
	return out
}

// nack returns what to ask for again, and gives up what was asked for too often: then only a keyframe helps.
func (in *incoming) nack(now time.Time) []rtcp.NackPair {
	if len(in.missing) == 0 {
		return nil
	}
	var numbers []uint16
	for _, n := range slices.Sorted(maps.Keys(in.missing)) {
		l := in.missing[n]
		if l.tries == nackTries {
			delete(in.missing, n)
			in.pictured = false
			continue
		}
		if !now.Before(l.next) {
			l.tries++
			l.next = now.Add(nackEvery)
			numbers = append(numbers, uint16(n)) //nolint:gosec // modulo 2^16
		}
	}
	return rtcp.NackPairsFromSequenceNumbers(numbers)
}

const maxReports = 31 // RFC 3550 section 6.4.1

func (f *feedback) report(now time.Time) *rtcp.ReceiverReport {
	rr := &rtcp.ReceiverReport{SSRC: f.ssrc}
	for _, in := range f.order[:min(len(f.order), maxReports)] {
		rr.Reports = append(rr.Reports, in.report(now))
	}
	return rr
}

func (in *incoming) report(now time.Time) rtcp.ReceptionReport {
	expected := in.highest - in.first + 1
	lost := max(expected-in.received, 0)
	interval := expected - in.told.expected
	missed := interval - (in.received - in.told.received)
	in.told.expected, in.told.received = expected, in.received
	r := rtcp.ReceptionReport{
		SSRC: in.ssrc, LastSequenceNumber: uint32(in.highest), //nolint:gosec // modulo 2^32
		TotalLost: uint32(min(lost, 1<<23-1)), Jitter: uint32(in.jitter), LastSenderReport: in.sr, //nolint:gosec // bounded
	}
	if interval > 0 && missed > 0 {
		r.FractionLost = uint8(min(missed*256/interval, 255)) //nolint:gosec // bounded
	}
	if in.sr != 0 {
		r.Delay = uint32(now.Sub(in.srAt) * 65536 / time.Second) //nolint:gosec // seconds
	}
	return r
}
