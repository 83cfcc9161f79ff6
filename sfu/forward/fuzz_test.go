package forward

import (
	"testing"
	"time"

	"github.com/pion/rtcp"

	"salon/sfu/layer"
)

// FuzzHandleRTP feeds arbitrary packets in the place of a publisher's, between valid ones.
func FuzzHandleRTP(f *testing.F) {
	seed := newStage(f, 3)
	for i := range seed.streams {
		for _, raw := range seed.streams[i].Frame(epoch, i == 0, 1500) {
			f.Add(raw)
		}
	}
	f.Add([]byte{0x90, 97, 0, 1, 0, 0, 0, 0, 0, 0, 7, 7, 0xBE, 0xDE, 0, 1, 0x10, '0', 0x30, 'q', 0, 1, 2})
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := newStage(t, 3)
		s.leg.SetMax(layer.Layer{Spatial: 2, Temporal: 1})
		s.play(1, true)
		for range 3 {
			s.publisher.HandleRTP(s.now, [][]byte{append([]byte(nil), raw...)}, s.out)
		}
		s.play(2, true)
	})
}

// FuzzHandleRTCP feeds arbitrary compounds from both sides.
func FuzzHandleRTCP(f *testing.F) {
	for _, pkt := range []rtcp.Packet{
		&rtcp.SenderReport{SSRC: 1000, NTPTime: 1 << 60, RTPTime: 5, Reports: []rtcp.ReceptionReport{{SSRC: 5, LastSenderReport: 9}}},
		&rtcp.ReceiverReport{SSRC: 1, Reports: []rtcp.ReceptionReport{{SSRC: 5, FractionLost: 200, LastSenderReport: 1, Delay: 1 << 31}}},
		&rtcp.TransportLayerNack{MediaSSRC: 5, Nacks: []rtcp.NackPair{{PacketID: 3, LostPackets: 0xFFFF}}},
		&rtcp.PictureLossIndication{MediaSSRC: 5},
		&rtcp.FullIntraRequest{MediaSSRC: 5, FIR: []rtcp.FIREntry{{SSRC: 5, SequenceNumber: 1}}},
		&rtcp.Goodbye{Sources: []uint32{1000}},
	} {
		raw, err := pkt.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := newStage(t, 1)
		s.leg.SetMax(layer.Layer{Temporal: 3})
		s.play(2, true)
		s.publisher.HandleRTCP(s.now, raw, s.out)
		s.leg.peer.HandleRTCP(s.now, raw, s.out)
		s.now = s.now.Add(time.Second)
		s.shard.Tick(s.now, s.out)
	})
}
