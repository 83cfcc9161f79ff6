package packet

import "strings"

// Codec is a payload format that this package can describe.
type Codec uint8

// The codecs. Unknown is forwarded blindly: see Describe.
const (
	Unknown Codec = iota
	Opus
	RED // RFC 2198, redundant audio
	VP8
	VP9
	H264
	H265
	AV1
)

// CodecFromMIME finds the codec of a MIME type such as "video/VP8"; upper and lower case are the same.
// Anything else, "video/red" and "video/rtx" included, is Unknown.
func CodecFromMIME(mime string) Codec {
	for c := Opus; c <= AV1; c++ {
		if strings.EqualFold(mime, c.MIME()) {
			return c
		}
	}
	return Unknown
}

// IsVideo tells video codecs from audio codecs and Unknown.
func (c Codec) IsVideo() bool {
	switch c {
	case VP8, VP9, H264, H265, AV1:
		return true
	case Unknown, Opus, RED:
		return false
	}
	return false
}

// MIME is the registered media type, "" for Unknown.
func (c Codec) MIME() string {
	switch {
	case c == Unknown || c > AV1:
		return ""
	case c.IsVideo():
		return "video/" + c.String()
	}
	return "audio/" + c.String()
}

// String is the subtype as it is registered: "VP8", "opus", "red"; "unknown" for Unknown.
func (c Codec) String() string {
	switch c {
	case Opus:
		return "opus"
	case RED:
		return "red"
	case VP8:
		return "VP8"
	case VP9:
		return "VP9"
	case H264:
		return "H264"
	case H265:
		return "H265"
	case AV1:
		return "AV1"
	case Unknown:
	}
	return "unknown"
}
