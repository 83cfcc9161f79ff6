//go:build amd64 || arm64

package socket

import (
	"encoding/binary"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A letter is what send works on; letters are kept for reuse.
type letter struct {
	hdr  [perCall]mmsghdr
	iov  [perCall]unix.Iovec
	name [unix.SizeofSockaddrInet6]byte
}

// address writes to where the letter's messages point.
func (l *letter) address(to netip.AddrPort) (size uint32) {
	b := &l.name
	clear(b[:])
	binary.BigEndian.PutUint16(b[2:], to.Port())
	if to.Addr().Is4() {
		binary.NativeEndian.PutUint16(b[:], unix.AF_INET)
		ip := to.Addr().As4()
		copy(b[4:], ip[:])
		return unix.SizeofSockaddrInet4
	}
	binary.NativeEndian.PutUint16(b[:], unix.AF_INET6)
	ip := to.Addr().As16()
	copy(b[8:], ip[:])
	return unix.SizeofSockaddrInet6
}

func (e *swept) send(list [][]byte, to netip.AddrPort) error {
	var l letter
	size := l.address(to)
	for len(list) > 0 {
		n := min(len(list), perCall)
		for i, b := range list[:n] {
			l.iov[i].Base = unsafe.SliceData(b)
			l.iov[i].SetLen(len(b))
			l.hdr[i].hdr = unix.Msghdr{Name: &l.name[0], Namelen: size, Iov: &l.iov[i], Iovlen: 1}
		}
		if err := e.transmit(&l, n); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// transmit sends the first n messages of l. A refusal is of the first that was not sent; the others follow.
func (e *swept) transmit(l *letter, n int) (first error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for sent := 0; sent < n; {
		if e.fd < 0 {
			return errGone
		}
		k, _, errno := syscall.RawSyscall6(unix.SYS_SENDMMSG, uintptr(e.fd), uintptr(unsafe.Pointer(&l.hdr[sent])), uintptr(n-sent), unix.MSG_DONTWAIT, 0, 0)
		switch errno {
		case 0:
			sent += int(k)
		case unix.EINTR:
		default:
			if first == nil {
				first = errno
			}
			sent++ // this one was refused
		}
	}
	return first
}
