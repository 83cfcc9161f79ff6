package jsep_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"salon/sfu/transport/jsep"
)

func TestUnusableDescriptionsAreRefused(t *testing.T) {
	good := read(t, "chromium-publish.sdp")
	change := func(old, to string) string { return strings.ReplaceAll(good, old, to) }
	head, _, _ := strings.Cut(good, "m=")
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":               {"", jsep.ErrSections},
		"garbage":             {"hello", jsep.ErrSyntax},
		"too large":           {good + strings.Repeat("a=x\r\n", 60000), jsep.ErrTooLarge},
		"no section":          {head, jsep.ErrSections},
		"too many sections":   {good + strings.Repeat("m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", 513), jsep.ErrSections},
		"mid twice":           {change("a=mid:1", "a=mid:0"), jsep.ErrMID},
		"no mid":              {change("a=mid:1\r\n", ""), jsep.ErrMID},
		"long mid":            {change("a=mid:1", "a=mid:"+strings.Repeat("1", 65)), jsep.ErrMID},
		"no ufrag":            {change("a=ice-ufrag:", "a=x:"), jsep.ErrCredentials},
		"short password":      {change("a=ice-pwd:", "a=ice-pwd:x\r\na=x:"), jsep.ErrCredentials},
		"no fingerprint":      {change("a=fingerprint:", "a=x:"), jsep.ErrFingerprint},
		"weak fingerprint":    {change("a=fingerprint:sha-256", "a=fingerprint:sha-1"), jsep.ErrFingerprint},
		"garbage fingerprint": {change("a=fingerprint:sha-256 ", "a=fingerprint:sha-256 ZZ:"), jsep.ErrFingerprint},
		"we as dtls client":   {change("a=setup:actpass", "a=setup:passive"), jsep.ErrSetup},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := jsep.Parse(c.text); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

const videoHead = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE v\r\n" +
	"a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=fingerprint:sha-256 "

func video(lines ...string) string {
	return videoHead + strings.Repeat("AB:", 31) + "AB\r\n" +
		"m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\nc=IN IP4 0.0.0.0\r\na=mid:v\r\na=rtpmap:96 vp8/90000\r\n" +
		strings.Join(append(lines, ""), "\r\n")
}

func TestSectionsAreReducedToWhatWeUse(t *testing.T) {
	section := func(lines ...string) *jsep.Section { return parse(t, video(lines...)).Section("v") }
	for name, c := range map[string]bool{
		"paused and alternative encodings": slices.Equal(section("a=rid:q send", "a=rid:h send", "a=simulcast:send h,x;~q").RIDs, []string{"h", "q"}),
		"encodings without an order":       slices.Equal(section("a=rid:q send", "a=rid:h send", "a=rid:z recv").RIDs, []string{"q", "h"}),
		"encodings never declared":         section("a=simulcast:send q;h").RIDs == nil,
		"encoding names with odd signs":    section("a=rid:q;h send", "a=simulcast:recv q").RIDs == nil,
		"no stream":                        section("a=msid:- camera").StreamID == "" && section("a=msid:- camera").TrackID == "camera",
		"stream of the source":             section("a=ssrc:7 msid:s t").TrackID == "t",
		"names are compared without case":  section().Codecs[0].MIME == jsep.MIMEVP8,
		"feedback for all":                 section("a=rtcp-fb:* nack").Codecs[0].NACK,
		"retransmission":                   section("a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96").Codecs[0].RTX == 97,
		"profile 1 of VP9":                 len(section("a=rtpmap:98 VP9/90000", "a=fmtp:98 profile-id=1").Codecs) == 1,
		"reserved extension id":            len(section("a=extmap:15 "+jsep.ExtensionMID, "a=extmap:0 "+jsep.ExtensionRID).Extensions) == 0,
		"extension with a direction":       section("a=extmap:3/recvonly " + jsep.ExtensionMID).Extensions[jsep.ExtensionMID] == 3,
		"silence means both ways":          section().Sends && section().Receives,
		"bundle-only":                      !parse(t, strings.Replace(video("a=bundle-only"), "m=video 9", "m=video 0", 1)).Sections[0].Rejected,
	} {
		if !c {
			t.Error(name)
		}
	}
}

func TestStreamsFindTheirCodec(t *testing.T) {
	all := append(jsep.OurCodecs(jsep.Video), jsep.OurCodecs(jsep.Audio)...)
	for _, c := range []struct {
		mime, fmtp string
		want       uint8 // payload type, 0 for none
	}{
		{"video/VP8", "", 96},
		{"video/vp9", "", 98},
		{"video/VP9", "profile-id=2", 100},
		{"video/VP9", "profile-id=1", 0},
		{"video/AV1", "", 45},
		{"video/AV1", "profile=1", 0},
		{"video/H264", "packetization-mode=1;profile-level-id=42e034", 102},
		{"video/H264", "packetization-mode=1;profile-level-id=4d801f", 102}, // another spelling of it
		{"video/H264", "profile-level-id=42e01f", 104},
		{"video/H264", "packetization-mode=1;profile-level-id=42001f", 106},
		{"video/H264", "", 108},
		{"video/H264", "packetization-mode=1;profile-level-id=64001f", 116},
		{"video/H264", "packetization-mode=1;profile-level-id=640c1f", 116}, // a subset
		{"video/H264", "packetization-mode=0;profile-level-id=64001f", 0},
		{"video/H264", "packetization-mode=1;profile-level-id=zz", 0},
		{"video/H265", "", 0},
		{"audio/opus", "minptime=10", 111},
		{"audio/opus", "stereo=1", 112},
	} {
		got, ok := jsep.Match(all, c.mime, c.fmtp)
		if ok != (c.want != 0) || got.PayloadType != c.want {
			t.Errorf("%s %s: %d, want %d", c.mime, c.fmtp, got.PayloadType, c.want)
		}
	}
	mono := jsep.OurCodecs(jsep.Audio)[:1]
	if got, ok := jsep.Match(mono, "audio/opus", "stereo=1"); !ok || got.PayloadType != 111 {
		t.Error("any Opus carries any Opus")
	}
}

// FuzzParse: whatever parses can be answered, and the answer can be read.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"chromium-join.sdp", "chromium-publish.sdp", "chromium-whip.sdp"} {
		f.Add(read(f, name))
	}
	f.Add(video("a=rid:q send", "a=simulcast:send ~q,h;f", "a=ssrc-group:FID 1 2", "a=ssrc:1 msid:a b", "a=extmap:300 x"))
	f.Add("v=0\r\nm=")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := jsep.Parse(text)
		if err != nil {
			return
		}
		answer, err := jsep.Answer(d, replies(d), local())
		if err != nil {
			t.Fatal(err)
		}
		alive := slices.ContainsFunc(d.Sections, func(s jsep.Section) bool {
			return !s.Rejected && (s.Kind == jsep.Application || len(s.Codecs) > 0)
		})
		ours, err := jsep.Parse(strings.ReplaceAll(answer, "a=setup:passive", "a=setup:active"))
		if !alive && errors.Is(err, jsep.ErrCredentials) {
			return // nothing is left to connect for
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, answer)
		}
		if len(ours.Sections) != len(d.Sections) {
			t.Fatal("sections got lost")
		}
	})
}
