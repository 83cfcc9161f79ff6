package forward

import (
	"encoding/binary"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/pion/rtcp"

	"salon/sfu/layer"
	"salon/sfu/packet"
	"salon/sfu/sfutest"
)

// batch is an Out whose memory is one arena that starts over at each Flush.
type batch struct {
	arena []byte
	used  int
}

func newBatch() *batch { return &batch{arena: make([]byte, 1<<20)} }

func (b *batch) Reserve(n int) []byte {
	if b.used+n > len(b.arena) {
		b.used = 0
	}
	return b.arena[b.used : b.used+n]
}

func (b *batch) Flush() { b.used = 0 }

// wire is a Path that keeps what it was given.
type wire struct {
	keep    bool
	rtp     [][]byte
	indexes []uint64
	rtcp    []rtcp.Packet
	packets int
}

func (w *wire) Reserve(out Out, n int) []byte { return out.Reserve(n) }

func (w *wire) SendRTP(_ Out, pkt []byte, _ int, index uint64) {
	w.packets++
	if w.keep {
		w.rtp = append(w.rtp, append([]byte(nil), pkt...))
		w.indexes = append(w.indexes, index)
	}
}

func (w *wire) Warm(int) {}

func (w *wire) SendRTCP(_ Out, pkt []byte) {
	pkts, err := rtcp.Unmarshal(pkt)
	if err != nil {
		panic(err)
	}
	w.rtcp = append(w.rtcp, pkts...)
}

func (w *wire) clear() { w.rtp, w.rtcp, w.indexes = nil, nil, nil }

func asked[T rtcp.Packet](w *wire) (found []T) {
	for _, p := range w.rtcp {
		if v, ok := p.(T); ok {
			found = append(found, v)
		}
	}
	return found
}

