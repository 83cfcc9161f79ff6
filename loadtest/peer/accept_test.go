package peer

import (
	"errors"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"salon/loadtest/media"
)

// offerOf is what an independent stack offers: sound, pictures, and a data channel.
func offerOf(tb testing.TB, codec media.Codec) (*webrtc.PeerConnection, string) {
	tb.Helper()
	codecs, err := codecsOf(codec)
	if err != nil {
		tb.Fatal(err)
	}
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(codecs)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = pc.GracefulClose() })
	sends := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		if _, err := pc.AddTransceiverFromKind(kind, sends); err != nil {
			tb.Fatal(err)
		}
	}
	if _, err := pc.CreateDataChannel("_reliable", nil); err != nil {
		tb.Fatal(err)
	}
	o, err := pc.CreateOffer(nil)
	if err != nil {
		tb.Fatal(err)
	}
	if err := pc.SetLocalDescription(o); err != nil {
		tb.Fatal(err)
	}
	return pc, o.SDP
}

func describedForTest(tb testing.TB, codec media.Codec) description {
	tb.Helper()
	cert, err := newCertificate()
	if err != nil {
		tb.Fatal(err)
	}
	ufrag, pwd := newCredentials()
	return description{ufrag: ufrag, pwd: pwd, fingerprint: cert.print, session: 5, version: 1, codec: codec, setup: "active"}
}

func TestOthersUnderstandOurAnswersToTheirOffers(t *testing.T) {
	for _, codec := range []media.Codec{media.VP8, media.VP9, media.H264, media.AV1} {
		pc, offer := offerOf(t, codec)
		answer, f, err := writeAnswer(describedForTest(t, codec), offer)
		if err != nil {
			t.Fatal(err)
		}
		if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
			t.Fatalf("%s: %v in\n%s", codec, err, answer)
		}
		if n := strings.Count(answer, "a=recvonly"); n != 2 {
			t.Errorf("%s: %d sections are received", codec, n)
		}
		sounds, pictures := 0, 0
		for _, c := range f.codec {
			if c == media.Opus {
				sounds++
			} else if c == codec {
				pictures++
			}
		}
		if sounds == 0 || pictures == 0 || sounds+pictures != len(f.codec) || len(f.repair) == 0 || f.twcc == 0 {
			t.Errorf("%s: %+v", codec, f)
		}
	}
	if _, _, err := writeAnswer(description{}, "v=0"); !errors.Is(err, errNoAnswer) {
		t.Errorf("error %v", err)
	}
}

func FuzzOffer(f *testing.F) {
	_, offer := offerOf(f, media.VP8)
	f.Add(offer)
	f.Add(offerForTest(f, media.VP8, 3))
	d := describedForTest(f, media.VP8)
	f.Fuzz(func(_ *testing.T, text string) {
		_, _, _ = writeAnswer(d, text)
	})
}
