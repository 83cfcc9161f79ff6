//go:build amd64 || arm64

package udp

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

func (s *socket) newReceiver() receiver {
	if !s.fast {
		return s.newPlainReceiver()
	}
	return newBatchReceiver(s)
}

func newBatchReceiver(s *socket) *batchReceiver {
	r := &batchReceiver{sock: s, size: bufferPlain}
	stride := bufferPlain
	if s.gro {
		r.size, stride = bufferJoined, bufferJoined+bufferStagger
	}
	buf := buffer(r, readMessages*stride)
	r.slots.wire()
	for i := range r.slots.hdr {
		r.slots.iov[i].Base = &buf[i*stride]
		r.slots.iov[i].SetLen(r.size)
		if s.controlLen() > 0 {
			r.slots.hdr[i].hdr.Control = &r.slots.control[i][0]
		}
	}
	r.reset(readMessages)
	r.readFD = r.recvmmsg
	return r
}

// A batchReceiver reads with recvmmsg. The goroutine waits in the netpoller.
type batchReceiver struct {
	sock   *socket
	slots  slots
	size   int // Of each buffer, bytes.
	got    int // Messages of the last call.
	errno  syscall.Errno
	from   Dest
	readFD func(fd uintptr) bool // recvmmsg, bound once.
}

// reset gives the first n headers their input values back: the kernel overwrote
// them.
func (r *batchReceiver) reset(n int) {
	for i := range n {
		h := &r.slots.hdr[i].hdr
		h.Namelen = sockaddr6Len
		h.Flags = 0
		h.SetControllen(r.sock.controlLen())
	}
}

// recvmmsg returns false when the socket is empty, so that the poller waits.
func (r *batchReceiver) recvmmsg(fd uintptr) bool {
	for {
		n, _, errno := syscall.RawSyscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&r.slots.hdr[0])),
			readMessages, unix.MSG_DONTWAIT, 0, 0)
		switch errno {
		case 0:
			r.got, r.errno = int(n), 0
		case unix.EINTR:
			continue
		case unix.EAGAIN:
			return false
		default:
			r.got, r.errno = 0, errno
		}
		return true
	}
}

func (r *batchReceiver) read() (int, error) {
	r.reset(r.got)
	r.got = 0
	if err := r.sock.raw.Read(r.readFD); err != nil {
		return 0, fmt.Errorf("wait for udp: %w", err)
	}
	if r.errno != 0 {
		return 0, fmt.Errorf("recvmmsg: %w", r.errno)
	}
	return r.got, nil
}

func (r *batchReceiver) message(i int) (data []byte, from *Dest, segment int, cut bool) {
	m := &r.slots.hdr[i]
	n := int(m.n)
	r.from.setSockaddr(&r.slots.name[i])
	segment = n
	if r.sock.gro {
		segment = groSegment(r.slots.control[i][:m.hdr.Controllen], n)
	}
	return unsafe.Slice(r.slots.iov[i].Base, r.size)[:n], &r.from, segment, m.hdr.Flags&unix.MSG_TRUNC != 0
}

// groSegment reads the size of joined datagrams from the control message; n when
// there is none.
func groSegment(control []byte, n int) int {
	if !isControl(control, unix.SOL_UDP, unix.UDP_GRO, 4) {
		return n
	}
	size := int(int32(binary.NativeEndian.Uint32(control[cmsgHeaderLen:])))
	if size <= 0 || size > n {
		return n
	}
	return size
}

// isControl tells whether a control message of that kind with so many bytes of data stands in control.
func isControl(control []byte, level, kind uint32, size int) bool {
	return len(control) >= cmsgHeaderLen+size &&
		binary.NativeEndian.Uint32(control[8:]) == level && binary.NativeEndian.Uint32(control[12:]) == kind
}

// longestWait is more than a datagram waits in a socket; a stamp that says so is of a clock that was set.
const longestWait = time.Second

// at implements receiver: when the kernel received message i, where the socket stamps.
func (r *batchReceiver) at(i int, now time.Time) time.Time {
	if !r.sock.stamps {
		return now
	}
	control := r.slots.control[i][:r.slots.hdr[i].hdr.Controllen]
	if !isControl(control, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 16) {
		return now
	}
	seconds := int64(binary.NativeEndian.Uint64(control[cmsgHeaderLen:]))
	nanos := int64(binary.NativeEndian.Uint64(control[cmsgHeaderLen+8:]))
	age := time.Duration(now.UnixNano() - (seconds*int64(time.Second) + nanos))
	if age < 0 || age > longestWait {
		return now
	}
	return now.Add(-age)
}

func (r *batchReceiver) close() error { return r.sock.conn.Close() }
