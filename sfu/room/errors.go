package room

import "errors"

// Errors of a Room. Their sentences may be shown to the person at the client.
var (
	ErrFull           = errors.New("the room is full")
	ErrClosed         = errors.New("the room has ended")
	ErrLeft           = errors.New("the participant has left the room")
	ErrNotAllowed     = errors.New("the token does not allow this")
	ErrDuplicateTrack = errors.New("a track with this client id is published already")
	ErrTooManyTracks  = errors.New("the participant publishes too many tracks")
	ErrUnknownTrack   = errors.New("there is no such track")
	ErrBadSDP         = errors.New("the session description can't be used")
)
