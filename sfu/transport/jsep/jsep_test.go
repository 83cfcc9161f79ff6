package jsep_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"salon/sfu/transport/jsep"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func parse(t testing.TB, text string) *jsep.Description {
	t.Helper()
	d, err := jsep.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// golden compares got with a file; lines end in LF there.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = strings.ReplaceAll(got, "\r\n", "\n")
	if *rewrite {
		if err := os.WriteFile(filepath.Join("testdata", name), []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, name); got != want {
		t.Errorf("%s: got\n%s", name, got)
	}
}

func local() jsep.Local {
	return jsep.Local{
		Ufrag: "ourufrag", Pwd: "ourpasswordourpassword", FingerprintSHA256: strings.Repeat("AB:", 31) + "AB",
		Candidates: []string{"candidate:1 1 udp 2130706431 192.0.2.1 7882 typ host"}, Gathered: true,
		SessionID: 4711, SessionVersion: 1, MaxMessageSize: 65536,
	}
}

// trace tells in short what a description says.
func trace(d *jsep.Description) string {
	var b strings.Builder
	fmt.Fprintf(&b, "ice %q %q lite=%v dtls %s %s... %s mixed=%v max-message=%d candidates=%d\n", d.Ufrag, d.Pwd, d.ICELite,
		d.FingerprintHash, d.Fingerprint[:8], d.Setup, d.ExtmapAllowMixed, d.MaxMessageSize, len(d.Candidates))
	for i := range d.Sections {
		s := &d.Sections[i]
		fmt.Fprintf(&b, "section %s %v rejected=%v sends=%v receives=%v msid=%q %q rids=%v ssrcs=%v rtx=%v\n",
			s.MID, s.Kind, s.Rejected, s.Sends, s.Receives, s.StreamID, s.TrackID, s.RIDs, s.SSRCs, s.RTX)
		for _, c := range s.Codecs {
			fmt.Fprintf(&b, "  codec %+v\n", c)
		}
		for _, uri := range slices.Sorted(keys(s.Extensions)) {
			fmt.Fprintf(&b, "  extension %d %s\n", s.Extensions[uri], uri)
		}
	}
	return b.String()
}

func keys(m map[string]uint8) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestChromiumOffersAreRead(t *testing.T) {
	for _, name := range []string{"chromium-join", "chromium-publish", "chromium-whip"} {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".trace.txt", trace(parse(t, read(t, name+".sdp"))))
		})
	}
}

// reply takes all the peer sends and sends VP8 or Opus where it only listens.
func reply(s *jsep.Section) jsep.Reply {
	var r jsep.Reply
	if s.Sends {
		r.Receive = &jsep.Receiving{Codecs: s.Codecs[:1], Extensions: s.Extensions, RIDs: s.RIDs, DTX: true}
	} else if s.Receives && s.MID != "2" {
		c, _ := jsep.Match(s.Codecs, s.Codecs[0].MIME, s.Codecs[0].FMTP)
		c.TransportCC = false
		r.Send = &jsep.Sending{StreamID: "PA_a|camera", TrackID: "TR_b", CNAME: "PA_a", SSRC: 11, RTXSSRC: 12, Codec: c, Extensions: s.Extensions}
	}
	return r
}

func replies(d *jsep.Description) []jsep.Reply {
	list := make([]jsep.Reply, len(d.Sections))
	for i := range d.Sections {
		if s := &d.Sections[i]; len(s.Codecs) > 0 {
			list[i] = reply(s)
		}
	}
	return list
}

func TestChromiumOffersAreAnswered(t *testing.T) {
	for _, name := range []string{"chromium-join", "chromium-publish", "chromium-whip"} {
		t.Run(name, func(t *testing.T) {
			d := parse(t, read(t, name+".sdp"))
			answer, err := jsep.Answer(d, replies(d), local())
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".answer.txt", answer)
		})
	}
}

func TestRejectedSectionsKeepTheirPlace(t *testing.T) {
	text := read(t, "chromium-publish.sdp")
	text = strings.Replace(text, "m=video 9 ", "m=video 0 ", 1)              // switched off
	text = strings.Replace(text, "BUNDLE 0 1 2 3", "BUNDLE 0 1 3", 1)        // outside
	text += "m=text 9 RTP/AVP 98\r\nc=IN IP4 0.0.0.0\r\na=mid:subtitles\r\n" // unknown
	d := parse(t, text)
	answer, err := jsep.Answer(d, replies(d), local())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a=group:BUNDLE 0 3\r\n", "m=video 0 UDP/TLS/RTP/SAVPF 96 97", "m=text 0 RTP/AVP 98\r\n", "m=application 9 "} {
		if !strings.Contains(answer, want) {
			t.Errorf("answer lacks %q", want)
		}
	}
	if n := strings.Count(answer, "\r\nm="); n != len(d.Sections) {
		t.Errorf("%d sections answer %d", n, len(d.Sections))
	}
}

