package forward

import (
	"encoding/binary"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtcp"

	"salon/sfu/layer"
)

const transportCCURI = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

// rtpPacket writes a packet with a block of one-byte header extensions, a multiple of four bytes.
func rtpPacket(pt uint8, number uint16, ssrc uint32, extensions []byte, payload ...byte) []byte {
	raw := binary.BigEndian.AppendUint16([]byte{0x90, pt}, number)
	raw = binary.BigEndian.AppendUint32(raw, uint32(number))
	raw = binary.BigEndian.AppendUint32(raw, ssrc)
	raw = binary.BigEndian.AppendUint16(raw, 0xBEDE)
	raw = binary.BigEndian.AppendUint16(raw, uint16(len(extensions)/4)) //nolint:gosec // a few bytes
	return append(append(raw, extensions...), payload...)
}

// A publisher that changes its SSRC and that of its retransmissions again and again is followed, however often.
func TestAPublisherMayChangeItsSSRCsForEver(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	for i := range 300 {
		s.down.clear()
		s.streams[0].SSRC = uint32(5000 + i)
		s.play(2, true)
		if n := len(s.down.rtp); n != 2*3 {
			t.Fatalf("change %d: %d packets arrived, want 6", i, n)
		}
		rtx := rtpPacket(97, 0, uint32(9000+i), []byte{0x10, '0', 0x30, 'q'}, 0, 1, 2, 3)
		s.publisher.HandleRTP(s.now, [][]byte{rtx}, s.out)
	}
	if n := len(s.publisher.streams); n > 2 {
		t.Fatalf("%d streams remembered", n)
	}
	if st := s.shard.Stats(); st.DroppedBound != 0 {
		t.Fatalf("%d packets dropped for their number of streams", st.DroppedBound)
	}
}

// Announced retransmissions of simulcast encodings belong each to its own.
func TestAnnouncedRetransmissionsFindTheirEncoding(t *testing.T) {
	s := newStage(t, 3)
	s.track.cfg.RTX = map[uint32]uint32{2000: 1000, 2001: 1001, 2002: 1002}
	s.play(1, true)
	for i := range uint32(3) {
		s.publisher.HandleRTP(s.now, [][]byte{rtpPacket(97, 0, 2000+i, []byte{0, 0, 0, 0}, 0, 1, 2)}, s.out)
		if got := s.publisher.streams[2000+i]; got.receiver != s.track.receivers[i] || !got.rtx {
			t.Fatalf("retransmissions of encoding %d belong to %+v", i, got)
		}
	}
}

// Whatever transport-wide numbers a publisher makes up, what we answer fits datagrams and the batch.
func TestWildTransportNumbersAreAnsweredInBounds(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable
	for name, number := range map[string]func(n int) uint16{
		"at random":    func(int) uint16 { return uint16(rnd.Uint32()) },
		"far apart":    func(n int) uint16 { return uint16(n * 30000) },
		"backwards":    func(n int) uint16 { return uint16(-n) },
		"every second": func(n int) uint16 { return uint16(2 * n) },
	} {
		s := newStage(t, 1)
		s.publisher.SetExtensions(map[string]uint8{midURI: 1, transportCCURI: 5})
		for n := range 8000 {
			value := number(n)
			pkt := rtpPacket(96, uint16(n), 1000, []byte{0x10, '0', 0x51, byte(value >> 8), byte(value), 0, 0, 0}, 0x10, 0, 0, 0)
			s.publisher.HandleRTP(s.now, [][]byte{pkt}, s.out)
			if n%2000 == 0 {
				s.now = s.now.Add(110 * time.Millisecond)
				s.shard.Tick(s.now, s.out)
			}
		}
		t.Logf("%s: %d compounds, %d unsent", name, len(s.up.rtcp), s.shard.Stats().RTCPUnsent)
	}
}

// A subscriber that asks for everything again and again gets each packet a few times at most.
func TestRequestsWithoutEndAreBounded(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.play(30, true)
	sent := len(s.down.rtp)
	s.down.clear()
	all := rtcp.TransportLayerNack{MediaSSRC: 5}
	for n := 0; n < 1<<16; n += 17 {
		all.Nacks = append(all.Nacks, rtcp.NackPair{PacketID: uint16(n), LostPackets: 0xFFFF})
	}
	for range 40 {
		for part := 0; part < len(all.Nacks); part += 250 {
			raw, err := (&rtcp.TransportLayerNack{MediaSSRC: 5, Nacks: all.Nacks[part:min(part+250, len(all.Nacks))]}).Marshal()
			if err != nil {
				t.Fatal(err)
			}
			s.leg.peer.HandleRTCP(s.now, raw, s.out)
		}
		s.now = s.now.Add(20 * time.Millisecond)
	}
	if n := len(s.down.rtp); n > maxResends*sent {
		t.Fatalf("%d retransmissions of %d packets", n, sent)
	}
}

