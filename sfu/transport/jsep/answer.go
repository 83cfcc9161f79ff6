package jsep

// A Reply is what we say to one section of an offer. The zero Reply keeps the
// section but lets nothing flow in it; data channels and rejected sections
// need no more than that.
type Reply struct {
	Receive *Receiving // we take what the peer sends
	Send    *Sending   // we send to the peer
}

// Receiving says how we take what the peer sends in a section.
type Receiving struct {
	Codecs     []Codec          // those of the section that we take, best first
	Extensions map[string]uint8 // those of the section that we want
	RIDs       []string         // the simulcast encodings we take, nil for none
	Stereo     bool             // ask for stereo Opus at its highest rate
	DTX        bool             // ask for Opus to fall silent in silence
}

// Sending says what we send in a section.
type Sending struct {
	StreamID, TrackID string // one token each, as in a=msid
	CNAME             string
	SSRC, RTXSSRC     uint32 // RTXSSRC 0: no retransmission stream
	Codec             Codec  // payload types: the peer's in an answer, ours in an offer
	Extensions        map[string]uint8
}

// Local is our side of the connection, the same in every section.
type Local struct {
	Ufrag, Pwd        string
	FingerprintSHA256 string   // upper case hex with colons
	Candidates        []string // without "a="
	Gathered          bool     // no more candidates will follow
	SessionID         uint64   // below 2^63, the same for the life of the connection
	SessionVersion    uint64   // grows with each description
	MaxMessageSize    uint32   // bytes; the longest data channel message we take
}

// Answer writes our answer to offer: replies[i] is for offer.Sections[i].
// Payload types and extension ids stay the peer's, so a format means the same
// in all sections.
func Answer(offer *Description, replies []Reply, local Local) (string, error) {
	if len(replies) != len(offer.Sections) {
		return "", ErrReplies
	}
	return "", ErrReplies
}