const (
	midURI      = "urn:ietf:params:rtp-hdrext:sdes:mid"
	ridURI      = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
	repairedURI = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
	levelURI    = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// stage is one publisher of video in up to three encodings, and one subscriber.
type stage struct {
	tb        testing.TB
	shard     *Shard
	now       time.Time
	out       *batch
	up, down  *wire
	publisher *Peer
	track     *Track
	leg       *DownTrack
	streams   []*sfutest.VP8Stream
}

func newStage(tb testing.TB, encodings int) *stage {
	tb.Helper()
	s := &stage{tb: tb, shard: NewShard(Config{}, NewCrew(0), slog.New(slog.DiscardHandler)), now: epoch, out: newBatch(), up: &wire{keep: true}, down: &wire{keep: true}}
	s.publisher = s.shard.NewPeer(s.up)
	s.publisher.SetExtensions(map[string]uint8{midURI: 1, ridURI: 2, repairedURI: 3})
	cfg := TrackConfig{MID: "0", Formats: []Format{{PayloadType: 96, RTX: 97, MIME: "video/VP8", ClockRate: 90000}}}
	for i := range encodings {
		rid := "qhf"[i : i+1]
		cfg.RIDs = append(cfg.RIDs, rid)
		s.streams = append(s.streams, &sfutest.VP8Stream{RTP: sfutest.RTP{
			SSRC: uint32(1000 + i), PT: 96, Sequence: uint16(65530 + i), Timestamp: uint32(i) * 1e9,
			Extensions: []sfutest.Extension{{ID: 1, Value: []byte("0")}, {ID: 2, Value: []byte(rid)}},
		}, PictureID: uint16(100 * i)})
	}
	s.track = s.publisher.Publish(cfg)
	subscriber := s.shard.NewPeer(s.down)
	s.leg = subscriber.Subscribe(s.track, DownTrackConfig{SSRC: 5, RTXSSRC: 6, PayloadType: 120, RTX: 121, ClockRate: 90000, CNAME: "c"})
	return s
}

func (s *stage) frame(encoding int, keyframe bool) [][]byte {
	pkts := s.streams[encoding].Frame(s.now, keyframe, 2500)
	s.publisher.HandleRTP(s.now, pkts, s.out)
	return pkts
}

// play sends n frames of every encoding, 33 ms apart, the first of them keyframes if so wished.
func (s *stage) play(n int, keyframe bool) {
	for i := range n {
		for e := range s.streams {
			s.frame(e, keyframe && i == 0)
		}
		s.now = s.now.Add(33 * time.Millisecond)
		s.shard.Tick(s.now, s.out)
	}
}

// received parses what the subscriber got and checks that numbers have no gap and timestamps don't run backwards.
func (s *stage) received() []packet.Packet {
	s.tb.Helper()
	var pkts []packet.Packet
	for i, raw := range s.down.rtp {
		var p packet.Packet
		if err := p.Parse(raw, nil); err != nil {
			s.tb.Fatal(err)
		}
		if err := p.Describe(packet.VP8); err != nil {
			s.tb.Fatal(err)
		}
		if p.SSRC != 5 || p.PayloadType != 120 || uint16(s.down.indexes[i]) != p.Sequence {
			s.tb.Fatalf("packet %d: ssrc %d type %d number %d index %d", i, p.SSRC, p.PayloadType, p.Sequence, s.down.indexes[i])
		}
		if i > 0 {
			last := &pkts[i-1]
			if p.Sequence != last.Sequence+1 {
				s.tb.Fatalf("packet %d: number %d after %d", i, p.Sequence, last.Sequence)
			}
			if int32(p.Timestamp-last.Timestamp) < 0 {
				s.tb.Fatalf("packet %d: timestamp %d after %d", i, p.Timestamp, last.Timestamp)
			}
			a, b := last.Descriptor.VP8.PictureID, p.Descriptor.VP8.PictureID
			if b != a && b != (a+1)&pictureMask {
				s.tb.Fatalf("packet %d: picture %d after %d", i, b, a)
			}
		}
		pkts = append(pkts, p)
	}
	return pkts
}

func TestNothingFlowsBeforeAKeyframeAndOneIsAskedFor(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.play(3, false)
	if n := len(s.down.rtp); n != 0 {
		t.Fatalf("%d packets before a keyframe", n)
	}
	if got := asked[*rtcp.PictureLossIndication](s.up); len(got) != 1 || got[0].MediaSSRC != 1000 {
		t.Fatalf("requests: %v", got)
	}
	s.play(5, true)
	if n := len(s.received()); n != 5*3 {
		t.Fatalf("%d packets, want 15", n)
	}
}

func TestLayersSwitchAtKeyframesOnOneLineOfNumbersAndTime(t *testing.T) {
	s := newStage(t, 3)
	s.leg.SetMax(layer.Layer{Spatial: 2, Temporal: layer.MaxTemporal})
	s.play(10, true)
	if got := s.leg.Current().Spatial; got != 2 {
		t.Fatalf("layer %d, want 2", got)
	}
	s.leg.SetMax(layer.Layer{Spatial: 0, Temporal: layer.MaxTemporal})
	s.play(5, false)
	if got := s.leg.Current().Spatial; got != 2 {
		t.Fatalf("switched without a keyframe, to %d", got)
	}
	s.play(5, true)
	if got := s.leg.Current().Spatial; got != 0 {
		t.Fatalf("layer %d, want 0", got)
	}
	s.leg.SetMax(layer.None())
	before := len(s.down.rtp)
	s.play(30, false)
	if got := len(s.down.rtp); got != before {
		t.Fatalf("%d packets while paused", got-before)
	}
	s.leg.SetMax(layer.Layer{Spatial: 1, Temporal: layer.MaxTemporal})
	s.play(5, true)
	pkts := s.received()
	first, last := pkts[0].Timestamp, pkts[len(pkts)-1].Timestamp
	const want = 54 * 33 * 90
	if got := int(last - first); got < want-3000 || got > want+3000 {
		t.Fatalf("timestamps moved by %d, want about %d", got, want)
	}
}

func TestFrameRatesChangeWithoutGaps(t *testing.T) {
	s := newStage(t, 1)
	s.streams[0].Temporals = 3
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.play(20, true)
	full := len(s.received())
	s.leg.SetMax(layer.Layer{Temporal: 0})
	s.play(20, false)
	slow := len(s.received()) - full
	if slow < full/8 || slow > full/2 {
		t.Fatalf("%d packets at the lowest rate, %d at the full one", slow, full)
	}
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.play(2, true)
	s.play(18, false)
	if again := len(s.received()) - full - slow; again < full*3/4 {
		t.Fatalf("%d packets after the full rate was allowed again, %d before", again, full)
	}
}

// A late packet gets the number and the picture id that were kept for it, whatever was left out meanwhile.
func TestLatePacketsFindTheirPlace(t *testing.T) {
	s := newStage(t, 1)
	s.streams[0].Temporals = 3
	s.leg.SetMax(layer.Layer{Temporal: 0})
	s.play(1, true)
	var late []byte
	for i := range 40 {
		s.now = s.now.Add(33 * time.Millisecond)
		pkts := s.streams[0].Frame(s.now, false, 2500)
		if late != nil && i%8 == 7 {
			s.publisher.HandleRTP(s.now, [][]byte{late}, s.out)
			late = nil
		}
		if i%8 == 4 {
			late, pkts = pkts[1], [][]byte{pkts[0], pkts[2]}
		}
		s.publisher.HandleRTP(s.now, pkts, s.out)
	}
	numbers, pictures := map[uint16]int{}, map[uint16]int{}
	for _, raw := range s.down.rtp {
		var p packet.Packet
		if err := p.Parse(raw, nil); err != nil {
			t.Fatal(err)
		}
		if err := p.Describe(packet.VP8); err != nil {
			t.Fatal(err)
		}
		numbers[p.Sequence]++
		pictures[p.Descriptor.VP8.PictureID]++
	}
	first := binary.BigEndian.Uint16(s.down.rtp[0][2:])
	for i := range numbers {
		if numbers[i] != 1 || int(i-first) >= len(numbers) {
			t.Fatalf("number %d sent %d times, %d in all", i, numbers[i], len(numbers))
		}
	}
	for id, n := range pictures {
		if n != 3 {
			t.Fatalf("picture %d has %d packets, want 3", id, n)
		}
	}
}

func TestASilentLayerIsLeft(t *testing.T) {
	s := newStage(t, 3)
	s.leg.SetMax(layer.Layer{Spatial: 2, Temporal: layer.MaxTemporal})
	s.play(5, true)
	s.streams = s.streams[:2] // the publisher gave up its largest encoding
	s.play(70, false)
	if got := asked[*rtcp.PictureLossIndication](s.up); len(got) == 0 || got[len(got)-1].MediaSSRC != 1001 {
		t.Fatalf("no keyframe asked of the next encoding: %v", got)
	}
	s.play(1, true)
	if got := s.leg.Current().Spatial; got != 1 {
		t.Fatalf("layer %d, want 1", got)
	}
}

func TestLostPacketsAreSentAgainUnderTheRetransmissionStream(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.play(5, true)
	lost := s.down.rtp[7]
	s.down.clear()
	nack := rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: 5, Nacks: []rtcp.NackPair{{PacketID: binary.BigEndian.Uint16(lost[2:])}}}
	raw, err := nack.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	s.leg.peer.HandleRTCP(s.now, raw, s.out)
	if len(s.down.rtp) != 1 {
		t.Fatalf("%d packets, want 1", len(s.down.rtp))
	}
	var p packet.Packet
	if err := p.Parse(s.down.rtp[0], nil); err != nil {
		t.Fatal(err)
	}
	if p.SSRC != 6 || p.PayloadType != 121 || p.Timestamp != binary.BigEndian.Uint32(lost[4:]) {
		t.Fatalf("retransmission: ssrc %d type %d", p.SSRC, p.PayloadType)
	}
	var first packet.Packet
	if err := first.Parse(lost, nil); err != nil {
		t.Fatal(err)
	}
	if got := p.Payload(); string(got[:2]) != string(lost[2:4]) || string(got[2:]) != string(first.Payload()) {
		t.Fatal("the payload is not what was lost")
	}
	s.leg.peer.HandleRTCP(s.now.Add(time.Millisecond), raw, s.out)
	if len(s.down.rtp) != 1 {
		t.Fatal("sent again before the first could have arrived")
	}
}

