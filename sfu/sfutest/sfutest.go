// Package sfutest is what the tests of the SFU share: streams of valid RTP packets, a simulated network in virtual time, and a runner
// for golden conversations. Only tests import it.
//
// The packets are written by hand from the RFCs and with pion/rtp, on purpose without package packet, which they test.
// Everything is deterministic: time and seeds are arguments. Mistakes in its use panic, because they are mistakes of a test.
package sfutest

import (
	"time"

	"github.com/pion/rtp"
)

// Clock rates of the streams, in Hz.
const (
	videoClock = 90_000
	opusClock  = 48_000
)

// defaultMTU is the largest RTP packet of a stream that sets no other, in bytes. libwebrtc's default is near it.
const defaultMTU = 1200

// Extension is one header extension element as it stands in a packet.
type Extension struct {
	ID    uint8
	Value []byte
}

// RTP is what the streams of all codecs have in common. Set the fields before the first packet; Sequence and the counter at
// TransportCC go on from there.
type RTP struct {
	SSRC     uint32
	PT       uint8
	Sequence uint16 // of the next packet
	// Timestamp is that of the first packet.
	Timestamp uint32
	// MTU is the largest packet in bytes, header and extensions included; 0 means 1200.
	MTU int
	// Extensions stand in each packet.
	Extensions []Extension
	// TransportCCID and TransportCC add the transport-wide number, counted at TransportCC, which the streams of a transport share.
	// 0 or nil leave it out.
	TransportCCID uint8
	TransportCC   *uint16

	begun time.Time
}

// timestamp converts now to the stream's clock; the first call is at Timestamp.
func (r *RTP) timestamp(now time.Time, clock int64) uint32 {
	if r.begun.IsZero() {
		r.begun = now
	}
	since := now.Sub(r.begun)
	whole := int64(since / time.Second)
	part := int64(since%time.Second) * clock / int64(time.Second)
	return r.Timestamp + uint32(whole*clock+part)
}

// packet writes one packet and counts the sequence numbers on. extra are further extensions, for this packet only.
func (r *RTP) packet(timestamp uint32, marker bool, payload []byte, extra ...Extension) []byte {
	p := rtp.Packet{
		Header: rtp.Header{
			Version: 2, Marker: marker, PayloadType: r.PT,
			SequenceNumber: r.Sequence, Timestamp: timestamp, SSRC: r.SSRC,
		},
		Payload: payload,
	}
	r.Sequence++
	for _, list := range [][]Extension{r.Extensions, extra} {
		for _, x := range list {
			must(p.SetExtension(x.ID, x.Value))
		}
	}
	if r.TransportCCID != 0 && r.TransportCC != nil {
		must(p.SetExtension(r.TransportCCID, []byte{byte(*r.TransportCC >> 8), byte(*r.TransportCC)}))
		*r.TransportCC++
	}
	raw, err := p.Marshal()
	must(err)
	return raw
}

// room is how many bytes of payload fit into a packet with these extra extensions, roughly: it never says too many.
func (r *RTP) room(extra ...Extension) int {
	mtu := r.MTU
	if mtu == 0 {
		mtu = defaultMTU
	}
	size := 12 + 4 + 3 // fixed header, head of the block, alignment
	for _, list := range [][]Extension{r.Extensions, extra} {
		for _, x := range list {
			size += 2 + len(x.Value)
		}
	}
	if r.TransportCCID != 0 {
		size += 4
	}
	return mtu - size
}

// Padding returns a packet of n bytes of padding (1 to 255) and nothing else, as senders probe with, at the time of now.
func (r *RTP) Padding(now time.Time, clock int64, n uint8) []byte {
	raw := r.packet(r.timestamp(now, clock), false, nil)
	raw[0] |= 0x20
	raw = append(raw, make([]byte, n)...)
	raw[len(raw)-1] = n
	return raw
}

// cut splits n bytes into pieces of at most room, whose sizes differ by one byte at most, the shorter ones first, as libwebrtc does.
func cut(n, room int) []int {
	if room < 1 {
		panic("sfutest: MTU leaves no room for payload")
	}
	count := max(1, (n+room-1)/room)
	sizes := make([]int, count)
	for i := range sizes {
		sizes[i] = n / count
		if i >= count-n%count {
			sizes[i]++
		}
	}
	return sizes
}

// filler writes recognisable bytes, so that a test can see whether a payload came through whole.
func filler(n int, seed uint32) []byte {
	b := make([]byte, n)
	for i := range b {
		seed = seed*1664525 + 1013904223
		b[i] = byte(seed >> 24)
	}
	return b
}

func must(err error) {
	if err != nil {
		panic("sfutest: " + err.Error())
	}
}
