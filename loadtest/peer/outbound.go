package peer

import (
	"encoding/binary"
	"iter"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"salon/loadtest/media"
)

const (
	keptPackets = 512 // of a video track, for retransmission: some three seconds
	taggedFirst = 100 // packets of a stream that carry its MID, as browsers do until they know it was understood
	maxPacket   = 1500
)

// outgoing is one layer of a published track as RTP. The pace's goroutine owns it but for kept.
type outgoing struct {
	track         *media.Track
	layer         *media.Layer
	mid, rid      string
	ssrc, rtxSSRC uint32
	number        uint16
	base          uint32 // of timestamps
	packets       uint32
	octets        uint32
	reported      time.Time

	kept      [keptPackets][]byte // plain packets by number, as they were sent; guarded by outbound.mu
	rtxNumber uint16
}

func newOutgoing(s section) (list []*outgoing) {
	for i, l := range s.track.Layers {
		list = append(list, &outgoing{
			track: s.track, layer: l, mid: s.mid, rid: s.track.RID(i), ssrc: s.ssrcs[i], rtxSSRC: s.rtxSSRCs[i],
			number: uint16(rand.Uint32N(1 << 15)), base: rand.Uint32(), //nolint:gosec // need not be secret
		})
	}
	return list
}

// outbound seals what a lean peer sends: media for the pace's goroutine, feedback and retransmissions for the
// reader's.
type outbound struct {
	twcc   atomic.Bool
	flight flight // the pace's

	ctx     *srtp.Context // guarded by mu, with the following and outgoing.kept
	overall uint16        // transport-wide number
	scratch []byte
	mu      sync.Mutex
}

func (o *outbound) start(ctx *srtp.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ctx = ctx
	o.scratch = make([]byte, 0, maxPacket)
}

// A flight is sealed datagrams that leave together.
type flight struct {
	list [][]byte
	used int
}

// room returns space for one more.
func (f *flight) room() []byte {
	if f.used == len(f.list) {
		f.list = append(f.list, nil)
	}
	if cap(f.list[f.used]) < maxPacket {
		f.list[f.used] = make([]byte, 0, maxPacket)
	}
	return f.list[f.used][:0]
}

// add takes what was written into the last room.
func (f *flight) add(b []byte) {
	f.list[f.used] = b
	f.used++
}

// dispatch sends a flight: one system call, no joined messages.
func (l *Lean) dispatch(to netip.AddrPort, f *flight) {
	if f.used == 0 {
		return
	}
	if err := l.sock.Send(to, f.list[:f.used]...); err != nil {
		l.unsent.Add(1)
	}
	f.used = 0
}

// seal encrypts a plain RTP packet. The caller holds mu.
func (o *outbound) seal(plain []byte, f *flight) {
	if sealed, err := o.ctx.EncryptRTP(f.room(), plain, nil); err == nil { // only packets of our own making come here
		f.add(sealed)
	}
}

