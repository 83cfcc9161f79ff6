package jsep

import (
	"slices"
	"strconv"
	"strings"
)

// MIME types of the codecs we know.
const (
	MIMEOpus = "audio/opus"
	MIMEVP8  = "video/VP8"
	MIMEVP9  = "video/VP9"
	MIMEH264 = "video/H264"
	MIMEAV1  = "video/AV1"
)

// canonicalMIME gives the spelling we use for kind and encoding name (names
// are compared without case, RFC 4855 section 3); empty for codecs unknown to us.
func canonicalMIME(kind Kind, name string) string {
	mime := kind.String() + "/" + name
	for _, known := range []string{MIMEOpus, MIMEVP8, MIMEVP9, MIMEH264, MIMEAV1} {
		if strings.EqualFold(known, mime) {
			return known
		}
	}
	return ""
}

// parameter reads one key of format parameters "a=1;b=2"; keys without case.
func parameter(fmtp, key string) string {
	for part := range strings.SplitSeq(fmtp, ";") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		if strings.EqualFold(strings.TrimSpace(k), key) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func parameterOr(fmtp, key, missing string) string {
	if v := parameter(fmtp, key); v != "" {
		return v
	}
	return missing
}

// usable tells whether we can forward c at all. VP9 profiles 1 and 3 (4:4:4
// and the like) are not decoded everywhere, so they are left out.
func usable(c Codec) bool {
	if c.MIME == MIMEVP9 {
		p := parameterOr(c.FMTP, "profile-id", "0")
		return p == "0" || p == "2"
	}
	return c.MIME != ""
}

// OurCodecs is the table of our own offers. A payload type means the same
// format in every section of a bundle, so stereo Opus has one of its own.
func OurCodecs(kind Kind) []Codec {
	switch kind {
	case Audio:
		return []Codec{
			{PayloadType: 111, MIME: MIMEOpus, ClockRate: 48000, Channels: 2, FMTP: "minptime=10;useinbandfec=1", NACK: true, TransportCC: true},
			{PayloadType: 112, MIME: MIMEOpus, ClockRate: 48000, Channels: 2, FMTP: "minptime=10;stereo=1;useinbandfec=1", NACK: true, TransportCC: true},
		}
	case Video:
		return []Codec{
			ourVideo(96, MIMEVP8, ""),
			ourVideo(98, MIMEVP9, "profile-id=0"),
			ourVideo(100, MIMEVP9, "profile-id=2"),
			ourVideo(102, MIMEH264, ourH264(1, "42e01f")),
			ourVideo(104, MIMEH264, ourH264(0, "42e01f")),
			ourVideo(106, MIMEH264, ourH264(1, "42001f")),
			ourVideo(108, MIMEH264, ourH264(0, "42001f")),
			ourVideo(114, MIMEH264, ourH264(1, "4d001f")),
			ourVideo(116, MIMEH264, ourH264(1, "64001f")),
			ourVideo(45, MIMEAV1, "level-idx=5;profile=0;tier=0"),
		}
	case Application:
		return nil
	default:
		return nil
	}
}

// ourVideo is a codec of our table; the next payload type repairs it.
func ourVideo(pt uint8, mime, fmtp string) Codec {
	return Codec{
		PayloadType: pt, MIME: mime, ClockRate: 90000, FMTP: fmtp, RTX: pt + 1,
		NACK: true, PLI: true, FIR: true, TransportCC: true,
	}
}

func ourH264(mode int, profile string) string {
	return "level-asymmetry-allowed=1;packetization-mode=" + strconv.Itoa(mode) + ";profile-level-id=" + profile
}

// Match finds which of codecs carries a stream of the given MIME type and
// format parameters: the closest one whose receiver can decode it. H264 is
// told apart by packetization mode and profile (a level is only a promise of
// size and is not compared), VP9 and AV1 by profile, Opus by channels asked
// for, where any will do.
func Match(codecs []Codec, mime, fmtp string) (Codec, bool) {
	best, bestRank := Codec{}, 0
	for _, c := range codecs {
		if !strings.EqualFold(c.MIME, mime) {
			continue
		}
		if r := rank(c, fmtp); r > bestRank {
			best, bestRank = c, r
		}
	}
	return best, bestRank > 0
}

// rank is how well c carries a stream of its own MIME type described by fmtp:
// 0 not at all, 2 exactly.
func rank(c Codec, fmtp string) int {
	const unsaid = "0" // what all parameters compared here mean when they are absent
	same := func(key string) bool {
		return parameterOr(c.FMTP, key, unsaid) == parameterOr(fmtp, key, unsaid)
	}
	switch c.MIME {
	case MIMEOpus:
		if same("stereo") {
			return 2
		}
		return 1
	case MIMEVP9:
		return boolRank(same("profile-id"))
	case MIMEAV1:
		return boolRank(same("profile"))
	case MIMEH264:
		if !same("packetization-mode") {
			return 0
		}
		return h264Rank(h264ProfileOf(c.FMTP), h264ProfileOf(fmtp))
	default:
		return 2
	}
}

func boolRank(ok bool) int {
	if ok {
		return 2
	}
	return 0
}

// An h264Profile is the decoding ability that profile-level-id asks for
// (RFC 6184 table 5).
type h264Profile uint8

const (
	h264Unknown h264Profile = iota
	h264ConstrainedBaseline
	h264Baseline
	h264Main
	h264ConstrainedHigh
	h264High
)

// defaultProfileLevel is what an absent profile-level-id means: Baseline,
// level 1 (RFC 6184 section 8.1).
const defaultProfileLevel = "42000a"

func h264ProfileOf(fmtp string) h264Profile {
	id := parameterOr(fmtp, "profile-level-id", defaultProfileLevel)
	v, err := strconv.ParseUint(id, 16, 32)
	if err != nil || len(id) != 6 {
		return h264Unknown
	}
	idc, constraints := byte(v>>16), byte(v>>8)
	const set0, set1, set4, set5 = 0x80, 0x40, 0x08, 0x04
	switch {
	case idc == 0x42 && constraints&set1 != 0,
		idc == 0x4D && constraints&set0 != 0,
		idc == 0x58 && constraints&set0 != 0 && constraints&set1 != 0:
		return h264ConstrainedBaseline
	case idc == 0x42, idc == 0x58 && constraints&set0 != 0:
		return h264Baseline
	case idc == 0x4D:
		return h264Main
	case idc == 0x64 && constraints&(set4|set5) == set4|set5:
		return h264ConstrainedHigh
	case idc == 0x64:
		return h264High
	default:
		return h264Unknown
	}
}

// h264Rank: every profile contains Constrained Baseline. Real-time encoders
// that say Baseline use no more than Constrained Baseline, so these two meet.
func h264Rank(receiver, stream h264Profile) int {
	contains := map[h264Profile][]h264Profile{
		h264ConstrainedBaseline: {h264Baseline},
		h264Baseline:            {h264ConstrainedBaseline},
		h264Main:                {h264ConstrainedBaseline},
		h264ConstrainedHigh:     {h264ConstrainedBaseline},
		h264High:                {h264ConstrainedBaseline, h264Main, h264ConstrainedHigh},
	}
	switch {
	case receiver == h264Unknown || stream == h264Unknown:
		return 0
	case receiver == stream:
		return 2
	case slices.Contains(contains[receiver], stream):
		return 1
	default:
		return 0
	}
}
