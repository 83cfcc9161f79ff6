package jsep

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// A writer puts one description of ours together.
type writer struct {
	local   Local
	setup   string // passive or actpass
	session sdp.SessionDescription
	bundle  []string
	// candidates are told once, in the first section that lives.
	told bool
}

func newWriter(local Local, setup string) *writer {
	return &writer{
		local: local,
		setup: setup,
		session: sdp.SessionDescription{
			Origin: sdp.Origin{
				Username:       "-",
				SessionID:      local.SessionID,
				SessionVersion: local.SessionVersion,
				NetworkType:    "IN",
				AddressType:    "IP4",
				UnicastAddress: "127.0.0.1", // RFC 8829 section 5.2.1: no address is given away
			},
			SessionName:      "-",
			TimeDescriptions: []sdp.TimeDescription{{}},
		},
	}
}

// finish writes the lines above the sections and the whole text.
func (w *writer) finish(mixed bool) (string, error) {
	s := &w.session
	if len(w.bundle) > 0 {
		s.WithValueAttribute("group", "BUNDLE "+strings.Join(w.bundle, " "))
	}
	if mixed {
		s.WithPropertyAttribute("extmap-allow-mixed")
	}
	s.WithValueAttribute("msid-semantic", " WMS *")
	text, err := s.Marshal()
	if err != nil {
		return "", fmt.Errorf("write description: %w", err)
	}
	return string(text), nil
}

// section begins an m-section that lives in the bundle.
func (w *writer) section(kind Kind, mid string) *sdp.MediaDescription {
	m := newMedia(kind.String(), "UDP/TLS/RTP/SAVPF", 9)
	if kind == Application {
		m = newMedia(kind.String(), "UDP/DTLS/SCTP", 9)
	}
	if !w.told {
		w.told = true
		for _, c := range w.local.Candidates {
			m.WithValueAttribute("candidate", strings.TrimPrefix(c, "candidate:"))
		}
		if w.local.Gathered {
			m.WithPropertyAttribute("end-of-candidates")
		}
	}
	m.WithValueAttribute("ice-ufrag", w.local.Ufrag)
	m.WithValueAttribute("ice-pwd", w.local.Pwd)
	m.WithValueAttribute("ice-options", "trickle")
	m.WithValueAttribute("fingerprint", "sha-256 "+w.local.FingerprintSHA256)
	m.WithValueAttribute("setup", w.setup)
	m.WithValueAttribute("mid", mid)
	w.bundle = append(w.bundle, mid)
	w.session.MediaDescriptions = append(w.session.MediaDescriptions, m)
	return m
}

// reject answers a section with port 0 (RFC 8829 section 5.3.1).
func (w *writer) reject(s *Section) {
	media, proto, formats := s.media, s.proto, s.formats
	if media == "" {
		media, proto = s.Kind.String(), "UDP/TLS/RTP/SAVPF"
	}
	m := newMedia(media, proto, 0)
	if m.MediaName.Formats = formats; len(formats) == 0 {
		m.MediaName.Formats = []string{"0"}
	}
	m.WithValueAttribute("mid", s.MID)
	m.WithPropertyAttribute("inactive")
	w.session.MediaDescriptions = append(w.session.MediaDescriptions, m)
}

// application writes the body of the data channels' section.
func (w *writer) application(m *sdp.MediaDescription) {
	m.MediaName.Formats = []string{"webrtc-datachannel"}
	m.WithValueAttribute("sctp-port", "5000")
	m.WithValueAttribute("max-message-size", strconv.FormatUint(uint64(w.local.MaxMessageSize), 10))
}

func newMedia(media, proto string, port int) *sdp.MediaDescription {
	return &sdp.MediaDescription{
		MediaName: sdp.MediaName{
			Media:  media,
			Port:   sdp.RangedPort{Value: port},
			Protos: strings.Split(proto, "/"),
		},
		ConnectionInformation: &sdp.ConnectionInformation{
			NetworkType: "IN",
			AddressType: "IP4",
			Address:     &sdp.Address{Address: "0.0.0.0"},
		},
	}
}

// writeCodec writes the lines of one codec and of its retransmissions.
func writeCodec(m *sdp.MediaDescription, c Codec) {
	pt := strconv.Itoa(int(c.PayloadType))
	m.MediaName.Formats = append(m.MediaName.Formats, pt)
	_, name, _ := strings.Cut(c.MIME, "/")
	coding := fmt.Sprintf("%s %s/%d", pt, name, c.ClockRate)
	if c.Channels > 1 {
		coding += fmt.Sprintf("/%d", c.Channels)
	}
	m.WithValueAttribute("rtpmap", coding)
	for _, fb := range []struct {
		on   bool
		name string
	}{{c.TransportCC, "transport-cc"}, {c.FIR, "ccm fir"}, {c.NACK, "nack"}, {c.PLI, "nack pli"}} {
		if fb.on {
			m.WithValueAttribute("rtcp-fb", pt+" "+fb.name)
		}
	}
	if c.FMTP != "" {
		m.WithValueAttribute("fmtp", pt+" "+c.FMTP)
	}
	if c.RTX != 0 {
		rtx := strconv.Itoa(int(c.RTX))
		m.MediaName.Formats = append(m.MediaName.Formats, rtx)
		m.WithValueAttribute("rtpmap", fmt.Sprintf("%s rtx/%d", rtx, c.ClockRate))
		m.WithValueAttribute("fmtp", rtx+" apt="+pt)
	}
}

// writeExtensions writes them in the order of their ids.
func writeExtensions(m *sdp.MediaDescription, extensions map[string]uint8) {
	uris := slices.SortedFunc(maps.Keys(extensions), func(a, b string) int {
		return cmp.Or(cmp.Compare(extensions[a], extensions[b]), strings.Compare(a, b))
	})
	for _, uri := range uris {
		m.WithValueAttribute("extmap", fmt.Sprintf("%d %s", extensions[uri], uri))
	}
}

// writeSending names the streams that we send. Parts of the names are chosen by
// other participants.
func writeSending(m *sdp.MediaDescription, s *Sending) {
	msid, cname := word(s.StreamID)+" "+word(s.TrackID), word(s.CNAME)
	m.WithValueAttribute("msid", msid)
	sources := []uint32{s.SSRC}
	if s.RTXSSRC != 0 && s.Codec.RTX != 0 {
		sources = append(sources, s.RTXSSRC)
		m.WithValueAttribute("ssrc-group", fmt.Sprintf("FID %d %d", s.SSRC, s.RTXSSRC))
	}
	for _, ssrc := range sources {
		m.WithValueAttribute("ssrc", fmt.Sprintf("%d cname:%s", ssrc, cname))
		m.WithValueAttribute("ssrc", fmt.Sprintf("%d msid:%s", ssrc, msid))
	}
}

// word makes one word of s, so that it can neither end its line nor be two.
func word(s string) string {
	if s == "" {
		return "-"
	}
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return '_'
		}
		return r
	}, s)
	return s[:min(len(s), maxTokenLen)]
}

// direction names who may send, from our side.
func direction(send, receive bool) string {
	switch {
	case send && receive:
		return "sendrecv"
	case send:
		return "sendonly"
	case receive:
		return "recvonly"
	default:
		return "inactive"
	}
}
