//go:build amd64 || arm64

package udp

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Receive buffers, in bytes.
const (
	// bufferPlain holds one datagram: more than any MTU on the way from a browser.
	bufferPlain = 2048
	// bufferJoined holds what GRO joins.
	bufferJoined = maxDatagram
	// bufferStagger keeps the starts of large buffers off the same cache sets.
	bufferStagger = 2048 + 64
)

// controlLen is the length of one control message with an int: struct cmsghdr of 16
// bytes, 4 bytes of data, padding (cmsg(3) on 64-bit Linux). stampLen is that of one
// with a struct timespec.
const (
	cmsgHeaderLen = 16
	controlLen    = cmsgHeaderLen + 8
	stampLen      = cmsgHeaderLen + 16
)

// An mmsghdr is struct mmsghdr of recvmmsg(2) on 64-bit Linux.
type mmsghdr struct {
	hdr unix.Msghdr
	n   uint32 // Bytes moved.
	_   [4]byte
}

// slots are the arrays one system call works on: slots[i] describe message i. The
// headers point into the other arrays, so slots must not be copied.
type slots struct {
	hdr     [readMessages]mmsghdr
	iov     [readMessages]unix.Iovec
	name    [readMessages][sockaddr6Len]byte
	control [readMessages][max(controlLen, stampLen)]byte
}

// wire points the headers at their parts.
func (s *slots) wire() {
	for i := range s.hdr {
		h := &s.hdr[i].hdr
		h.Name = &s.name[i][0]
		h.Iov = &s.iov[i]
		h.Iovlen = 1
	}
}

// controlLen is the room that control messages need for each message that is read, in bytes.
func (s *socket) controlLen() int {
	switch {
	case s.stamps:
		return stampLen
	case s.gro:
		return controlLen
	}
	return 0
}

// tune finds out what the kernel can do for s.
func (s *socket) tune(o Offload) {
	s.fast = true
	if o == Off {
		return
	}
	_ = s.raw.Control(func(fd uintptr) {
		_, err := unix.GetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_SEGMENT)
		s.gso = err == nil
		s.gro = unix.SetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_GRO, 1) == nil
		if s.gso && s.family != onlyV6 {
			// Joined messages larger than the path MTU are refused, and anyone can
			// make the kernel believe in a small one. With OMIT it takes the device's
			// MTU and lets routers fragment. Best effort: without it GSO ends at the
			// first refusal.
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_OMIT)
		}
	}) // Fails on a closed socket only, which the first read will tell.
}

// Of SO_MEMINFO, an array of 32-bit figures (linux/sock_diag.h).
const (
	meminfoLen   = 9
	meminfoDrops = 8
)

// dropped returns how many datagrams found the receive buffer full; 0 once the
// socket is closed.
func (s *socket) dropped() (n uint32) {
	_ = s.raw.Control(func(fd uintptr) { n = droppedAt(fd) })
	return n
}

func droppedAt(fd uintptr) uint32 {
	var info [meminfoLen]uint32
	size := uint32(unsafe.Sizeof(info))
	_, _, errno := syscall.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&info[0])), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 {
		return 0
	}
	return info[meminfoDrops]
}
