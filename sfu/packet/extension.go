package packet

// Extension is a header extension (RFC 8285) by its meaning, whatever number a connection gave it.
type Extension uint8

// The extensions we know. All others are dropped on the way.
const (
	NoExtension           Extension = iota
	MID                             // RFC 9143: which media section
	RID                             // RFC 8852: which simulcast encoding
	RepairedRID                     // RFC 8852: which encoding a retransmission belongs to
	AudioLevel                      // RFC 6464
	TransportCC                     // 16-bit number of the packet on its transport
	AbsSendTime                     // 24-bit time of sending, 6.18 fixed point seconds
	DependencyDescriptor            // AV1 RTP specification, appendix A
	VideoOrientation                // 3GPP TS 26.114, 7.4.5
	PlayoutDelay                    // two 12-bit bounds in steps of 10 ms
	ColorSpace                      // 4 bytes, or 28 with HDR metadata
	VideoLayersAllocation           // the sender's own layers and their rates
	AbsCaptureTime                  // NTP time of capture
	// NumExtensions is one more than the largest Extension.
	NumExtensions = iota
)

// URI names the extension in SDP; "" for NoExtension and values out of range.
func (e Extension) URI() string {
	if int(e) >= NumExtensions {
		return ""
	}
	uris := [NumExtensions]string{
		MID:                   "urn:ietf:params:rtp-hdrext:sdes:mid",
		RID:                   "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
		RepairedRID:           "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
		AudioLevel:            "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
		TransportCC:           "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
		AbsSendTime:           "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
		DependencyDescriptor:  "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
		VideoOrientation:      "urn:3gpp:video-orientation",
		PlayoutDelay:          "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
		ColorSpace:            "http://www.webrtc.org/experiments/rtp-hdrext/color-space",
		VideoLayersAllocation: "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00",
		AbsCaptureTime:        "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
	}
	return uris[e]
}

// ExtensionFromURI finds the extension that SDP names so; NoExtension when we do not know it.
func ExtensionFromURI(uri string) Extension {
	for e := MID; int(e) < NumExtensions; e++ {
		if e.URI() == uri {
			return e
		}
	}
	return NoExtension
}

// ExtensionSet is a set of extensions, one bit each. The zero value is empty.
type ExtensionSet uint16

// Forwarded is what a subscriber should get of a publisher's extensions: all that speaks of the media itself.
// Those which speak of one hop or one connection (MID, RID, TransportCC, AbsSendTime and so on) are not in it.
const Forwarded ExtensionSet = 1<<AudioLevel | 1<<DependencyDescriptor | 1<<VideoOrientation |
	1<<PlayoutDelay | 1<<ColorSpace | 1<<AbsCaptureTime

// With is s and e.
func (s ExtensionSet) With(e Extension) ExtensionSet { return s | 1<<e }

// Without is s less e.
func (s ExtensionSet) Without(e Extension) ExtensionSet { return s &^ (1 << e) }

// Has tells whether e is in s.
func (s ExtensionSet) Has(e Extension) bool { return s>>e&1 != 0 }

// ExtensionMap is what one side of a connection negotiated: a number for each extension. It is never changed after
// NewExtensionMap, so goroutines may share it. A nil map knows no extension.
type ExtensionMap struct {
	byID  [256]Extension
	ids   [NumExtensions]uint8
	known ExtensionSet
}

// NewExtensionMap takes SDP's pairs of URI and number. Unknown URIs and the number 0 are left out; when a number is
// given twice, the extension with the smaller value keeps it.
func NewExtensionMap(ids map[string]uint8) *ExtensionMap {
	m := &ExtensionMap{}
	for e := MID; int(e) < NumExtensions; e++ {
		id := ids[e.URI()]
		if id == 0 || m.byID[id] != NoExtension {
			continue
		}
		m.byID[id], m.ids[e], m.known = e, id, m.known.With(e)
	}
	return m
}

// ID is the number of e, 0 when it is not negotiated.
func (m *ExtensionMap) ID(e Extension) uint8 {
	if m == nil || int(e) >= NumExtensions {
		return 0
	}
	return m.ids[e]
}

// Extension is what the number id means, NoExtension when nothing.
func (m *ExtensionMap) Extension(id uint8) Extension {
	if m == nil {
		return NoExtension
	}
	return m.byID[id]
}
