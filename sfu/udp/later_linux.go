//go:build amd64 || arm64

package udp

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// openLater opens the socket of the port for what can wait, behind the shards' sockets of its binding, and steers it there. Its
// descriptor is unknown to the runtime's poller, so that what arrives there wakes nobody.
func openLater(cfg Config, like *socket) (laterReader, error) {
	cfg.Offload = Off
	s, err := open(cfg, like.binding(), like.port())
	if err != nil {
		return nil, err
	}
	var steered error
	stamps := false
	reached := s.raw.Control(func(fd uintptr) {
		steered = steer(int(fd), cfg.Shards)
		stamps = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) == nil
	})
	fd, kept := s.unpoll()
	if err := errors.Join(reached, steered, kept); err != nil {
		if kept == nil {
			_ = unix.Close(fd) // nothing came there
		}
		return nil, fmt.Errorf("open udp socket for feedback: %w", err)
	}
	r := &laterReceiver{batchReceiver: newBatchReceiver(&socket{family: s.family, fast: true, stamps: stamps}), fd: fd}
	return r, nil
}

// unpoll ends s and returns a descriptor of the same socket that the runtime's poller does not know.
func (s *socket) unpoll() (fd int, err error) {
	reached := s.raw.Control(func(old uintptr) { fd, err = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0) })
	if err = errors.Join(reached, err, s.conn.Close()); err != nil {
		return -1, fmt.Errorf("keep udp descriptor: %w", err)
	}
	return fd, nil
}

// A laterReceiver reads without waiting.
type laterReceiver struct {
	*batchReceiver
	fd int // -1 once closed
}

// read returns 0 when there is nothing.
func (r *laterReceiver) read() (int, error) {
	r.reset(r.got)
	r.got, r.errno = 0, 0
	if r.fd < 0 {
		return 0, fmt.Errorf("read udp: %w", net.ErrClosed)
	}
	r.recvmmsg(uintptr(r.fd))
	if r.errno != 0 {
		return 0, fmt.Errorf("recvmmsg: %w", r.errno)
	}
	return r.got, nil
}

func (r *laterReceiver) dropped() uint32 { return droppedAt(uintptr(r.fd)) }

func (r *laterReceiver) close() error {
	fd := r.fd
	if r.fd = -1; fd < 0 {
		return nil
	}
	return syscall.Close(fd) //nolint:wrapcheck // ignored
}
