//go:build amd64 || arm64

package udp

import (
	"fmt"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sendOne sends one datagram and does not wait: with a full buffer it fails with EAGAIN.
func (s *socket) sendOne(b []byte, to netip.AddrPort) error {
	if !s.fast || len(b) == 0 {
		return s.sendPlain(b, to)
	}
	d := NewDest(to)
	name, size := d.sa, sockaddr6Len
	if s.family == onlyV4 {
		d.put4(&name)
		size = sockaddr4Len
	}
	var errno syscall.Errno
	err := s.out.Control(func(fd uintptr) {
		// It can't block, so the scheduler need not hear of it (see batchTransmitter).
		_, _, errno = syscall.RawSyscall6(unix.SYS_SENDTO, fd, uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
			unix.MSG_DONTWAIT, uintptr(unsafe.Pointer(&name[0])), uintptr(size))
	})
	if err != nil {
		return fmt.Errorf("reach udp descriptor: %w", err)
	}
	if errno != 0 {
		return fmt.Errorf("sendto: %w", errno)
	}
	return nil
}
