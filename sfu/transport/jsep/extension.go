package jsep

// Header extensions that we negotiate (RFC 8285), by URI.
const (
	ExtensionMID             = "urn:ietf:params:rtp-hdrext:sdes:mid"
	ExtensionRID             = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
	ExtensionRepairedRID     = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
	ExtensionAudioLevel      = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
	ExtensionOrientation     = "urn:3gpp:video-orientation"
	ExtensionTransportCC     = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
	ExtensionAbsSendTime     = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
	ExtensionAbsCaptureTime  = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"
	ExtensionPlayoutDelay    = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
	ExtensionColorSpace      = "http://www.webrtc.org/experiments/rtp-hdrext/color-space"
	ExtensionLayerAllocation = "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00"
	ExtensionDependency      = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
)

// knownExtension tells whether we read, write or pass uri on.
func knownExtension(uri string) bool {
	switch uri {
	case ExtensionMID, ExtensionRID, ExtensionRepairedRID, ExtensionAudioLevel,
		ExtensionOrientation, ExtensionTransportCC, ExtensionAbsSendTime,
		ExtensionAbsCaptureTime, ExtensionPlayoutDelay, ExtensionColorSpace,
		ExtensionLayerAllocation, ExtensionDependency:
		return true
	default:
		return false
	}
}

// OurExtensions are the ids of our own offers. An id means the same URI in all
// sections of a bundle (RFC 8843 section 9.1); ids fit one-byte headers.
func OurExtensions(kind Kind) map[string]uint8 {
	switch kind {
	case Audio:
		return map[string]uint8{
			ExtensionMID:            1,
			ExtensionAudioLevel:     2,
			ExtensionAbsSendTime:    3,
			ExtensionTransportCC:    4,
			ExtensionAbsCaptureTime: 5,
		}
	case Video:
		return map[string]uint8{
			ExtensionMID:            1,
			ExtensionAbsSendTime:    3,
			ExtensionTransportCC:    4,
			ExtensionAbsCaptureTime: 5,
			ExtensionOrientation:    6,
			ExtensionPlayoutDelay:   7,
			ExtensionColorSpace:     8,
			ExtensionDependency:     9,
		}
	case Application:
		return nil
	default:
		return nil
	}
}