// Everything that belongs to a peer goes with it, in whatever order things end.
func TestEndsInAnyOrderLeaveNothing(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // repeatable
	for round := range 50 {
		s := newStage(t, 3)
		s.leg.SetMax(layer.Layer{Spatial: 2})
		s.play(3, true)
		ends := []func(){s.leg.Close, s.leg.Close, s.track.Close, s.track.Close, s.leg.peer.Close, s.leg.peer.Close, s.publisher.Close, s.publisher.Close}
		rnd.Shuffle(len(ends), func(i, j int) { ends[i], ends[j] = ends[j], ends[i] })
		for _, end := range ends {
			end()
			s.play(1, true)
			s.leg.SetMax(layer.Layer{Spatial: int8(round % 3)})
			raw, _ := (&rtcp.PictureLossIndication{MediaSSRC: 5}).Marshal()
			s.leg.peer.HandleRTCP(s.now, raw, s.out)
		}
		if s.shard.Peers() != 0 || len(s.track.legs) != 0 || len(s.publisher.tracks) != 0 || len(s.publisher.streams) != 0 || len(s.leg.peer.legs) != 0 {
			t.Fatalf("round %d: something stays", round)
		}
		if legs := s.shard.Stats().Legs; legs != (LegGauges{}) {
			t.Fatalf("round %d: %+v", round, legs)
		}
	}
}

// Sixty subscribers, their wishes changing all the time: each has one unbroken row of numbers, and the publisher is
// asked for keyframes no more often than the interval allows.
func TestSixtySubscribersOfOneSimulcastTrack(t *testing.T) {
	const crowd = 60
	s := newStage(t, 3)
	wires := []*wire{s.down}
	legs := []*DownTrack{s.leg}
	for i := 1; i < crowd; i++ {
		w := &wire{keep: true}
		wires = append(wires, w)
		legs = append(legs, s.shard.NewPeer(w).Subscribe(s.track, DownTrackConfig{
			SSRC: 5, RTXSSRC: 6, PayloadType: 120, RTX: 121, ClockRate: 90000, CNAME: "c",
		}))
	}
	rnd := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // repeatable
	const frames = 600
	for n := range frames {
		for _, leg := range legs {
			if n == 0 || rnd.IntN(100) == 0 {
				leg.SetMax(layer.Layer{Spatial: int8(rnd.IntN(4)) - 1, Temporal: layer.MaxTemporal})
			}
		}
		s.play(1, n%30 == 0)
	}
	for i, w := range wires {
		s.down = w
		if got := s.received(); len(got) < frames/10 {
			t.Errorf("subscriber %d got %d packets only", i, len(got))
		}
	}
	const most = 3 * (frames*33/500 + 1)
	if n := len(asked[*rtcp.PictureLossIndication](s.up)); n == 0 || n > most {
		t.Errorf("%d keyframe requests, want 1 to %d", n, most)
	}
}

func BenchmarkTick(b *testing.B) {
	// 200 peers with 398 legs each: the slow tick of a shard with one very large room.
	s := NewShard(Config{}, NewCrew(0), slog.New(slog.DiscardHandler))
	var tracks []*Track
	var peers []*Peer
	for range 200 {
		p := s.NewPeer(&wire{})
		peers = append(peers, p)
		tracks = append(tracks, p.Publish(TrackConfig{Formats: []Format{{PayloadType: 96, MIME: "video/VP8", ClockRate: 90000}}}))
	}
	for i, p := range peers {
		for j, t := range tracks {
			if i != j {
				p.Subscribe(t, DownTrackConfig{SSRC: uint32(j + 1), ClockRate: 90000}).SetMax(layer.Layer{})
			}
		}
	}
	out, now := newBatch(), epoch
	for b.Loop() {
		now = now.Add(tickInterval)
		s.Tick(now, out)
	}
}