func TestAPublishersLossIsAskedForAndRepairedByRTX(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.play(3, true)
	pkts := s.streams[0].Frame(s.now, false, 2500)
	missing := pkts[1]
	s.publisher.HandleRTP(s.now, [][]byte{pkts[0], pkts[2]}, s.out)
	s.now = s.now.Add(50 * time.Millisecond)
	s.shard.Tick(s.now, s.out)
	got := asked[*rtcp.TransportLayerNack](s.up)
	if len(got) != 1 || got[0].Nacks[0].PacketID != binary.BigEndian.Uint16(missing[2:]) {
		t.Fatalf("asked: %v", got)
	}
	// The sender repeats it on a retransmission stream that names its encoding.
	var p packet.Packet
	if err := p.Parse(missing, nil); err != nil {
		t.Fatal(err)
	}
	rtx := append([]byte{0x90, 97, 0, 1, missing[4], missing[5], missing[6], missing[7], 0, 0, 7, 7, 0xBE, 0xDE, 0, 1, 0x10, '0', 0x30, 'q'}, missing[2], missing[3])
	rtx = append(rtx, p.Payload()...)
	before := s.shard.Stats().PacketsOut
	s.publisher.HandleRTP(s.now, [][]byte{rtx}, s.out)
	if n := s.shard.Stats().PacketsOut - before; n != 1 {
		t.Fatalf("%d packets out, want the repaired one", n)
	}
	last := s.down.rtp[len(s.down.rtp)-1]
	if string(last[12:]) != string(p.Payload()) {
		t.Fatal("the repaired packet is not the missing one")
	}
}

