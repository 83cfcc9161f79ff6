//go:build !linux || !(amd64 || arm64)

package udp

import "net/netip"

// tune does nothing: this platform has the portable path only.
func (s *socket) tune(Offload) {}

func (s *socket) newReceiver() receiver { return s.newPlainReceiver() }

func (s *socket) newTransmitter(_ *Endpoint, count *counters) transmitter {
	return &plainTransmitter{sock: s, count: count}
}

// dropped cannot be told here.
func (s *socket) dropped() uint32 { return 0 }

func (s *socket) sendOne(b []byte, to netip.AddrPort) error { return s.sendPlain(b, to) }
