package peer

import "errors"

// What can go wrong with a connection.
var (
	errNoAnswer  = errors.New("the answer can't be used")
	errNoProfile = errors.New("no srtp profile was agreed")
)
