package tcp

import "errors"

var (
	// ErrConfig reports a Config that cannot work.
	ErrConfig = errors.New("bad tcp config")
	// ErrRunning reports a second Run.
	ErrRunning = errors.New("tcp listener already running")

	errFrame = errors.New("frame longer than any datagram of ours")
)
