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

// controlLen is the room for two control messages: one with a struct timespec, a header of 16 bytes and 16 bytes of data, and one
// with an int, 4 bytes of data and padding (cmsg(3) on 64-bit Linux).
const (
	controlHeader = 16
	controlStamp  = controlHeader + 16
	controlSize   = controlHeader + 8
	controlLen    = controlStamp + controlSize
)

// maxJoined is the most that the kernel joins, in bytes.
const maxJoined = 1 << 16

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
	buf     [perCall][maxJoined]byte // little of it is ever touched
}

func (r *reader) wire() {
	for i := range r.hdr {
		h := &r.hdr[i].hdr
		r.iov[i].Base = &r.buf[i][0]
		r.iov[i].SetLen(maxJoined)
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

// about is what the kernel says of message i: when it received it, now if it does not say, and the size of the datagrams that it
// joined to it, the last perhaps shorter.
func (r *reader) about(i int, now time.Time) (at time.Time, segment int) {
	at, segment = now, int(r.hdr[i].n)
	rest := r.control[i][:r.hdr[i].hdr.Controllen]
	for len(rest) >= controlHeader {
		size := binary.NativeEndian.Uint64(rest)
		level, kind := binary.NativeEndian.Uint32(rest[8:]), binary.NativeEndian.Uint32(rest[12:])
		if size < controlHeader || size > uint64(len(rest)) {
			return at, segment
		}
		data := rest[controlHeader:size]
		switch {
		case level == unix.SOL_SOCKET && kind == unix.SO_TIMESTAMPNS && len(data) >= 16:
			seconds := int64(binary.NativeEndian.Uint64(data))   //nolint:gosec // as the kernel writes it
			nanos := int64(binary.NativeEndian.Uint64(data[8:])) //nolint:gosec // as the kernel writes it
			at = time.Unix(seconds, nanos)
		case level == unix.SOL_UDP && kind == unix.UDP_GRO && len(data) >= 4:
			if n := int(binary.NativeEndian.Uint32(data)); n > 0 {
				segment = n
			}
		}
		rest = rest[min((size+7)&^7, uint64(len(rest))):]
	}
	return at, segment
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
				if m.hdr.Flags&unix.MSG_TRUNC != 0 {
					continue
				}
				at, segment := s.reader.about(i, now)
				for b := s.reader.buf[i][:m.n]; len(b) > 0; b = b[min(segment, len(b)):] {
					e.socket.sort(at, b[:min(segment, len(b))], func() netip.AddrPort { return s.reader.from(i) })
				}
			}
			e.socket.handler.Taken(now)
			s.reader.reset(n)
			work += n
		}
	}
	return young
}
