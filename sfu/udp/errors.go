package udp

import "errors"

var (
	// ErrConfig reports a Config that cannot work.
	ErrConfig = errors.New("bad udp config")
	// ErrRunning reports a second Run.
	ErrRunning = errors.New("udp endpoint already running")
	// ErrAddress reports an address that is not a UDP address.
	ErrAddress = errors.New("not a udp address")
	// ErrNoSocket reports an address family nothing is bound for.
	ErrNoSocket = errors.New("no udp socket for this address family")
)
