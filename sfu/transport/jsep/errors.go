package jsep

import "errors"

// What can be wrong with a description, or with what we are told to say.
var (
	ErrTooLarge    = errors.New("session description is larger than 256 KiB")
	ErrSyntax      = errors.New("session description is not SDP")
	ErrSections    = errors.New("session description has no media section, or more than 512")
	ErrMID         = errors.New("a media section has no identification, an unusable one, or one used twice")
	ErrCredentials = errors.New("session description lacks usable ICE credentials")
	ErrFingerprint = errors.New("session description lacks a usable certificate fingerprint")
	ErrSetup       = errors.New("session description asks us for the DTLS client role, which we never take")
	ErrReplies     = errors.New("there must be one reply for each section of the offer")
	ErrCodec       = errors.New("a section to be sent has no codec")
)
