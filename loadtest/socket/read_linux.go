//go:build amd64 || arm64

package socket

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// perCall is how many datagrams one system call takes.
const perCall = 64

// controlLen is the room for one control message with a struct timespec: a header of 16 bytes, 16 bytes of data
// (cmsg(3) on 64-bit Linux).
const (
	controlLen    = 32
	controlHeader = 16
)

// A mmsghdr is struct mmsghdr of recvmmsg(2) on 64-bit Linux.
type mmsghdr struct {
	hdr unix.Msghdr
	n   uint32 // bytes moved
	_   [4]byte
}

// A reader holds the arrays that one system call works on; hdr[i], iov[i], name[i], control[i] and buf[i] are of
// message i. They point at one another, so that a reader must not be copied.
type reader struct {
	hdr     [perCall]mmsghdr
	iov     [perCall]unix.Iovec
	name    [perCall][unix.SizeofSockaddrInet6]byte
	control [perCall][controlLen]byte
	buf     [perCall][maxDatagram]byte
}

func (r *reader) wire() {
	for i := range r.hdr {
		h := &r.hdr[i].hdr
		r.iov[i].Base = &r.buf[i][0]
		r.iov[i].SetLen(maxDatagram)
		h.Name, h.Iov, h.Iovlen = &r.name[i][0], &r.iov[i], 1
		h.Control = &r.control[i][0]
	}
	r.reset(perCall)
}

// reset gives the first n headers their input values back, which the kernel overwrote.
func (r *reader) reset(n int) {
	for i := range n {
		h := &r.hdr[i].hdr
		h.Namelen = unix.SizeofSockaddrInet6
		h.SetControllen(controlLen)
	}
}

// read takes what has arrived, perCall at most, without waiting.
func (r *reader) read(e *swept) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fd < 0 {
		return 0
	}
	n, _, errno := syscall.RawSyscall6(unix.SYS_RECVMMSG, uintptr(e.fd), uintptr(unsafe.Pointer(&r.hdr[0])), perCall, unix.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		return 0 // empty, interrupted, or an ICMP error that was read with it
	}
	return int(n)
}

// at is when the kernel received message i; now if it did not say.
func (r *reader) at(i int, now time.Time) time.Time {
	c := &r.control[i]
	level, kind := binary.NativeEndian.Uint32(c[8:]), binary.NativeEndian.Uint32(c[12:])
	if int(r.hdr[i].hdr.Controllen) < controlHeader+16 || level != unix.SOL_SOCKET || kind != unix.SO_TIMESTAMPNS {
		return now
	}
	seconds := int64(binary.NativeEndian.Uint64(c[controlHeader:])) //nolint:gosec // as the kernel writes it
	nanos := int64(binary.NativeEndian.Uint64(c[controlHeader+8:])) //nolint:gosec // as the kernel writes it
	return time.Unix(seconds, nanos)
}

// from is the sender of message i.
func (r *reader) from(i int) netip.AddrPort {
	b := &r.name[i]
	port := binary.BigEndian.Uint16(b[2:])
	if binary.NativeEndian.Uint16(b[:]) == unix.AF_INET {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[4:8])), port)
	}
	return netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[8:24])).Unmap(), port)
}

// yieldAfter is after how many sockets and datagrams of a sweep others get their turn: a frame that is due waits for no
// more than some 50 µs of reading.
const yieldAfter = 16

// sweep reads every socket, or every young one, until it is empty. It returns whether there are young ones.
func (s *sweeper) sweep(clock func() time.Time, all bool) (young bool) {
	work, began := 0, clock()
	for _, e := range s.list() {
		grown := e.socket.old.Load()
		young = young || !grown
		if grown && !all {
			continue
		}
		if work++; work >= yieldAfter {
			work = 0
			runtime.Gosched()
		}
		for n := perCall; n == perCall; {
			if n = s.reader.read(e); n == 0 {
				e.socket.handler.Pause(began)
				break
			}
			now := clock()
			for i := range n {
				m := &s.reader.hdr[i]
				if m.hdr.Flags&unix.MSG_TRUNC == 0 {
					e.socket.sort(s.reader.at(i, now), s.reader.buf[i][:m.n], func() netip.AddrPort { return s.reader.from(i) })
				}
			}
			e.socket.handler.Taken(now)
			s.reader.reset(n)
			work += n
		}
	}
	return young
}
