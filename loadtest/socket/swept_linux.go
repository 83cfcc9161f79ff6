//go:build amd64 || arm64

package socket

import (
	"errors"
	"net/netip"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sweeps tells that this system can.
const sweeps = true

// A swept endpoint is a raw descriptor that the runtime's poller never sees.
type swept struct {
	socket *Socket

	fd int // guarded by mu; -1 once closed
	mu sync.Mutex
}

var errGone = errors.New("the socket is closed")

func (w *Well) openSwept(s *Socket, local netip.Addr) error {
	family := unix.AF_INET
	if local.Is6() {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	w.enlarge(fd)
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) // without it the time of reading is taken
	if !w.cfg.Singly {
		_ = unix.SetsockoptInt(fd, unix.SOL_UDP, unix.UDP_GRO, 1) // without it they come one by one
	}
	if err := unix.Bind(fd, sockaddr(netip.AddrPortFrom(local, 0))); err != nil {
		_ = unix.Close(fd)
		return err
	}
	bound, err := unix.Getsockname(fd)
	if err != nil {
		_ = unix.Close(fd)
		return err
	}
	s.local = netip.AddrPortFrom(local, port(bound))
	e := &swept{socket: s, fd: fd}
	s.io = e
	w.mu.Lock()
	w.next++
	turn := w.next
	w.mu.Unlock()
	w.sweeper[turn%len(w.sweeper)].add(e)
	return nil
}

// enlarge asks for larger buffers, beyond the system's limit where the process may; smaller ones work as well.
func (w *Well) enlarge(fd int) {
	for force, usual := range map[int]int{unix.SO_RCVBUFFORCE: unix.SO_RCVBUF, unix.SO_SNDBUFFORCE: unix.SO_SNDBUF} {
		if unix.SetsockoptInt(fd, unix.SOL_SOCKET, force, w.buffer()) != nil {
			_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, usual, w.buffer())
		}
	}
}

func sockaddr(ap netip.AddrPort) unix.Sockaddr {
	if ap.Addr().Is4() {
		return &unix.SockaddrInet4{Addr: ap.Addr().As4(), Port: int(ap.Port())}
	}
	return &unix.SockaddrInet6{Addr: ap.Addr().As16(), Port: int(ap.Port())}
}

func port(sa unix.Sockaddr) uint16 {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return uint16(sa.Port) //nolint:gosec // a port
	case *unix.SockaddrInet6:
		return uint16(sa.Port) //nolint:gosec // a port
	}
	return 0
}

func (e *swept) close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fd < 0 {
		return nil
	}
	err := unix.Close(e.fd)
	e.fd = -1
	return err
}

// Of SO_MEMINFO, an array of 32-bit figures (linux/sock_diag.h).
const (
	meminfoLen   = 9
	meminfoDrops = 8
)

func (e *swept) dropped() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fd < 0 {
		return 0
	}
	var figures [meminfoLen]uint32
	size := uint32(unsafe.Sizeof(figures))
	_, _, errno := syscall.RawSyscall6(unix.SYS_GETSOCKOPT, uintptr(e.fd), unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&figures[0])), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 {
		return 0
	}
	return uint64(figures[meminfoDrops])
}
