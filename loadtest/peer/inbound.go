package peer

import (
	"encoding/binary"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"salon/loadtest/link"
)

// inbound is what a lean peer does with what arrives. The socket's one reader calls its methods; nobody else touches
// the fields of the last group.
type inbound struct {
	peer    *Lean
	link    *link.Link // nil for none
	twcc    atomic.Bool
	formats atomic.Pointer[formats]
	keys    atomic.Pointer[srtp.Context]
	dest    atomic.Pointer[netip.AddrPort]

	feedback *feedback
	header   rtp.Header
	plain    []byte
	raw      []byte
	flight   flight
}

// aim sends feedback to where ICE has found the server.
func (in *inbound) aim(remote ice.Candidate) {
	addr, err := netip.ParseAddr(remote.Address())
	if err != nil || remote.Port() <= 0 || remote.Port() > 0xffff {
		return
	}
	dest := netip.AddrPortFrom(addr, uint16(remote.Port())) //nolint:gosec // bounded above
	in.dest.Store(&dest)
}

// Take decrypts a datagram and counts it.
func (in *inbound) Take(at time.Time, pkt []byte) {
	keys := in.keys.Load()
	if keys == nil || len(pkt) < 2 {
		return
	}
	if kind := pkt[1] & 0x7f; kind >= 64 && kind <= 95 { // RFC 5761 section 4
		in.control(at, keys, pkt)
		return
	}
	arrived, ok := in.across(at, len(pkt))
	if !ok {
		in.peer.intake.Drop()
		return
	}
	in.media(arrived, keys, pkt)
}

// Taken answers what came with the feedback that is due.
func (in *inbound) Taken(now time.Time) {
	dest := in.dest.Load()
	if dest == nil || in.keys.Load() == nil {
		return
	}
	in.feedback.twcc = in.twcc.Load()
	if due := in.feedback.due(now); len(due) > 0 {
		in.peer.out.control(due, &in.flight)
	}
	in.peer.dispatch(*dest, &in.flight)
}

// Pause sends the feedback that is due though nothing came.
func (in *inbound) Pause(now time.Time) {
	if in.feedback.periodic(now) {
		in.Taken(now)
	}
}

// across takes a packet over the emulated link, if there is one.
func (in *inbound) across(now time.Time, size int) (time.Time, bool) {
	if in.link == nil {
		return now, true
	}
	return in.link.Pass(now, in.peer.intake.Window.Elapsed(now), size)
}

func (in *inbound) media(at time.Time, keys *srtp.Context, pkt []byte) {
	plain, err := keys.DecryptRTP(in.plain[:0], pkt, &in.header)
	if err != nil {
		in.peer.intake.Refuse()
		return
	}
	in.plain = plain
	h := &in.header
	payload := plain[h.MarshalSize():]
	if h.Padding && len(payload) > 0 {
		payload = payload[:max(len(payload)-int(payload[len(payload)-1]), 0)]
	}
	f, known := in.feedback, in.formats.Load()
	if f.twcc {
		if number := h.GetExtension(known.twcc); len(number) >= 2 {
			f.arrivals.note(at, uint16(number[0])<<8|uint16(number[1]))
		}
	}
	if len(payload) == 0 {
		return // a probe
	}
	if c, ok := known.codec[h.PayloadType]; ok {
		f.packet(at, h.SSRC, h.SequenceNumber, h.Timestamp, c, c.BeginsKeyframe(payload))
		in.peer.intake.Take(at, c, payload, false)
		return
	}
	if c, ok := known.repair[h.PayloadType]; ok {
		if number, original, ok := originalNumber(payload); ok && len(original) > 0 {
			f.repaired(number)
			in.peer.intake.Take(at, c, original, true)
		}
	}
}

// control takes a compound packet of the server's.
func (in *inbound) control(now time.Time, keys *srtp.Context, pkt []byte) {
	raw, err := keys.DecryptRTCP(in.raw[:0], pkt, nil)
	if err != nil {
		in.peer.intake.Refuse()
		return
	}
	in.raw = raw
	list, err := rtcp.Unmarshal(raw)
	if err != nil {
		in.peer.intake.Refuse()
		return
	}
	for _, p := range list {
		switch m := p.(type) {
		case *rtcp.SenderReport:
			in.feedback.senderReport(now, m)
		case *rtcp.PictureLossIndication:
			in.peer.wantKey(m.MediaSSRC)
		case *rtcp.FullIntraRequest:
			for _, e := range m.FIR {
				in.peer.wantKey(e.SSRC)
			}
		case *rtcp.TransportLayerNack:
			in.peer.resend(m, &in.flight)
		}
	}
}

// originalNumber reads which packet a retransmission repeats (RFC 4588 section 4).
func originalNumber(payload []byte) (number uint16, original []byte, ok bool) {
	if len(payload) < 2 {
		return 0, nil, false
	}
	return binary.BigEndian.Uint16(payload), payload[2:], true
}
