package client

import "errors"

// What can go wrong with one participant.
var (
	errRefused   = errors.New("the server refused")
	errForbidden = errors.New("the server forbids it")
	errLeft      = errors.New("the server ended the session")
	errAsked     = errors.New("the server asked to come back")
	errNoJoin    = errors.New("the first message was not a join")
	errSilence   = errors.New("the server is silent")
	errClosed    = errors.New("the peer is closed")
)

// ErrGaveUp tells that a participant lost its session and could not come back, as often as it tried.
var ErrGaveUp = errors.New("gave up coming back")

// isFinal tells that the server does not want this participant: there is no use in trying again.
func isFinal(err error) bool { return errors.Is(err, errForbidden) || errors.Is(err, errLeft) }
