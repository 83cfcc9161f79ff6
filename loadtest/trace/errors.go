package trace

import "errors"

var (
	// ErrFormat means bytes that are no trace, or one that nobody could play.
	ErrFormat = errors.New("not a trace")
	// ErrUnknown means a trace that is not embedded.
	ErrUnknown = errors.New("no such trace")
)