// control seals feedback.
func (o *outbound) control(list []rtcp.Packet, f *flight) {
	raw, err := rtcp.Marshal(list)
	if err != nil {
		return // only packets of our own making come here
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if sealed, err := o.ctx.EncryptRTCP(f.room(), raw, nil); err == nil {
		f.add(sealed)
	}
}

// Send puts a burst on the wire: one system call but no joined message: as a browser's
// reach a server.
func (l *Lean) Send(t *media.Track, layer int, b media.Burst, now time.Time) {
	og, dest := l.outgoing[t][layer], l.in.dest.Load()
	if takes := l.accepted.Load(); dest == nil || takes == nil || !(*takes)[og.mid] {
		return
	}
	o := &l.out
	o.mu.Lock()
	for i := range b.Payloads {
		o.seal(o.packet(og, b, i, now), &o.flight)
	}
	o.mu.Unlock()
	if now.Sub(og.reported) >= reportEvery {
		og.reported = now
		o.control([]rtcp.Packet{og.report(b.Timestamp, now)}, &o.flight)
	}
	l.dispatch(*dest, &o.flight)
}

// packet builds plain packet i of a burst and keeps a copy of video. The result is valid until the next call.
func (o *outbound) packet(og *outgoing, b media.Burst, i int, now time.Time) []byte {
	payload := b.Payloads[i]
	h := rtp.Header{
		Version: 2, Marker: b.Marker && i == len(b.Payloads)-1, PayloadType: payloadOf(og.track.Codec), SequenceNumber: og.number,
		Timestamp: og.base + b.Timestamp, SSRC: og.ssrc,
	}
	o.extend(&h, og, b.Level, now)
	raw := o.scratch[:h.MarshalSize()+len(payload)]
	n, err := h.MarshalTo(raw)
	if err != nil {
		return nil
	}
	copy(raw[n:], payload)
	if og.track.Kind.Video() {
		slot := &og.kept[og.number%keptPackets]
		*slot = append((*slot)[:0], raw...)
	}
	og.number++
	og.packets++
	og.octets += uint32(len(payload)) //nolint:gosec // modulo 2^32, RFC 3550 section 6.4.1
	return raw
}

// extend adds the header extensions that browsers send.
func (o *outbound) extend(h *rtp.Header, og *outgoing, level media.Level, now time.Time) {
	set := func(id uint8, b []byte) { _ = h.SetExtension(id, b) } // ids and sizes are constants that fit
	if og.packets < taggedFirst {
		set(extensionMID, []byte(og.mid))
		if og.rid != "" {
			set(extensionRID, []byte(og.rid))
		}
	}
	if !og.track.Kind.Video() {
		set(extensionLevel, []byte{byte(level)})
	}
	since := uint64(now.UnixNano())                          //nolint:gosec // after 1970
	at := since/1e9<<18&0xffffff | since%1e9<<18/1e9&0x3ffff // 6.18 fixed point seconds
	set(extensionSendTime, []byte{byte(at >> 16), byte(at >> 8), byte(at)})
	if o.twcc.Load() {
		set(extensionTWCC, binary.BigEndian.AppendUint16(nil, o.overall))
		o.overall++
	}
}

// ntpEpoch is how many seconds NTP's epoch lies before Unix's (RFC 5905).
const ntpEpoch = 2208988800

func (og *outgoing) report(timestamp uint32, now time.Time) *rtcp.SenderReport {
	seconds := uint64(now.Unix() + ntpEpoch) //nolint:gosec // after 1900
	return &rtcp.SenderReport{
		SSRC: og.ssrc, NTPTime: seconds<<32 | uint64(now.Nanosecond())<<32/1e9, //nolint:gosec // below 10^9
		RTPTime: og.base + timestamp, PacketCount: og.packets, OctetCount: og.octets,
	}
}

// streams goes through everything that is sent.
func (l *Lean) streams() iter.Seq[*outgoing] {
	return func(yield func(*outgoing) bool) {
		for _, list := range l.outgoing {
			for _, og := range list {
				if !yield(og) {
					return
				}
			}
		}
	}
}

func (l *Lean) wantKey(ssrc uint32) {
	for og := range l.streams() {
		if og.ssrc == ssrc && og.track.Kind.Video() {
			og.layer.WantKey.Store(true)
		}
	}
}

// resend answers a NACK on the retransmission stream (RFC 4588).
func (l *Lean) resend(m *rtcp.TransportLayerNack, f *flight) {
	o := &l.out
	o.mu.Lock()
	defer o.mu.Unlock()
	for og := range l.streams() {
		if og.ssrc != m.MediaSSRC || !og.track.Kind.Video() {
			continue
		}
		for _, pair := range m.Nacks {
			for _, number := range pair.PacketList() {
				if raw := o.repeat(og, number); raw != nil {
					o.seal(raw, f)
				}
			}
		}
	}
}

// repeat wraps a kept packet, nil when it is gone.
func (o *outbound) repeat(og *outgoing, number uint16) []byte {
	var h rtp.Header
	old := og.kept[number%keptPackets]
	n, err := h.Unmarshal(old)
	if err != nil || h.SequenceNumber != number {
		return nil
	}
	payload := old[n:]
	h.PayloadType, h.SSRC, h.SequenceNumber = payloadOf(og.track.Codec)+1, og.rtxSSRC, og.rtxNumber
	if h.Extension = false; og.rid != "" {
		h.Extensions = nil
		_ = h.SetExtension(extensionMID, []byte(og.mid))      // the id and size fit
		_ = h.SetExtension(extensionRepaired, []byte(og.rid)) // the id and size fit
	}
	og.rtxNumber++
	if o.twcc.Load() {
		_ = h.SetExtension(extensionTWCC, binary.BigEndian.AppendUint16(nil, o.overall)) // the id and size fit
		o.overall++
	}
	raw := o.scratch[:h.MarshalSize()+2+len(payload)]
	k, err := h.MarshalTo(raw)
	if err != nil {
		return nil
	}
	binary.BigEndian.PutUint16(raw[k:], number)
	copy(raw[k+2:], payload)
	return raw
}
