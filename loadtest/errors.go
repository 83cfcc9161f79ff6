package loadtest

import "errors"

// What can be wrong with what the caller wants.
var (
	ErrConfig    = errors.New("the load can't be made")
	ErrScenario  = errors.New("no such scenario")
	ErrAssertion = errors.New("the assertion can't be read")
	ErrReport    = errors.New("the report can't be read")
)

// What can go wrong with one participant.
var (
	errRefused   = errors.New("the server refused")
	errLeft      = errors.New("the server ended the session")
	errNoAnswer  = errors.New("the answer can't be used")
	errNoProfile = errors.New("no srtp profile was agreed")
	errSilence   = errors.New("the first message was not a join")
	errClosed    = errors.New("the peer is closed")
)
