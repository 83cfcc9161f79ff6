package forward

import (
	"encoding/binary"
	"time"

	"github.com/pion/rtcp"
)

// A senderReport is a publisher's last word on what time its timestamps mean. The zero value says nothing.
type senderReport struct {
	known bool
	ntp   uint64 // RFC 3550 section 4: seconds since 1900, 32.32 fixed point
	rtp   uint32
	at    time.Time // when it came
}

func (r *senderReport) set(now time.Time, sr *rtcp.SenderReport) {
	*r = senderReport{known: true, ntp: sr.NTPTime, rtp: sr.RTPTime, at: now}
}

// timeOf returns when ts was captured, by the publisher's clock.
func (r *senderReport) timeOf(ts, rate uint32) time.Time {
	return ntpTime(r.ntp).Add(time.Duration(int32(ts-r.rtp)) * time.Second / time.Duration(rate))
}

// ntpEpoch is the Unix time of the NTP epoch, 1 January 1900.
const ntpEpoch = -2208988800

func ntpTime(ntp uint64) time.Time {
	seconds := int64(ntp >> 32)
	nanos := int64(ntp & (1<<32 - 1) * uint64(time.Second) >> 32)
	return time.Unix(ntpEpoch+seconds, nanos)
}

func ntpAdd(ntp uint64, d time.Duration) uint64 {
	seconds := uint64(d / time.Second)
	fraction := uint64(d%time.Second) << 32 / uint64(time.Second)
	return ntp + seconds<<32 + fraction
}

// reportInterval is the rhythm of our sender and receiver reports. The first sender report of a leg goes with
// the first tick, so that players can bring sound and picture together at once.
const reportInterval = time.Second

// A reporter counts what a leg sent and remembers what its subscriber says of it.
type reporter struct {
	packets, octets uint32
	nextAt          time.Time
	rtt             time.Duration // 0: unknown
	fractionLost    uint8         // of 256
}

func (r *reporter) count(payload int) {
	r.packets++
	r.octets += uint32(payload)
}

// Sizes of what appendReport appends, in bytes.
const (
	senderReportLen = 28       // without blocks: RFC 3550 section 6.4.1
	maxCNAME        = 1<<8 - 1 // section 6.5: one byte says how long an item is
	// maxReports is how much of them goes into one datagram: what passes everywhere, less the last one.
	maxReports = 800
)

// mayReport tells whether the leg has something to report, and what time it was by the publisher's clock.
func (d *DownTrack) mayReport() bool {
	return d.reporter.packets > 0 && d.source != nil && d.source.report.known
}

// reportDue tells whether the leg's report is due.
func (d *DownTrack) reportDue(now time.Time) bool {
	return !now.Before(d.reporter.nextAt) && d.mayReport()
}

// appendReport appends the leg's report to b and, so that players bring a publisher's tracks together, the publisher's name (RFC 3550
// section 6.5.1). The report is the publisher's line of time moved to the leg's timestamps. Both ends of the line move on by the time
// since the publisher's report came, so that the line stays exactly the publisher's, and sound and picture of one publisher keep one
// clock.
func (d *DownTrack) appendReport(b []byte, now time.Time) []byte {
	d.reporter.nextAt = now.Add(reportInterval)
	source := &d.source.report
	age := max(now.Sub(source.at), 0)
	ticks := uint32(int64(age) * int64(d.cfg.ClockRate) / int64(time.Second))
	b = append(b, 0x80, byte(rtcp.TypeSenderReport), 0, senderReportLen/4-1)
	b = binary.BigEndian.AppendUint32(b, d.cfg.SSRC)
	b = binary.BigEndian.AppendUint64(b, ntpAdd(source.ntp, age))
	b = binary.BigEndian.AppendUint32(b, source.rtp+ticks+d.clock.shift)
	b = binary.BigEndian.AppendUint32(b, d.reporter.packets)
	b = binary.BigEndian.AppendUint32(b, d.reporter.octets)
	return appendName(b, d.cfg.SSRC, d.cfg.CNAME[:min(len(d.cfg.CNAME), maxCNAME)])
}

// appendName appends a source description of one chunk with the name alone (RFC 3550 section 6.5). One to four zero bytes end it.
func appendName(b []byte, ssrc uint32, name string) []byte {
	words := 2 + (2+len(name))/4 + 1
	end := len(b) + words*4
	b = append(b, 0x81, byte(rtcp.TypeSourceDescription), 0, byte(words-1))
	b = binary.BigEndian.AppendUint32(b, ssrc)
	b = append(b, byte(rtcp.SDESCNAME), byte(len(name)))
	b = append(b, name...)
	for len(b) < end {
		b = append(b, 0)
	}
	return b
}
