package jsep

import (
	"fmt"

	"github.com/pion/sdp/v3"
)

// An OfferSection is one m-section of our own offer. Sections keep their place
// and MID for the life of a connection: one that is no longer needed stays,
// with Send nil.
type OfferSection struct {
	MID  string
	Kind Kind
	Send *Sending // nil: inactive (or the data channels, for Application)
}

// Offer writes an offer of ours to a peer that only receives: what we send,
// and the data channels. The peer becomes the DTLS client.
func Offer(sections []OfferSection, local Local) (string, error) {
	if len(sections) == 0 || len(sections) > maxSections {
		return "", ErrSections
	}
	w := newWriter(local, "actpass")
	seen := make(map[string]bool, len(sections))
	for i := range sections {
		s := &sections[i]
		if !token(s.MID) || seen[s.MID] || s.Kind == 0 {
			return "", fmt.Errorf("section %d: %w", i, ErrMID)
		}
		seen[s.MID] = true
		m := w.section(s.Kind, s.MID)
		if s.Kind == Application {
			w.application(m)
			continue
		}
		if err := offerMedia(m, s); err != nil {
			return "", fmt.Errorf("section %s: %w", s.MID, err)
		}
	}
	return w.finish(true)
}

// offerMedia writes the body of an audio or video section. One that is
// inactive still has to name codecs.
func offerMedia(m *sdp.MediaDescription, s *OfferSection) error {
	m.WithPropertyAttribute("rtcp-mux")
	m.WithPropertyAttribute("rtcp-rsize")
	m.WithPropertyAttribute(direction(s.Send != nil, false))
	if s.Send == nil {
		writeExtensions(m, OurExtensions(s.Kind))
		for _, c := range OurCodecs(s.Kind) {
			writeCodec(m, c)
		}
		return nil
	}
	if s.Send.Codec.MIME == "" {
		return ErrCodec
	}
	writeExtensions(m, s.Send.Extensions)
	writeCodec(m, s.Send.Codec)
	writeSending(m, s.Send)
	return nil
}
