package peer

import (
	"errors"
	"testing"

	"github.com/pion/webrtc/v4"

	"salon/loadtest/media"
)

// answerOf is what an independent stack answers to our offer.
func answerOf(tb testing.TB, offer string) string {
	tb.Helper()
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = pc.GracefulClose() }()
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		tb.Fatal(err)
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		tb.Fatal(err)
	}
	if err := pc.SetLocalDescription(answer); err != nil {
		tb.Fatal(err)
	}
	return answer.SDP
}

func offerForTest(tb testing.TB, codec media.Codec, layers int) string {
	tb.Helper()
	m := media.Shape{Codec: codec, Layers: layers}.WithDefaults()
	cert, err := newCertificate()
	if err != nil {
		tb.Fatal(err)
	}
	ufrag, pwd := newCredentials()
	d := description{ufrag: ufrag, pwd: pwd, fingerprint: cert.print, session: 5, version: 1, codec: codec, setup: "actpass"}
	return writeOffer(d, []section{
		{mid: "0", track: media.NewTrack(0, media.Microphone, m, 1), ssrcs: []uint32{10}, rtxSSRCs: []uint32{11}},
		{mid: "1", video: true, track: media.NewTrack(0, media.Camera, m, 1), ssrcs: []uint32{20, 30, 40}, rtxSSRCs: []uint32{21, 31, 41}},
		{mid: "2"}, {mid: "3", video: true},
	})
}

func TestOthersUnderstandOurOffersAndWeTheirAnswers(t *testing.T) {
	for i, codec := range []media.Codec{media.VP8, media.VP8, media.VP9, media.H264, media.AV1} {
		layers := 1 + 2*(i%2)
		a, err := readAnswer(answerOf(t, offerForTest(t, codec, layers)))
		if err != nil {
			t.Fatal(err)
		}
		if a.ufrag == "" || a.pwd == "" || a.hash != "sha-256" || !a.active || !a.twcc {
			t.Errorf("%+v", a)
		}
		if !a.takes["0"] || !a.takes["1"] || a.takes["2"] || a.takes["3"] {
			t.Errorf("takes %v", a.takes)
		}
	}
	if _, err := readAnswer("v=0"); !errors.Is(err, errNoAnswer) {
		t.Errorf("error %v", err)
	}
}

func TestAnotherCertificateIsNoticed(t *testing.T) {
	one, err := newCertificate()
	if err != nil {
		t.Fatal(err)
	}
	other, err := newCertificate()
	if err != nil {
		t.Fatal(err)
	}
	if err := verifyPrint(one.tls.Certificate, "sha-256", one.print); err != nil {
		t.Error(err)
	}
	for _, chain := range [][][]byte{other.tls.Certificate, nil, {[]byte("none")}} {
		if verifyPrint(chain, "sha-256", one.print) == nil {
			t.Error("taken for another")
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(answerOf(f, offerForTest(f, media.VP8, 1)))
	f.Add("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:a\r\na=ice-pwd:b\r\na=fingerprint:sha-256 00\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=recvonly\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := readAnswer(text); err == nil && (a.ufrag == "" || a.print == "") {
			t.Errorf("%+v", a)
		}
	})
}
