package forward

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"pgregory.net/rapid"

	"salon/sfu/layer"
	"salon/sfu/packet"
	"salon/sfu/sfutest"
)

// What a leg sends is sealed by SSRC and index. Whatever a publisher and a subscriber do, no two packets share both, but for a packet
// that goes out again byte for byte (RFC 7714 section 10).
func TestNoTwoPacketsShareANumber(t *testing.T) {
	for name, rtx := range map[string]uint8{"with a retransmission stream": 121, "without": 0} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				p := newPlay(t, rapid.IntRange(1, 3).Draw(rt, "encodings"), rtx)
				for range rapid.IntRange(20, 120).Draw(rt, "steps") {
					p.step(rt)
				}
			})
		})
	}
}

// A play is a stage on which all that can go wrong does.
type play struct {
	*stage
	late [][]byte // packets that come later, perhaps twice
	sent map[uint64][]byte
	last uint16 // the number that went out last
}

func newPlay(tb testing.TB, encodings int, rtx uint8) *play {
	tb.Helper()
	s := newStage(tb, encodings)
	s.track.cfg.Formats = append(s.track.cfg.Formats, Format{PayloadType: 98, RTX: 99, MIME: "video/unknown", ClockRate: 90000})
	s.leg.Close()
	cfg := s.leg.cfg
	cfg.RTX, cfg.Extensions = rtx, map[string]uint8{levelURI: 7, packet.TransportCC.URI(): 8}
	s.leg = s.leg.peer.Subscribe(s.track, cfg)
	for _, stream := range s.streams {
		stream.Extensions = append(stream.Extensions, sfutest.Extension{ID: 4, Value: []byte{9}})
	}
	s.leg.SetMax(layer.Layer{Spatial: 2, Temporal: 2})
	return &play{stage: s, sent: map[uint64][]byte{}}
}

func (p *play) step(t *rapid.T) {
	e := rapid.IntRange(0, len(p.streams)-1).Draw(t, "encoding")
	stream := p.streams[e]
	switch rapid.IntRange(0, 12).Draw(t, "what") {
	case 0: // the publisher starts its counter anew
		stream.Sequence += uint16(rapid.SampledFrom([]int{4000, 30_000, 60_000}).Draw(t, "jump"))
	case 1: // or the stream
		stream.SSRC += 100
		stream.Sequence = uint16(rapid.IntRange(0, 3).Draw(t, "first"))
	case 2:
		p.leg.SetMax(layer.Layer{Spatial: int8(rapid.IntRange(0, 2).Draw(t, "spatial")), Temporal: int8(rapid.IntRange(0, 2).Draw(t, "temporal"))})
	case 3:
		p.publisher.SetExtensions(map[string]uint8{midURI: 1, ridURI: 2, repairedURI: 3, levelURI: uint8(rapid.IntRange(4, 5).Draw(t, "id"))})
	case 4:
		stream.PT = rapid.SampledFrom([]uint8{96, 98}).Draw(t, "payload type")
	case 5:
		p.late = append(p.late, p.late...)
		p.deliver(p.late)
		p.late = nil
	case 6, 7:
		p.ask(rapid.SliceOfN(rapid.IntRange(0, 40), 1, 8).Draw(t, "back"))
	default:
		p.picture(t, stream)
	}
	p.check(t)
}

// picture sends a frame, of which some packets are late, or come twice.
func (p *play) picture(t *rapid.T, stream *sfutest.VP8Stream) {
	for _, pkt := range stream.Frame(p.now, rapid.IntRange(0, 3).Draw(t, "keyframe") == 0, 2500) {
		switch rapid.IntRange(0, 7).Draw(t, "fate") {
		case 0:
			p.late = append(p.late, bytes.Clone(pkt))
		case 1:
			p.deliver([][]byte{pkt, bytes.Clone(pkt)})
		default:
			p.deliver([][]byte{pkt})
		}
	}
	p.now = p.now.Add(33 * time.Millisecond)
	p.shard.Tick(p.now, p.out)
}

func (p *play) deliver(pkts [][]byte) {
	var copies [][]byte
	for _, pkt := range pkts {
		copies = append(copies, bytes.Clone(pkt))
	}
	p.publisher.HandleRTP(p.now, copies, p.out)
}

// ask sends a NACK for what went out so long ago, in packets.
func (p *play) ask(back []int) {
	m := rtcp.TransportLayerNack{MediaSSRC: p.leg.cfg.SSRC}
	for _, n := range back {
		m.Nacks = append(m.Nacks, rtcp.NackPair{PacketID: p.last - uint16(n)})
	}
	raw, err := m.Marshal()
	if err != nil {
		p.tb.Fatal(err)
	}
	p.now = p.now.Add(20 * time.Millisecond)
	p.leg.peer.HandleRTCP(p.now, raw, p.out)
}

// repeats looks whether a packet of the retransmission stream is what went out under its number.
func (p *play) repeats(t *rapid.T, raw []byte) {
	var again, before packet.Packet
	if again.Parse(raw, nil) != nil || again.SSRC != p.leg.cfg.RTXSSRC {
		return
	}
	number := binary.BigEndian.Uint16(again.Payload())
	for key, first := range p.sent {
		if key>>48 == uint64(p.leg.cfg.SSRC) && uint16(key) == number {
			if before.Parse(first, nil) != nil || before.Timestamp != again.Timestamp || !bytes.Equal(before.Payload(), again.Payload()[2:]) {
				t.Fatalf("%d goes out again as something else:\n%x\n%x", number, first, raw)
			}
			return
		}
	}
	t.Fatalf("%d goes out again without having gone before", number)
}

func (p *play) check(t *rapid.T) {
	for i, pkt := range p.down.rtp {
		index, ssrc := p.down.indexes[i], binary.BigEndian.Uint32(pkt[8:])
		if uint16(index) != binary.BigEndian.Uint16(pkt[2:]) {
			t.Fatalf("number %d is sealed as %d", binary.BigEndian.Uint16(pkt[2:]), index)
		}
		if ssrc == p.leg.cfg.SSRC {
			p.last = uint16(index)
		}
		key := uint64(ssrc)<<48 | index
		if before, again := p.sent[key]; again && (p.leg.cfg.RTX != 0 || !bytes.Equal(before, pkt)) {
			t.Fatalf("two packets of %d at %d:\n%x\n%x", ssrc, index, before[:40], pkt[:40])
		}
		p.sent[key] = pkt
		p.repeats(t, pkt)
	}
	p.down.clear()
}
