package transport_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"salon/sfu/transport"
	"salon/sfu/transport/jsep"
)

// offerFrom lets pc offer and answers it with what reply says to each section.
func offerFrom(t *testing.T, pc *webrtc.PeerConnection, s *side, reply func(*jsep.Section) jsep.Reply) {
	t.Helper()
	offer, err := pc.CreateOffer(nil)
	must(t, err)
	gathered := webrtc.GatheringCompletePromise(pc)
	must(t, pc.SetLocalDescription(offer))
	<-gathered
	answerTo(t, pc, s, reply)
}

func answerTo(t *testing.T, pc *webrtc.PeerConnection, s *side, reply func(*jsep.Section) jsep.Reply) {
	t.Helper()
	d, err := s.SetOffer(pc.LocalDescription().SDP)
	must(t, err)
	replies := make([]jsep.Reply, len(d.Sections))
	for i := range d.Sections {
		replies[i] = reply(&d.Sections[i])
	}
	answer, err := s.CreateAnswer(replies)
	must(t, err)
	if s.boast {
		answer = strings.Replace(answer, "a=max-message-size:1000\r\n", "a=max-message-size:65536\r\n", 1)
	}
	must(t, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
}

// everything takes what the peer sends and sends one stream where it listens.
func everything(s *jsep.Section) jsep.Reply {
	var r jsep.Reply
	if s.Kind == jsep.Application {
		return r
	}
	if s.Sends {
		r.Receive = &jsep.Receiving{Codecs: s.Codecs, Extensions: s.Extensions, RIDs: s.RIDs}
	}
	if s.Receives && !s.Sends {
		r.Send = &jsep.Sending{StreamID: "PA_one|camera", TrackID: "TR_" + s.MID, CNAME: "PA_one", SSRC: 1000, RTXSSRC: 1001, Codec: s.Codecs[0]}
	}
	return r
}

// dataChannels opens the three channels that clients open.
func dataChannels(t *testing.T, pc *webrtc.PeerConnection) map[string]*webrtc.DataChannel {
	t.Helper()
	unordered, never := false, uint16(0)
	lossy := &webrtc.DataChannelInit{Ordered: &unordered, MaxRetransmits: &never}
	channels := make(map[string]*webrtc.DataChannel)
	for label, init := range map[string]*webrtc.DataChannelInit{"_reliable": nil, "_lossy": lossy, "_data_track": lossy} {
		dc, err := pc.CreateDataChannel(label, init)
		must(t, err)
		channels[label] = dc
	}
	return channels
}

func packet(ssrc uint32, seq uint16, payload string) *rtp.Packet {
	return &rtp.Packet{
		Header:  rtp.Header{Version: 2, PayloadType: 96, SequenceNumber: seq, Timestamp: 3000, SSRC: ssrc},
		Payload: []byte(payload),
	}
}

// send seals one RTP packet and flushes it.
func (s *side) send(t *testing.T, p *rtp.Packet, roc uint64) {
	t.Helper()
	size := p.MarshalSize()
	buf := s.Reserve(s.batch, size)
	n, err := p.MarshalTo(buf)
	must(t, err)
	s.SendRTP(s.batch, buf[:n], p.Header.MarshalSize(), roc<<16|uint64(p.SequenceNumber))
	s.batch.Flush()
}

func TestPeerOffersMediaFlowsBothWays(t *testing.T) {
	for _, c := range []struct {
		name    string
		offered []dtls.SRTPProtectionProfile
		chosen  string
	}{
		{"gcm is preferred", nil, "SRTP_AEAD_AES_128_GCM"},
		{"gcm 256 alone", []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_256_GCM}, "SRTP_AEAD_AES_256_GCM"},
		{"counter mode alone", []dtls.SRTPProtectionProfile{dtls.SRTP_AES128_CM_HMAC_SHA1_80}, "SRTP_AES128_CM_HMAC_SHA1_80"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newHouse(t, transport.Config{}).side(t, transport.Answerer)
			pc := newPeer(t, c.offered...)
			up, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "cam", "me")
			must(t, err)
			_, err = pc.AddTransceiverFromTrack(up, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
			must(t, err)
			_, err = pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
			must(t, err)
			tracks := make(chan *webrtc.TrackRemote, 1)
			pc.OnTrack(func(tr *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { tracks <- tr })
			dataChannels(t, pc)
			offerFrom(t, pc, s, everything)
			s.await(t, transport.Connected)
			if got := s.Profile(); got != c.chosen {
				t.Errorf("profile %s, want %s", got, c.chosen)
			}
			if !s.Connected() {
				t.Error("not connected after the event")
			}
			arrives(t, s, up)
			tr := departs(t, s, tracks)
			if tr.StreamID() != "PA_one|camera" {
				t.Errorf("stream id %q", tr.StreamID())
			}
		})
	}
}

// again calls f now and then until done has a value, which it returns.
func again[T any](t *testing.T, done <-chan T, f func()) T {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		f()
		select {
		case v := <-done:
			return v
		case <-tick.C:
		case <-late.C:
			t.Fatal("nothing came")
		}
	}
}

// arrives sends on the peer's track until our side has packets across the
// roll-over. The peer drops what it is given before it is ready.
func arrives(t *testing.T, s *side, up *webrtc.TrackLocalStaticRTP) {
	t.Helper()
	seq := uint16(65000)
	again(t, s.rtp, func() {
		must(t, up.WriteRTP(packet(0, seq, "early")))
		seq++
	})
	for seq = 65534; seq != 2; seq++ {
		must(t, up.WriteRTP(packet(0, seq, "upward")))
		var got rtp.Packet
		for string(got.Payload) != "upward" {
			must(t, got.Unmarshal(receive(t, s.rtp)))
		}
		if got.SequenceNumber != seq {
			t.Fatalf("got %v, want sequence number %d", got.SequenceNumber, seq)
		}
	}
}

// departs sends on our SSRC and waits for it at the peer's track.
func departs(t *testing.T, s *side, tracks <-chan *webrtc.TrackRemote) *webrtc.TrackRemote {
	t.Helper()
	seq := uint16(65000)
	tr := again(t, tracks, func() {
		s.send(t, packet(1000, seq, "early"), 0)
		seq++
	})
	s.send(t, packet(1000, 65535, "first"), 0)
	s.send(t, packet(1000, 0, "second"), 1)
	for _, want := range []string{"first", "second"} {
		if got := next(t, tr); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	return tr
}

// next reads the payload of the next packet that is not an early one.
func next(t *testing.T, tr *webrtc.TrackRemote) string {
	t.Helper()
	must(t, tr.SetReadDeadline(time.Now().Add(patience)))
	for {
		p, _, err := tr.ReadRTP()
		must(t, err)
		if string(p.Payload) != "early" {
			return string(p.Payload)
		}
	}
}
