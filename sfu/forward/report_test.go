package forward

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

// speaking returns a leg that has sent something, of a publisher that has reported.
func speaking(now time.Time, ssrc uint32, name string) *DownTrack {
	d := &DownTrack{source: &Receiver{report: senderReport{known: true, ntp: 7 << 32, rtp: 90, at: now}}}
	d.cfg.SSRC, d.cfg.CNAME, d.cfg.ClockRate = ssrc, name, 90000
	d.reporter.packets, d.reporter.octets = 5, 500
	return d
}

func TestReportsSayWhatWasMeantForNamesOfAnyLength(t *testing.T) {
	now := time.Unix(100, 0)
	for n := range 300 {
		name := strings.Repeat("n", n)
		raw := speaking(now, 9, name).appendReport(nil, now.Add(time.Second))
		pkts, err := rtcp.Unmarshal(raw)
		if err != nil || len(pkts) != 2 {
			t.Fatalf("name of %d bytes: %d packets, %v", n, len(pkts), err)
		}
		want := rtcp.SenderReport{SSRC: 9, NTPTime: 8 << 32, RTPTime: 90 + 90000, PacketCount: 5, OctetCount: 500, Reports: []rtcp.ReceptionReport{}}
		if got := fmt.Sprint(*pkts[0].(*rtcp.SenderReport)); got != fmt.Sprint(want) {
			t.Fatalf("%s, want %s", got, fmt.Sprint(want))
		}
		chunk := pkts[1].(*rtcp.SourceDescription).Chunks[0]
		if chunk.Source != 9 || chunk.Items[0].Type != rtcp.SDESCNAME || chunk.Items[0].Text != name[:min(n, 255)] {
			t.Fatalf("name of %d bytes: %+v", n, chunk)
		}
	}
}

// compounds keeps RTCP as it leaves.
type compounds struct {
	wire
	sent [][]byte
}

func (c *compounds) SendRTCP(_ Out, raw []byte) { c.sent = append(c.sent, bytes.Clone(raw)) }

func TestLegsOfAPeerReportTogether(t *testing.T) {
	now := time.Unix(100, 0)
	w := &compounds{}
	p := &Peer{shard: NewShard(Config{}, NewCrew(0), nil), path: w}
	reports := func() (list []string) {
		for _, raw := range w.sent {
			pkts, err := rtcp.Unmarshal(raw)
			if err != nil {
				t.Fatal(err)
			}
			of := ""
			for _, pkt := range pkts {
				if sr, ok := pkt.(*rtcp.SenderReport); ok {
					of += fmt.Sprint(sr.SSRC)
				}
			}
			list = append(list, of)
		}
		w.sent = nil
		return list
	}
	out := newBatch()
	for step, c := range []struct {
		after time.Duration
		begin uint32
		want  string
	}{
		{0, 1, "[1]"}, // the first at once
		{300 * time.Millisecond, 2, "[2]"},
		{400 * time.Millisecond, 0, "[]"},
		{300 * time.Millisecond, 0, "[12]"}, // the second goes along
		{900 * time.Millisecond, 0, "[]"},
		{100 * time.Millisecond, 0, "[12]"},
	} {
		now = now.Add(c.after)
		if c.begin > 0 {
			p.legs, p.reportAt = append(p.legs, speaking(now, c.begin, "name")), time.Time{}
		}
		p.sendSenderReports(now, out)
		if got := fmt.Sprint(reports()); got != c.want {
			t.Errorf("step %d: %s, want %s", step, got, c.want)
		}
	}
	for n := range uint32(30) {
		p.legs, p.reportAt = append(p.legs, speaking(now, 100+n, strings.Repeat("n", 255))), time.Time{}
	}
	p.sendSenderReports(now, out)
	for _, raw := range w.sent {
		if len(raw) > 1150 {
			t.Errorf("%d bytes in one datagram", len(raw))
		}
	}
	if n := len(reports()); n < 8 || n > 30 {
		t.Errorf("30 reports in %d datagrams", n)
	}
}
