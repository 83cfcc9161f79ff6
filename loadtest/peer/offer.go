package peer

import (
	"fmt"
	"strings"

	"salon/loadtest/media"
)

// Payload types and header extension ids of our offers; answers keep them (RFC 3264, RFC 8285).
const (
	payloadOpus = 111
	opusFormat  = "minptime=10;useinbandfec=1"

	extensionMID      = 1
	extensionLevel    = 2
	extensionSendTime = 3
	extensionTWCC     = 4
	extensionRID      = 5
	extensionRepaired = 6
)

const uriTWCC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

// A section is one m-section of our offers.
type section struct {
	mid   string
	video bool
	data  bool         // data channels, no media
	track *media.Track // nil where we receive
	// Of each layer that we send.
	ssrcs, rtxSSRCs []uint32
}

// A description is what an offer says of us beside its sections.
type description struct {
	ufrag, pwd  string
	fingerprint string // SHA-256 of the certificate, with colons
	candidates  []string
	session     uint64
	codec       media.Codec // of video
	setup       string      // our part in DTLS (RFC 5763 section 5)
	version     int
}

// writeOffer returns the SDP of an offer with these sections, all in one bundle (RFC 8829).
func writeOffer(d description, sections []section) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	mids := make([]string, len(sections))
	for i, s := range sections {
		mids[i] = s.mid
	}
	line("v=0")
	line("o=- %d %d IN IP4 127.0.0.1", d.session, d.version)
	line("s=-")
	line("t=0 0")
	line("a=group:BUNDLE %s", strings.Join(mids, " "))
	line("a=extmap-allow-mixed")
	line("a=msid-semantic: WMS *")
	for _, s := range sections {
		writeSection(line, d, s)
	}
	return b.String()
}

func writeSection(line func(string, ...any), d description, s section) {
	if s.data {
		line("m=application 9 UDP/DTLS/SCTP webrtc-datachannel")
		writeConnection(line, d, s.mid)
		line("a=sctp-port:5000")
		line("a=max-message-size:%d", maxChannelMessage)
		return
	}
	if s.video {
		line("m=video 9 UDP/TLS/RTP/SAVPF %d %d", payloadOf(d.codec), payloadOf(d.codec)+1)
	} else {
		line("m=audio 9 UDP/TLS/RTP/SAVPF %d", payloadOpus)
	}
	writeConnection(line, d, s.mid)
	line("a=extmap:%d urn:ietf:params:rtp-hdrext:sdes:mid", extensionMID)
	if !s.video {
		line("a=extmap:%d urn:ietf:params:rtp-hdrext:ssrc-audio-level", extensionLevel)
	}
	line("a=extmap:%d http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", extensionSendTime)
	line("a=extmap:%d %s", extensionTWCC, uriTWCC)
	if s.video {
		line("a=extmap:%d urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", extensionRID)
		line("a=extmap:%d urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", extensionRepaired)
	}
	if s.track == nil {
		line("a=recvonly")
	} else {
		line("a=msid:loadtest %s", s.track.CID)
		line("a=sendonly")
	}
	line("a=rtcp-mux")
	line("a=rtcp-rsize")
	writeCodecs(line, s.video, d.codec)
	if s.track != nil {
		writeSources(line, s)
	}
}

// writeConnection writes what is the same in every section of the bundle.
func writeConnection(line func(string, ...any), d description, mid string) {
	line("c=IN IP4 0.0.0.0")
	for _, c := range d.candidates {
		line("a=%s", c)
	}
	line("a=ice-ufrag:%s", d.ufrag)
	line("a=ice-pwd:%s", d.pwd)
	line("a=ice-options:trickle")
	line("a=fingerprint:sha-256 %s", d.fingerprint)
	line("a=setup:%s", d.setup)
	line("a=mid:%s", mid)
}

func writeCodecs(line func(string, ...any), video bool, codec media.Codec) {
	if !video {
		line("a=rtpmap:%d opus/48000/2", payloadOpus)
		line("a=rtcp-fb:%d transport-cc", payloadOpus)
		line("a=fmtp:%d %s", payloadOpus, opusFormat)
		return
	}
	n := payloadOf(codec)
	line("a=rtpmap:%d %s/%d", n, codec, codec.Clock())
	for _, fb := range []string{"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"} {
		line("a=rtcp-fb:%d %s", n, fb)
	}
	if f := formatOf(codec); f != "" {
		line("a=fmtp:%d %s", n, f)
	}
	line("a=rtpmap:%d rtx/%d", n+1, codec.Clock())
	line("a=fmtp:%d apt=%d", n+1, n)
}

func writeSources(line func(string, ...any), s section) {
	if n := len(s.track.Layers); n > 1 { // named by RID, as browsers do (RFC 8853)
		for i := range n {
			line("a=rid:%s send", s.track.RID(i))
		}
		line("a=simulcast:send %s", strings.Join(media.RIDs()[:n], ";"))
		return
	}
	sources := []uint32{s.ssrcs[0]}
	if s.video {
		sources = append(sources, s.rtxSSRCs[0])
		line("a=ssrc-group:FID %d %d", s.ssrcs[0], s.rtxSSRCs[0])
	}
	for _, ssrc := range sources {
		line("a=ssrc:%d cname:loadtest", ssrc)
		line("a=ssrc:%d msid:loadtest %s", ssrc, s.track.CID)
	}
}

// payloadOf is the payload type of a codec, as Chromium has it; retransmissions of it have the next one.
func payloadOf(c media.Codec) uint8 {
	switch c {
	case media.Opus:
		return payloadOpus
	case media.VP9:
		return 98
	case media.H264:
		return 102
	case media.AV1:
		return 45
	default:
		return 96
	}
}

// formatOf are the format parameters of a video codec, empty for none.
func formatOf(c media.Codec) string {
	switch c {
	case media.VP9:
		return "profile-id=0"
	case media.H264:
		return "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
	case media.AV1:
		return "level-idx=5;profile=0;tier=0"
	default:
		return ""
	}
}
