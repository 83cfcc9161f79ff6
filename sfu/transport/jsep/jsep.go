// Package jsep reads what a peer's session description says and writes what we
// say back: an answer to its offer, or an offer of our own. It is pure: it
// opens nothing, knows no time and keeps no state between calls; whoever calls
// it owns every value.
//
// It decides the wording only. Which tracks are taken or sent is decided by
// the room; addresses, keys and retransmissions belong to package transport.
// Everything of one peer travels in one BUNDLE group, so a section outside of
// it cannot be carried and is answered as rejected.
//
// RFC 8829 (JSEP), RFC 8866 (SDP), RFC 8843 (BUNDLE), RFC 8853 (simulcast),
// RFC 8851 (rid), RFC 8841 (data channels).
package jsep

// A Kind is what a section carries. The zero Kind is anything we do not know;
// such a section is always rejected.
type Kind uint8

// The kinds of sections.
const (
	Audio Kind = iota + 1
	Video
	Application
)

// String is the media name of RFC 8866 section 5.14.
func (k Kind) String() string {
	switch k {
	case Audio:
		return "audio"
	case Video:
		return "video"
	case Application:
		return "application"
	default:
		return "unknown"
	}
}

// A Codec is one payload format of a section, under the payload type which
// that description gives it.
type Codec struct {
	PayloadType uint8
	MIME        string // "audio/opus", "video/VP8", in this spelling
	ClockRate   uint32 // Hz
	Channels    uint16 // 0 for video
	FMTP        string // format parameters as written
	RTX         uint8  // payload type of its retransmissions, 0 for none

	// Feedback offered for it (a=rtcp-fb).
	NACK, PLI, FIR, TransportCC bool
}

// A Section is one m-section of the peer's description.
type Section struct {
	MID      string
	Kind     Kind
	Rejected bool // it must be answered with port 0: switched off, unknown, or outside the bundle
	Sends    bool // the peer wants to send here
	Receives bool // the peer wants to receive here

	StreamID, TrackID string // of a=msid; empty when there is none or "-"

	Codecs     []Codec           // those we know, in the peer's order
	Extensions map[string]uint8  // header extensions we know: URI to id
	RIDs       []string          // simulcast encodings the peer sends, in its order
	SSRCs      []uint32          // primary ones, in order of appearance
	RTX        map[uint32]uint32 // retransmission SSRC to primary SSRC

	// As written, so that a rejected section can be answered in kind.
	media, proto string
	formats      []string
}

// A Description is what the peer says, checked and reduced to what we use.
type Description struct {
	Sections []Section

	Ufrag, Pwd       string   // ICE credentials of the bundle
	FingerprintHash  string   // lower case, e.g. "sha-256"
	Fingerprint      string   // upper case hex with colons
	Setup            string   // actpass, active or passive
	Candidates       []string // without "a=", in ICE's own wording
	ICELite          bool
	ExtmapAllowMixed bool
	MaxMessageSize   uint32 // bytes the peer takes as one data channel message; 65536 when unsaid

	grouped bool // a BUNDLE group is offered
}

// HasApplication tells whether data channels can be opened.
func (d *Description) HasApplication() bool {
	for i := range d.Sections {
		if d.Sections[i].Kind == Application && !d.Sections[i].Rejected {
			return true
		}
	}
	return false
}

// Section finds the section called mid; nil when there is none.
func (d *Description) Section(mid string) *Section {
	for i := range d.Sections {
		if d.Sections[i].MID == mid {
			return &d.Sections[i]
		}
	}
	return nil
}
