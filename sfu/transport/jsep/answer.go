package jsep

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
)

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
	Stereo     bool             // ask for stereo Opus
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
// in all sections. What the room asks of Opus is said in every section that
// names that payload type, since a bundle knows one meaning of it: stereo if
// any section wants it, its highest rate and silence suppression only where all
// receiving ones do.
func Answer(offer *Description, replies []Reply, local Local) (string, error) {
	if len(replies) != len(offer.Sections) {
		return "", ErrReplies
	}
	w := newWriter(local, "passive")
	opus := opusWishes(replies)
	for i := range offer.Sections {
		s, r := &offer.Sections[i], replies[i]
		if s.Rejected || s.Kind != Application && len(s.Codecs) == 0 {
			w.reject(s)
			continue
		}
		m := w.section(s.Kind, s.MID)
		if s.Kind == Application {
			w.application(m)
			continue
		}
		if err := answerMedia(m, s, r, opus); err != nil {
			return "", fmt.Errorf("section %s: %w", s.MID, err)
		}
	}
	return w.finish(offer.ExtmapAllowMixed)
}

// answerMedia writes the body of an audio or video section.
func answerMedia(m *sdp.MediaDescription, s *Section, r Reply, opus []string) error {
	send, receive := r.Send, r.Receive
	if !s.Receives {
		send = nil
	}
	if !s.Sends {
		receive = nil
	}
	codecs, extensions := answered(s, send, receive)
	if len(codecs) == 0 {
		return ErrCodec
	}
	m.WithPropertyAttribute("rtcp-mux")
	m.WithPropertyAttribute("rtcp-rsize")
	m.WithPropertyAttribute(direction(send != nil, receive != nil))
	writeExtensions(m, extensions)
	for _, c := range codecs {
		if c.MIME == MIMEOpus {
			c.FMTP = withParameters(c.FMTP, opus)
		}
		writeCodec(m, c)
	}
	if receive != nil {
		writeRIDs(m, receive.RIDs)
	}
	if send != nil {
		writeSending(m, send)
	}
	return nil
}

// answered chooses what a section names: what flows in it, or, when nothing
// does, all that we know of codecs and extensions, which keeps it alive for
// later: browsers offer in new sections only the extensions that the last
// answer left in those there were.
func answered(s *Section, send *Sending, receive *Receiving) ([]Codec, map[string]uint8) {
	var codecs []Codec
	extensions := make(map[string]uint8)
	add := func(c Codec) {
		same := func(o Codec) bool { return o.PayloadType == c.PayloadType }
		if !slices.ContainsFunc(codecs, same) {
			codecs = append(codecs, c)
		}
	}
	if receive != nil {
		for _, c := range receive.Codecs {
			add(c)
		}
		maps.Copy(extensions, receive.Extensions)
	}
	if send != nil {
		add(send.Codec)
		maps.Copy(extensions, send.Extensions)
	}
	if send == nil && receive == nil {
		codecs = s.Codecs
		maps.Copy(extensions, s.Extensions)
	}
	return codecs, extensions
}

// writeRIDs takes the simulcast encodings (RFC 8853 section 5.3.2).
func writeRIDs(m *sdp.MediaDescription, rids []string) {
	if len(rids) == 0 {
		return
	}
	for _, r := range rids {
		m.WithValueAttribute("rid", r+" recv")
	}
	m.WithValueAttribute("simulcast", "recv "+strings.Join(rids, ";"))
}

// opusWishes are the parameters that this answer adds to Opus everywhere
// (RFC 7587 section 6.1).
func opusWishes(replies []Reply) []string {
	var receiving, stereo, silent int
	for _, r := range replies {
		if r.Receive == nil || !slices.ContainsFunc(r.Receive.Codecs, func(c Codec) bool { return c.MIME == MIMEOpus }) {
			continue
		}
		receiving++
		if r.Receive.Stereo {
			stereo++
		}
		if r.Receive.DTX {
			silent++
		}
	}
	var wishes []string
	if receiving > 0 && silent == receiving {
		wishes = append(wishes, "usedtx=1")
	}
	if stereo > 0 {
		wishes = append(wishes, "stereo=1")
	}
	if stereo > 0 && stereo == receiving {
		wishes = append(wishes, "maxaveragebitrate=510000")
	}
	return wishes
}

// withParameters adds the parameters that fmtp does not set already.
func withParameters(fmtp string, wishes []string) string {
	for _, w := range wishes {
		key, _, _ := strings.Cut(w, "=")
		switch {
		case parameter(fmtp, key) != "":
		case fmtp == "":
			fmtp = w
		default:
			fmtp += ";" + w
		}
	}
	return fmtp
}
