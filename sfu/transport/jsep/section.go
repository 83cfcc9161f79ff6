package jsep

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// readSection reduces one m-section to what we use.
func readSection(m *sdp.MediaDescription) Section {
	s := Section{
		Kind:     kindOf(m),
		Sends:    true, // sendrecv is what silence means (RFC 8866 section 6.7)
		Receives: true,
		media:    m.MediaName.Media,
		proto:    strings.Join(m.MediaName.Protos, "/"),
		formats:  m.MediaName.Formats,
	}
	s.MID, _ = m.Attribute("mid")
	_, bundleOnly := m.Attribute("bundle-only")
	s.Rejected = s.Kind == 0 || m.MediaName.Port.Value == 0 && !bundleOnly
	if s.Kind == Application {
		s.Sends, s.Receives = false, false
		return s
	}
	s.readDirection(m)
	s.readFormats(m)
	s.readExtensions(m)
	s.readRIDs(m)
	s.readSources(m)
	return s
}

// kindOf knows media over SRTP with feedback and data channels over SCTP, both
// keyed by DTLS; anything else is zero.
func kindOf(m *sdp.MediaDescription) Kind {
	proto := strings.Join(m.MediaName.Protos, "/")
	media := m.MediaName.Media
	switch {
	case media == "application" && proto == "UDP/DTLS/SCTP" && slices.Contains(m.MediaName.Formats, "webrtc-datachannel"):
		return Application
	case proto != "UDP/TLS/RTP/SAVPF" && proto != "UDP/TLS/RTP/SAVP" && proto != "RTP/SAVPF":
		return 0
	case media == "audio":
		return Audio
	case media == "video":
		return Video
	default:
		return 0
	}
}

func (s *Section) readDirection(m *sdp.MediaDescription) {
	for _, a := range m.Attributes {
		switch a.Key {
		case "sendrecv":
			s.Sends, s.Receives = true, true
		case "sendonly":
			s.Sends, s.Receives = true, false
		case "recvonly":
			s.Sends, s.Receives = false, true
		case "inactive":
			s.Sends, s.Receives = false, false
		case "msid":
			if s.StreamID == "" && s.TrackID == "" {
				s.StreamID, s.TrackID = streamAndTrack(a.Value)
			}
		}
	}
}

// streamAndTrack splits "stream track" (RFC 8830 section 2); "-" is no stream.
func streamAndTrack(value string) (stream, track string) {
	words := strings.Fields(value)
	if len(words) == 0 || !token(words[0]) {
		return "", ""
	}
	if words[0] != "-" {
		stream = words[0]
	}
	if len(words) > 1 && token(words[1]) {
		track = words[1]
	}
	return stream, track
}

// A format gathers the lines about one payload type.
type format struct {
	codec Codec
	apt   string // of a retransmission format: what it repairs
	rtx   bool
}

func (s *Section) readFormats(m *sdp.MediaDescription) {
	formats := make(map[string]*format)
	for _, f := range m.MediaName.Formats {
		if pt, err := strconv.ParseUint(f, 10, 7); err == nil && len(formats) < maxCodecs*2 {
			formats[f] = &format{codec: Codec{PayloadType: uint8(pt)}}
		}
	}
	for _, a := range m.Attributes {
		pt, value, ok := strings.Cut(a.Value, " ")
		if !ok {
			continue
		}
		switch a.Key {
		case "rtpmap":
			if f := formats[pt]; f != nil {
				f.readMap(s.Kind, value)
			}
		case "fmtp":
			if f := formats[pt]; f != nil && len(value) <= maxTokenLen {
				f.codec.FMTP = strings.TrimSpace(value)
				f.apt = parameter(value, "apt")
			}
		case "rtcp-fb":
			for name, f := range formats {
				if pt == name || pt == "*" {
					f.readFeedback(value)
				}
			}
		}
	}
	s.keepFormats(m.MediaName.Formats, formats)
}

// readMap reads "VP8/90000" or "opus/48000/2".
func (f *format) readMap(kind Kind, value string) {
	parts := strings.Split(strings.TrimSpace(value), "/")
	if len(parts) < 2 {
		return
	}
	rate, err := strconv.ParseUint(parts[1], 10, 32)
	if err != nil || rate == 0 {
		return
	}
	f.rtx = strings.EqualFold(parts[0], "rtx")
	f.codec.MIME = canonicalMIME(kind, parts[0])
	f.codec.ClockRate = uint32(rate)
	if kind == Audio {
		f.codec.Channels = 1
		if len(parts) > 2 {
			if n, err := strconv.ParseUint(parts[2], 10, 8); err == nil {
				f.codec.Channels = uint16(n)
			}
		}
	}
}

