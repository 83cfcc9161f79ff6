package transport

import "errors"

// What calls of this package refuse.
var (
	ErrRole           = errors.New("the other side makes the offers of this connection")
	ErrOrder          = errors.New("no description of the peer to go by yet")
	ErrFingerprint    = errors.New("the peer's certificate is not the one it described")
	ErrRekeyed        = errors.New("the peer describes another certificate than before")
	ErrNoProfile      = errors.New("no common SRTP protection profile")
	ErrCandidate      = errors.New("not an ICE candidate")
	ErrManyCandidates = errors.New("more ICE candidates than a peer may have")
	ErrClosed         = errors.New("connection is closed")
	ErrNotOpen        = errors.New("data channel is not open")
	ErrTooLong        = errors.New("message is longer than the peer takes")
	ErrBackpressure   = errors.New("peer does not drain its data channel")
	ErrConfig         = errors.New("setting is out of range")
)