func TestRequestsForKeyframesAreMerged(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.play(1, true)
	s.now = s.now.Add(time.Second)
	s.up.clear()
	raw, err := (&rtcp.PictureLossIndication{SenderSSRC: 1, MediaSSRC: 5}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		s.leg.peer.HandleRTCP(s.now, raw, s.out)
		s.now = s.now.Add(time.Millisecond)
	}
	if n := len(asked[*rtcp.PictureLossIndication](s.up)); n != 1 {
		t.Fatalf("%d requests, want 1", n)
	}
}

func TestSenderReportsKeepThePublishersLineOfTime(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.play(2, true)
	const ntp = uint64(3_900_000_000) << 32
	raw, err := (&rtcp.SenderReport{SSRC: 1000, NTPTime: ntp, RTPTime: 777_000}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	s.publisher.HandleRTCP(s.now, raw, s.out)
	s.play(31, false)
	reports := asked[*rtcp.SenderReport](s.down)
	if len(reports) == 0 {
		t.Fatal("no sender report")
	}
	sr := reports[0]
	seconds := float64(sr.NTPTime-ntp) / (1 << 32)
	ticks := float64(sr.RTPTime - 777_000 - s.leg.clock.shift)
	if d := seconds*90000 - ticks; d < -2 || d > 2 {
		t.Fatalf("report is %.1f ticks off the publisher's line", d)
	}
}

func TestAPublisherThatCountsAnewIsFollowed(t *testing.T) {
	s := newStage(t, 1)
	s.leg.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	s.play(5, true)
	s.streams[0].Sequence += 40000
	s.play(5, false) // the leg waits for a keyframe
	s.play(5, true)
	if n := len(s.received()); n != 2*5*3 {
		t.Fatalf("%d packets, want 30", n)
	}
}

func TestLevelsAreTakenOnce(t *testing.T) {
	s := NewShard(Config{}, NewCrew(0), slog.New(slog.DiscardHandler))
	p := s.NewPeer(&wire{})
	p.SetExtensions(map[string]uint8{levelURI: 4})
	track := p.Publish(TrackConfig{Formats: []Format{{PayloadType: 111, MIME: "audio/opus", ClockRate: 48000}}})
	stream := sfutest.OpusStream{RTP: sfutest.RTP{SSRC: 1, PT: 111}, AudioLevelID: 4}
	now := epoch
	for i := range maxLevels + 3 {
		now = now.Add(20 * time.Millisecond)
		p.HandleRTP(now, [][]byte{stream.Packet(now, uint8(i%100), 50)}, newBatch())
	}
	got := track.TakeLevels(nil)
	if len(got) != maxLevels || got[0].DBov != 3 || !got[maxLevels-1].At.Equal(now) {
		t.Fatalf("%d levels, the first %+v, the last %+v", len(got), got[0], got[len(got)-1])
	}
	if again := track.TakeLevels(nil); len(again) != 0 {
		t.Fatalf("%d levels twice", len(again))
	}
}

func TestStrangersAndGarbageAreCounted(t *testing.T) {
	s := newStage(t, 1)
	stranger := (&sfutest.VP8Stream{RTP: sfutest.RTP{SSRC: 99, PT: 33}}).Frame(s.now, true, 200)
	s.publisher.HandleRTP(s.now, [][]byte{{1, 2, 3}, stranger[0]}, s.out)
	s.publisher.HandleRTCP(s.now, []byte{0x80, 200, 0, 99}, s.out)
	st := s.shard.Stats()
	if st.DroppedMalformed != 1 || st.DroppedUnknown != 1 || st.RTCPMalformed != 1 {
		t.Fatalf("%+v", st)
	}
}

func BenchmarkForward(b *testing.B) {
	for _, subscribers := range []int{5, 50, 500} {
		for _, kind := range []string{"video", "audio"} {
			b.Run(fmt.Sprintf("kind=%s/subs=%d", kind, subscribers), func(b *testing.B) { benchmarkForward(b, kind, subscribers) })
		}
	}
}

func benchmarkForward(b *testing.B, kind string, subscribers int) {
	r := newRig(kind, subscribers)
	for range 2000 {
		r.burst()
	}
	warm := r.sent()
	b.ReportAllocs()
	for b.Loop() {
		r.burst()
	}
	forwarded := float64(r.sent() - warm)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/forwarded, "ns/packet")
	b.ReportMetric(forwarded/float64(b.N), "packets/op")
}

