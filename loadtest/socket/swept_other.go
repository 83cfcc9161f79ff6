//go:build !linux || !(amd64 || arm64)

package socket

import (
	"net/netip"
	"time"
)

// sweeps tells that this system can't: every socket has a goroutine that waits.
const sweeps = false

type swept struct{ socket *Socket }

type reader struct{}

func (*reader) wire() {}

func (w *Well) openSwept(s *Socket, local netip.Addr) error { return w.openWaiting(s, local) }

func (*sweeper) sweep(func() time.Time, bool) bool { return false }