func (f *format) readFeedback(value string) {
	switch strings.TrimSpace(value) {
	case "nack":
		f.codec.NACK = true
	case "nack pli":
		f.codec.PLI = true
	case "ccm fir":
		f.codec.FIR = true
	case "transport-cc":
		f.codec.TransportCC = true
	}
}

// keepFormats keeps the codecs we know in the order of the m-line and notes
// who repairs whom.
func (s *Section) keepFormats(order []string, formats map[string]*format) {
	repairs := make(map[string]uint8)
	for _, name := range order {
		if f := formats[name]; f != nil && f.rtx && f.apt != "" {
			repairs[f.apt] = f.codec.PayloadType
		}
	}
	for _, name := range order {
		f := formats[name]
		if f == nil || f.rtx || !usable(f.codec) || len(s.Codecs) >= maxCodecs {
			continue
		}
		f.codec.RTX = repairs[name]
		s.Codecs = append(s.Codecs, f.codec)
		delete(formats, name) // a payload type named twice counts once
	}
}

// readExtensions reads "1/sendonly URI attributes" (RFC 8285 section 6). Id 15
// is reserved; above it the two-byte form is needed, and works.
func (s *Section) readExtensions(m *sdp.MediaDescription) {
	s.Extensions = make(map[string]uint8)
	for _, a := range m.Attributes {
		if a.Key != "extmap" {
			continue
		}
		words := strings.Fields(a.Value)
		if len(words) < 2 || !knownExtension(words[1]) {
			continue
		}
		number, _, _ := strings.Cut(words[0], "/")
		id, err := strconv.ParseUint(number, 10, 8)
		if _, twice := s.Extensions[words[1]]; err == nil && id != 0 && id != 15 && !twice {
			s.Extensions[words[1]] = uint8(id)
		}
	}
}

// readRIDs reads the encodings the peer sends: in the order of a=simulcast
// (RFC 8853 section 5.1, first of each alternative, paused or not), else in
// that of a=rid.
func (s *Section) readRIDs(m *sdp.MediaDescription) {
	var listed, ordered []string
	for _, a := range m.Attributes {
		words := strings.Fields(a.Value)
		switch {
		case a.Key == "rid" && len(words) > 1 && words[1] == "send" && rid(words[0]) && len(listed) < maxRIDs:
			listed = uniqueAppend(listed, words[0])
		case a.Key == "simulcast":
			ordered = sentEncodings(words)
		}
	}
	for _, r := range ordered {
		if slices.Contains(listed, r) {
			s.RIDs = uniqueAppend(s.RIDs, r)
		}
	}
	if len(ordered) == 0 {
		s.RIDs = listed
	}
}

// sentEncodings takes the words "send q;~h,x;f recv ..." apart.
func sentEncodings(words []string) []string {
	at := slices.Index(words, "send")
	if at < 0 || at+1 >= len(words) {
		return nil
	}
	var rids []string
	for alternatives := range strings.SplitSeq(words[at+1], ";") {
		first, _, _ := strings.Cut(alternatives, ",")
		if first = strings.TrimPrefix(first, "~"); rid(first) && len(rids) < maxRIDs {
			rids = append(rids, first)
		}
	}
	return rids
}

// rid tells whether s can name an encoding (RFC 8851 section 10, at most what a
// one-byte header extension carries).
func rid(s string) bool {
	return s != "" && len(s) <= 16 && !strings.ContainsFunc(s, func(r rune) bool {
		return !alphanumeric(r) && r != '-' && r != '_'
	})
}

// readSources reads a=ssrc and a=ssrc-group (RFC 5576).
func (s *Section) readSources(m *sdp.MediaDescription) {
	s.RTX = make(map[uint32]uint32)
	for _, a := range m.Attributes {
		if a.Key != "ssrc-group" {
			continue
		}
		words := strings.Fields(a.Value)
		if len(words) != 3 || words[0] != "FID" || len(s.RTX) >= maxSSRCs {
			continue
		}
		primary, err1 := strconv.ParseUint(words[1], 10, 32)
		repair, err2 := strconv.ParseUint(words[2], 10, 32)
		if err1 == nil && err2 == nil {
			s.RTX[uint32(repair)] = uint32(primary)
		}
	}
	for _, a := range m.Attributes {
		if a.Key != "ssrc" {
			continue
		}
		number, attribute, _ := strings.Cut(a.Value, " ")
		ssrc, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			continue
		}
		if value, ok := strings.CutPrefix(attribute, "msid:"); ok && s.StreamID == "" && s.TrackID == "" {
			s.StreamID, s.TrackID = streamAndTrack(value)
		}
		if _, repair := s.RTX[uint32(ssrc)]; !repair && len(s.SSRCs) < maxSSRCs {
			s.SSRCs = uniqueAppend(s.SSRCs, uint32(ssrc))
		}
	}
}
