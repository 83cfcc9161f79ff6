package forward

import (
	"errors"
	"fmt"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"

	"salon/sfu/nack"
)

// HandleRTCP takes one opened compound packet of this peer.
func (p *Peer) HandleRTCP(now time.Time, raw []byte, out Out) {
	pkts, transport, err := parseRTCP(raw)
	s := p.shard
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.stats.RTCPMalformed++
		return
	}
	if p.closed {
		return
	}
	s.stats.TransportFeedback += uint64(transport)
	for _, pkt := range pkts {
		p.hear(now, pkt, out)
	}
}

// parseRTCP parses a compound, but counts transport-wide feedback only: it is the bulk of what subscribers send, and its parser
// allocates per packet that it tells of.
func parseRTCP(raw []byte) (pkts []rtcp.Packet, transport int, err error) {
	for len(raw) > 0 {
		var h rtcp.Header
		if err := h.Unmarshal(raw); err != nil {
			return nil, 0, fmt.Errorf("rtcp header: %w", err)
		}
		size := (int(h.Length) + 1) * 4
		if size > len(raw) {
			return nil, 0, errRTCPCut
		}
		if h.Type == rtcp.TypeTransportSpecificFeedback && h.Count == rtcp.FormatTCC {
			transport++
		} else {
			some, err := rtcp.Unmarshal(raw[:size])
			if err != nil {
				return nil, 0, fmt.Errorf("rtcp: %w", err)
			}
			pkts = append(pkts, some...)
		}
		raw = raw[size:]
	}
	return pkts, transport, nil
}

// errRTCPCut tells of a packet in a compound that says it is longer than the compound.
var errRTCPCut = errors.New("rtcp cut short")

func (p *Peer) hear(now time.Time, pkt rtcp.Packet, out Out) {
	switch m := pkt.(type) {
	case *rtcp.SenderReport:
		if str, ok := p.streams[m.SSRC]; ok && !str.rtx {
			str.receiver.report.set(now, m)
		}
		p.hearReports(now, m.Reports)
	case *rtcp.ReceiverReport:
		p.hearReports(now, m.Reports)
	case *rtcp.TransportLayerNack:
		p.hearNACK(now, m, out)
	case *rtcp.PictureLossIndication:
		p.hearKeyframeRequest(now, m.MediaSSRC, out)
	case *rtcp.FullIntraRequest:
		for _, entry := range m.FIR {
			p.hearKeyframeRequest(now, entry.SSRC, out)
		}
	}
}

func (p *Peer) hearReports(now time.Time, reports []rtcp.ReceptionReport) {
	for i := range reports {
		r := &reports[i]
		d := p.bySSRC[r.SSRC]
		if d == nil || r.SSRC != d.cfg.SSRC {
			continue
		}
		d.reporter.fractionLost = r.FractionLost
		if d.source == nil || r.LastSenderReport == 0 {
			continue
		}
		// A = now in the publisher's NTP time, as our sender reports told it (RFC 3550 section 6.4.1).
		a := uint32(ntpAdd(d.source.report.ntp, max(now.Sub(d.source.report.at), 0)) >> 16)
		ticks := a - r.LastSenderReport - r.Delay
		if rtt := time.Duration(ticks) * time.Second >> 16; rtt < maxRTT {
			d.reporter.rtt = rtt
		}
	}
}

// maxRTT is where a round-trip time stops to be believed: wrong arithmetic of a peer wraps far beyond it.
const maxRTT = 5 * time.Second

func (p *Peer) hearNACK(now time.Time, m *rtcp.TransportLayerNack, out Out) {
	d := p.bySSRC[m.MediaSSRC]
	if d == nil || m.MediaSSRC != d.cfg.SSRC {
		return
	}
	nack.Each(m.Nacks, func(number uint16) {
		p.shard.stats.NACKsIn++
		d.resend(now, number, d.reporter.rtt, out)
	})
}

func (p *Peer) hearKeyframeRequest(now time.Time, ssrc uint32, out Out) {
	d := p.bySSRC[ssrc]
	if d == nil || !d.track.video {
		return
	}
	p.shard.stats.KeyframesWanted++
	if d.source != nil && d.source.track == d.track {
		d.source.want(now, out)
	}
}

// requestMissing asks the publisher for what is missing, encoding by encoding.
func (p *Peer) requestMissing(now time.Time, out Out) {
	for _, t := range p.tracks {
		for _, r := range t.receivers {
			if r != nil && r.ssrc != 0 {
				r.requestMissing(now, out)
			}
		}
	}
}

func (r *Receiver) requestMissing(now time.Time, out Out) {
	p := r.track.peer
	f := &p.feedback
	f.due = r.wanted.Due(now, p.feedback.rtt, f.due[:0])
	if len(f.due) > 0 {
		p.shard.stats.NACKsOut += uint64(len(f.due))
		f.pairs = nack.Pairs(f.due, f.pairs[:0])
		p.sendRTCP(out, &rtcp.TransportLayerNack{SenderSSRC: p.ssrc, MediaSSRC: r.ssrc, Nacks: f.pairs})
	}
	if r.wanted.GaveUp() && r.track.video && len(r.track.legs) > 0 {
		r.want(now, out)
	}
}

// feedbackState is what a Peer needs to answer its publisher. The zero value is ready.
type feedbackState struct {
	recorder   *twcc.Recorder // nil until a packet carries a transport-wide number
	began      time.Time
	lastReport time.Time
	lastTWCC   time.Time
	rtt        time.Duration // to the publisher; 0: unknown

	due   []uint64
	pairs []rtcp.NackPair
}

// feedbackInterval is the rhythm of transport-wide feedback: what libwebrtc sends at ordinary rates.
const feedbackInterval = 100 * time.Millisecond

func (f *feedbackState) received(now time.Time, ssrc uint32, number uint16) {
	if f.recorder == nil {
		f.recorder = twcc.NewRecorder(newSSRC())
		f.began, f.lastTWCC = now, now
	}
	f.recorder.Record(ssrc, number, now.Sub(f.began).Microseconds())
}

// maxRTCP bounds a compound, in bytes: what a datagram holds without fragments on every usual path, and some more for
// feedback on bursts that can't be cut.
const maxRTCP = 4096

// sendRTCP sends pkts as one compound. One that a publisher's wild numbers have blown up is not sent.
func (p *Peer) sendRTCP(out Out, pkts ...rtcp.Packet) {
	raw, err := rtcp.Marshal(pkts)
	if err != nil || len(raw) > maxRTCP {
		p.shard.stats.RTCPUnsent++
		return
	}
	p.sendRaw(out, raw)
}

func (p *Peer) sendRaw(out Out, compound []byte) {
	buf := p.path.Reserve(out, len(compound))
	p.path.SendRTCP(out, buf[:copy(buf, compound)])
}
