package client

import "errors"

// What can go wrong with one participant.
var (
	errRefused = errors.New("the server refused")
	errLeft    = errors.New("the server ended the session")
	errSilence = errors.New("the first message was not a join")
	errClosed  = errors.New("the peer is closed")
)