func TestOfferOfOurs(t *testing.T) {
	vp8, _ := jsep.Match(jsep.OurCodecs(jsep.Video), jsep.MIMEVP8, "")
	opus, _ := jsep.Match(jsep.OurCodecs(jsep.Audio), jsep.MIMEOpus, "minptime=10")
	offer, err := jsep.Offer([]jsep.OfferSection{
		{MID: "data", Kind: jsep.Application},
		{MID: "0", Kind: jsep.Video, Send: &jsep.Sending{StreamID: "PA_a|camera", TrackID: "TR_b", CNAME: "PA_a", SSRC: 11, RTXSSRC: 12, Codec: vp8, Extensions: jsep.OurExtensions(jsep.Video)}},
		{MID: "1", Kind: jsep.Audio, Send: &jsep.Sending{StreamID: "PA_a|camera", TrackID: "TR_c", CNAME: "PA_a", SSRC: 13, Codec: opus, Extensions: jsep.OurExtensions(jsep.Audio)}},
		{MID: "2", Kind: jsep.Audio},
	}, local())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "offer.txt", offer)
	d := parse(t, offer) // we can read what we write
	if s := d.Section("0"); s == nil || !s.Sends || s.Receives || s.TrackID != "TR_b" || !slices.Equal(s.SSRCs, []uint32{11}) || s.RTX[12] != 11 {
		t.Errorf("our own section reads as %+v", s)
	}
}

func TestWhatCannotBeSaid(t *testing.T) {
	d := parse(t, read(t, "chromium-whip.sdp"))
	if _, err := jsep.Answer(d, nil, local()); !errors.Is(err, jsep.ErrReplies) {
		t.Errorf("too few replies: %v", err)
	}
	empty := make([]jsep.Reply, len(d.Sections))
	empty[0].Receive = &jsep.Receiving{}
	if _, err := jsep.Answer(d, empty, local()); !errors.Is(err, jsep.ErrCodec) {
		t.Errorf("no codec: %v", err)
	}
	for name, sections := range map[string][]jsep.OfferSection{
		"none":     nil,
		"twice":    {{MID: "a", Kind: jsep.Application}, {MID: "a", Kind: jsep.Audio}},
		"no kind":  {{MID: "a"}},
		"bad mid":  {{MID: "a\r\nb", Kind: jsep.Audio}},
		"no codec": {{MID: "a", Kind: jsep.Audio, Send: &jsep.Sending{}}},
	} {
		if _, err := jsep.Offer(sections, local()); err == nil {
			t.Errorf("%s: offered", name)
		}
	}
}

// Stereo of one section must not make a payload type mean two things.
func TestOpusMeansTheSameInAllSections(t *testing.T) {
	d := parse(t, read(t, "chromium-join.sdp"))
	list := make([]jsep.Reply, len(d.Sections))
	for i := range 2 {
		d.Sections[i].Sends = true
		list[i].Receive = &jsep.Receiving{Codecs: d.Sections[i].Codecs, DTX: true, Stereo: i == 0}
	}
	answer, err := jsep.Answer(d, list, local())
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(answer, "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;stereo=1\r\n"); n != 3 {
		t.Errorf("%d of 3 sections agree", n)
	}
}

// Stream names come from other participants.
func TestNamesCannotWriteLines(t *testing.T) {
	opus := jsep.OurCodecs(jsep.Audio)[0]
	offer, err := jsep.Offer([]jsep.OfferSection{{MID: "0", Kind: jsep.Audio, Send: &jsep.Sending{
		StreamID: "PA_a|my\r\na=setup:active stream", TrackID: "TR_\u00e9", CNAME: "", SSRC: 1, Codec: opus,
	}}}, local())
	if err != nil {
		t.Fatal(err)
	}
	if s := parse(t, offer).Sections[0]; s.StreamID != "PA_a|my__a=setup:active_stream" || s.TrackID != "TR__" {
		t.Errorf("names read as %q %q", s.StreamID, s.TrackID)
	}
}
