package udp

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// reusePort tells that several sockets can share a port and the kernel spreads
// peers over them.
const reusePort = true

// sharePort lets the sockets of all shards bind the same port.
func sharePort(_, _ string, raw syscall.RawConn) error {
	var err error
	control := raw.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	})
	if control != nil {
		err = control
	}
	if err != nil {
		return fmt.Errorf("share udp port: %w", err)
	}
	return nil
}

// sizeBuffers asks for the configured socket buffers, beyond the system's limit
// where we have the right to, and notes what was granted.
func (s *socket) sizeBuffers(cfg Config) {
	_ = s.raw.Control(func(fd uintptr) {
		s.readBuffer = sizeBuffer(int(fd), unix.SO_RCVBUFFORCE, unix.SO_RCVBUF, cfg.ReadBuffer)
		s.writeBuffer = sizeBuffer(int(fd), unix.SO_SNDBUFFORCE, unix.SO_SNDBUF, cfg.WriteBuffer)
	}) // Fails on a closed socket only, which the first read will tell.
}

func sizeBuffer(fd, force, usual, size int) int {
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, force, size) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, usual, size) // We log what we got.
	}
	doubled, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, usual)
	if err != nil {
		return 0
	}
	return doubled / 2 // socket(7): the kernel doubles the value for its bookkeeping.
}