func TestForwardingAllocatesNothing(t *testing.T) {
	for _, kind := range []string{"video", "audio"} {
		r := newRig(kind, 20)
		for range 2000 {
			r.burst()
		}
		if n := testing.AllocsPerRun(500, r.burst); n != 0 {
			t.Errorf("%s: %.1f allocations per burst", kind, n)
		}
	}
}

// rig replays bursts of one publisher to many subscribers, its numbers counting on as a real one's do.
type rig struct {
	publisher *Peer
	out       *batch
	wires     []*wire
	frames    [][][]byte
	next      int
	base      uint16
	scratch   [][]byte
	now       time.Time
}

func newRig(kind string, subscribers int) *rig { return newRigWith(kind, subscribers, NewCrew(0)) }

func newRigOn(s *Shard, kind string, subscribers int) *rig {
	r := &rig{publisher: s.NewPeer(&wire{}), out: newBatch(), now: epoch}
	r.publisher.SetExtensions(map[string]uint8{midURI: 1, levelURI: 4})
	format := Format{PayloadType: 96, RTX: 97, MIME: "video/VP8", ClockRate: 90000}
	if kind == "audio" {
		format = Format{PayloadType: 111, MIME: "audio/opus", ClockRate: 48000}
	}
	t := r.publisher.Publish(TrackConfig{MID: "0", Formats: []Format{format}})
	for i := range subscribers {
		w := &wire{}
		r.wires = append(r.wires, w)
		d := s.NewPeer(w).Subscribe(t, DownTrackConfig{
			SSRC: uint32(10 + i), RTXSSRC: uint32(100000 + i), PayloadType: format.PayloadType, ClockRate: format.ClockRate,
			Extensions: map[string]uint8{levelURI: 2},
		})
		d.SetMax(layer.Layer{Temporal: layer.MaxTemporal})
	}
	header := sfutest.RTP{SSRC: 1, PT: format.PayloadType, Extensions: []sfutest.Extension{{ID: 1, Value: []byte("0")}}}
	const cycle = 64
	video := sfutest.VP8Stream{RTP: header}
	audio := sfutest.OpusStream{RTP: header, AudioLevelID: 4}
	for i := range cycle {
		if kind == "audio" {
			r.frames = append(r.frames, [][]byte{audio.Packet(r.now.Add(time.Duration(i)*20*time.Millisecond), 30, 100)})
		} else {
			r.frames = append(r.frames, video.Frame(r.now.Add(time.Duration(i)*33*time.Millisecond), i == 0, 10_000))
		}
	}
	return r
}

func (r *rig) burst() {
	frame := r.frames[r.next%len(r.frames)]
	r.next++
	r.now = r.now.Add(33 * time.Millisecond)
	r.scratch = r.scratch[:0]
	for _, raw := range frame {
		r.base++
		binary.BigEndian.PutUint16(raw[2:], r.base)
		r.scratch = append(r.scratch, raw)
	}
	r.publisher.HandleRTP(r.now, r.scratch, r.out)
	r.out.Flush()
}

func (r *rig) sent() (n int) {
	for _, w := range r.wires {
		n += w.packets
	}
	return n
}
