package jsep

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
	return "", ErrReplies
}
