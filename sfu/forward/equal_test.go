package forward

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/pion/rtcp"

	"salon/sfu/layer"
	"salon/sfu/packet"
)

const transportURI = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

// uneven lets the stage's publisher send a frame whose packets' payloads have these sizes.
func (s *stage) uneven(keyframe bool, sizes ...int) {
	pkts := s.streams[0].Frame(s.now, keyframe, len(sizes)*900)
	for i := range pkts {
		if i < len(sizes) {
			cut := len(pkts[i]) - sizes[i]
			pkts[i] = pkts[i][:len(pkts[i])-max(cut, 0)]
		}
	}
	s.publisher.HandleRTP(s.now, pkts, s.out)
}

func TestPacketsOfAFrameLeaveInOneSize(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.uneven(true, 800, 801, 801)
	if len(s.down.rtp) < 3 {
		t.Fatalf("%d packets", len(s.down.rtp))
	}
	if a, b := len(s.down.rtp[0]), len(s.down.rtp[1]); a != b {
		t.Errorf("sizes %d and %d, want the same", a, b)
	}
	got := s.received()
	if got[0].PaddingSize != 1 || got[1].PaddingSize != 0 {
		t.Errorf("padding %d and %d, want 1 and 0", got[0].PaddingSize, got[1].PaddingSize)
	}
	if len(got[1].Payload())-len(got[0].Payload()) != 1 {
		t.Error("padding became a part of the payload")
	}
}

func TestSizesFarApartStay(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.uneven(true, 700, 801, 801)
	for i, p := range s.received() {
		if p.PaddingSize != 0 {
			t.Errorf("packet %d has %d bytes of padding", i, p.PaddingSize)
		}
	}
}

func TestSizesStayWhereTheyShould(t *testing.T) {
	s := newStage(t, 1)
	s.shard.cfg.KeepSizes = true
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.uneven(true, 800, 801, 801)
	for i, p := range s.received() {
		if p.PaddingSize != 0 {
			t.Errorf("packet %d has %d bytes of padding", i, p.PaddingSize)
		}
	}
}

func TestWithoutARetransmissionStreamPacketsAreRepeatedByteForByte(t *testing.T) {
	s := newStage(t, 1)
	s.leg.Close()
	subscriber := s.shard.NewPeer(s.down)
	s.leg = subscriber.Subscribe(s.track, DownTrackConfig{
		SSRC: 5, PayloadType: 120, ClockRate: 90000, Extensions: map[string]uint8{transportURI: 4},
	})
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.uneven(true, 800, 801, 801)
	lost := s.down.rtp[0]
	number := binary.BigEndian.Uint16(lost[2:])
	raw, err := (&rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: 5, Nacks: []rtcp.NackPair{{PacketID: number}}}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	s.down.clear()
	subscriber.HandleRTCP(s.now, raw, s.out)
	if len(s.down.rtp) != 1 || !bytes.Equal(s.down.rtp[0], lost) {
		t.Fatal("the second packet of this index is another one: the key would leak")
	}
}

func TestTransportWideNumbersCountAllPacketsToAPeer(t *testing.T) {
	s := newStage(t, 1)
	s.leg.Close()
	subscriber := s.shard.NewPeer(s.down)
	for ssrc := range uint32(2) {
		leg := subscriber.Subscribe(s.track, DownTrackConfig{
			SSRC: 5 + 2*ssrc, RTXSSRC: 6 + 2*ssrc, PayloadType: 120, RTX: 121, ClockRate: 90000,
			Extensions: map[string]uint8{transportURI: 4},
		})
		leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	}
	s.play(3, true)
	m := packet.NewExtensionMap(map[string]uint8{transportURI: 4})
	for i, raw := range s.down.rtp {
		var p packet.Packet
		if err := p.Parse(raw, m); err != nil {
			t.Fatal(err)
		}
		if number, ok := p.TransportCC(); !ok || number != uint16(i+1) {
			t.Fatalf("packet %d: number %d, %v", i, number, ok)
		}
	}
	if len(s.down.rtp) < 12 {
		t.Fatalf("%d packets", len(s.down.rtp))
	}
}

func TestTransportFeedbackIsCountedAmongOthers(t *testing.T) {
	s := newStage(t, 1)
	twcc := &rtcp.TransportLayerCC{
		Header:       rtcp.Header{Count: rtcp.FormatTCC, Type: rtcp.TypeTransportSpecificFeedback, Length: 5},
		PacketChunks: []rtcp.PacketStatusChunk{&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketReceivedSmallDelta, RunLength: 2}},
		RecvDeltas: []*rtcp.RecvDelta{
			{Type: rtcp.TypeTCCPacketReceivedSmallDelta}, {Type: rtcp.TypeTCCPacketReceivedSmallDelta},
		},
		PacketStatusCount: 2,
	}
	raw, err := rtcp.Marshal([]rtcp.Packet{&rtcp.ReceiverReport{SSRC: 1}, twcc, &rtcp.PictureLossIndication{MediaSSRC: 5}})
	if err != nil {
		t.Fatal(err)
	}
	s.leg.peer.HandleRTCP(s.now, raw, s.out)
	if st := s.shard.Stats(); st.TransportFeedback != 1 || st.KeyframesWanted != 1 || st.RTCPMalformed != 0 {
		t.Fatalf("%+v", st)
	}
	s.leg.peer.HandleRTCP(s.now, raw[:len(raw)-4], s.out)
	if st := s.shard.Stats(); st.RTCPMalformed != 1 {
		t.Fatalf("%d malformed, want 1", st.RTCPMalformed)
	}
}
