package transport_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"salon/sfu/transport"
	"salon/sfu/transport/jsep"
)

// answerBy lets pc answer our offer of sections.
func answerBy(t *testing.T, pc *webrtc.PeerConnection, s *side, sections []jsep.OfferSection) {
	t.Helper()
	offer, err := s.CreateOffer(sections)
	must(t, err)
	must(t, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}))
	answer, err := pc.CreateAnswer(nil)
	must(t, err)
	must(t, pc.SetLocalDescription(answer))
	s.control.Lock()
	defer s.control.Unlock()
	_, err = s.SetAnswer(answer.SDP)
	must(t, err)
}

func subscriberSections(mid string) []jsep.OfferSection {
	vp8, _ := jsep.Match(jsep.OurCodecs(jsep.Video), jsep.MIMEVP8, "")
	opus, _ := jsep.Match(jsep.OurCodecs(jsep.Audio), jsep.MIMEOpus, "")
	return []jsep.OfferSection{
		{MID: "data", Kind: jsep.Application},
		{MID: mid, Kind: jsep.Video, Send: &jsep.Sending{
			StreamID: "PA_one|camera", TrackID: "TR_cam", CNAME: "PA_one", SSRC: 1000, RTXSSRC: 1001,
			Codec: vp8, Extensions: jsep.OurExtensions(jsep.Video),
		}},
		{MID: "mic", Kind: jsep.Audio, Send: &jsep.Sending{
			StreamID: "PA_one|camera", TrackID: "TR_mic", CNAME: "PA_one", SSRC: 2000,
			Codec: opus, Extensions: jsep.OurExtensions(jsep.Audio),
		}},
		{MID: "gone", Kind: jsep.Video},
	}
}

func TestWeOfferMediaAndMessagesFlow(t *testing.T) {
	s := newHouse(t, transport.Config{}).side(t, transport.Offerer)
	pc := newPeer(t)
	trickle(t, pc, s)
	tracks := make(chan *webrtc.TrackRemote, 2)
	pc.OnTrack(func(tr *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { tracks <- tr })
	got := make(chan string, 4)
	ours := make(chan *webrtc.DataChannel, 4)
	pc.OnDataChannel(func(dc *webrtc.DataChannel) {
		dc.OnMessage(func(m webrtc.DataChannelMessage) { got <- dc.Label() + ":" + string(m.Data) })
		dc.OnOpen(func() { ours <- dc })
	})
	answerBy(t, pc, s, subscriberSections("cam"))
	s.await(t, transport.Connected)
	tr := departs(t, s, tracks)
	if tr.ID() != "TR_cam" || tr.Codec().MimeType != webrtc.MimeTypeVP8 {
		t.Errorf("track %s of %s", tr.ID(), tr.Codec().MimeType)
	}
	s.await(t, transport.ChannelsOpen)
	for range 2 {
		dc := receive(t, ours)
		lossy := dc.Label() == "_lossy"
		if dc.Ordered() == lossy || (dc.MaxRetransmits() != nil) != lossy {
			t.Errorf("%s: ordered %v, retransmits %v", dc.Label(), dc.Ordered(), dc.MaxRetransmits())
		}
	}
	must(t, s.SendMessage(transport.Reliable, []byte("a")))
	if m := receive(t, got); m != "_reliable:a" {
		t.Error(m)
	}
	must(t, s.SendMessage(transport.Lossy, []byte("b")))
	if m := receive(t, got); m != "_lossy:b" {
		t.Error(m)
	}
}

func TestRestartOfThePeerFindsAnotherWay(t *testing.T) {
	s := newHouse(t, transport.Config{}).side(t, transport.Answerer)
	pc := newPeer(t)
	up, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "cam", "me")
	must(t, err)
	_, err = pc.AddTransceiverFromTrack(up, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	must(t, err)
	offerFrom(t, pc, s, everything)
	s.await(t, transport.Connected)
	arrives(t, s, up)
	offer, err := pc.CreateOffer(&webrtc.OfferOptions{ICERestart: true})
	must(t, err)
	gathered := webrtc.GatheringCompletePromise(pc)
	must(t, pc.SetLocalDescription(offer))
	<-gathered
	answerTo(t, pc, s, everything)
	s.await(t, transport.Connected)
	seq := uint16(100)
	again(t, s.rtp, func() {
		must(t, up.WriteRTP(packet(0, seq, "after")))
		seq++
	})
}

func TestWrongFingerprintFails(t *testing.T) {
	s := newHouse(t, transport.Config{}).side(t, transport.Answerer)
	pc := newPeer(t)
	dataChannels(t, pc)
	offer, err := pc.CreateOffer(nil)
	must(t, err)
	gathered := webrtc.GatheringCompletePromise(pc)
	must(t, pc.SetLocalDescription(offer))
	<-gathered
	sdp := pc.LocalDescription().SDP
	at := strings.Index(sdp, "a=fingerprint:sha-256 ") + len("a=fingerprint:sha-256 ")
	sdp = strings.ReplaceAll(sdp, sdp[at:at+95], strings.Repeat("00:", 31)+"00")
	d, err := s.SetOffer(sdp)
	must(t, err)
	answer, err := s.CreateAnswer(make([]jsep.Reply, len(d.Sections)))
	must(t, err)
	must(t, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
	e := receive(t, s.events)
	if e.Kind != transport.Failed || !errors.Is(e.Err, transport.ErrFingerprint) {
		t.Errorf("event %v with %v", e.Kind, e.Err)
	}
	if s.Connected() {
		t.Error("connected to the wrong peer")
	}
}

func TestCallsOutOfOrderAreRefused(t *testing.T) {
	h := newHouse(t, transport.Config{})
	a, o := h.side(t, transport.Answerer), h.side(t, transport.Offerer)
	check := func(name string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	_, err := a.CreateAnswer(nil)
	check("answer before an offer", err, transport.ErrOrder)
	_, err = a.CreateOffer(nil)
	check("offer by an answerer", err, transport.ErrRole)
	_, err = o.SetOffer("")
	check("offer to an offerer", err, transport.ErrRole)
	_, err = o.SetAnswer("")
	check("answer before our offer", err, transport.ErrOrder)
	_, err = a.SetOffer("v=0\r\ngarbage")
	check("garbage", err, jsep.ErrSyntax)
	check("message without a channel", a.SendMessage(transport.Reliable, nil), transport.ErrNotOpen)
	check("candidate that is not JSON", a.AddCandidate("hello"), transport.ErrCandidate)
	check("candidate that is none", a.AddCandidate(`{"candidate":"candidate:1 1"}`), transport.ErrCandidate)
	check("mdns", a.AddCandidate(`{"candidate":"candidate:1 1 udp 2113937151 a-b.local 5000 typ host"}`), nil)
	check("tcp", a.AddCandidate(`{"candidate":"candidate:1 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active"}`), nil)
	for range 65 { // more than count
		check("another peer's line", a.AddCandidate(`{"candidate":"candidate:1 1 udp 1518280447 100::1 9 typ host"}`), nil)
	}
	check("last", a.AddCandidate(`{"candidate":""}`), nil)
	s := packet(1, 1, "nowhere")
	a.send(t, s, 0)
	if a.Counts().Unsent != 1 {
		t.Error("a packet without a way was not counted")
	}
	must(t, a.Close())
	_, err = a.SetOffer("")
	check("offer after close", err, transport.ErrClosed)
}
