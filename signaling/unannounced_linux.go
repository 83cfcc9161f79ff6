package signaling

import (
	"fmt"
	"io"
	"net"
	"sync"
	"syscall"
	"unsafe"
)

// An unannounced connection makes its system calls without telling the runtime's scheduler. net.Conn announces each as
// one that may take long, which wakes the runtime's monitor when it rests (ADR 15). These calls never wait, as the
// runtime's sockets are non-blocking; the poller does.
type unannounced struct {
	net.Conn
	raw syscall.RawConn

	in, out       call
	read, write   func(fd uintptr) (done bool) // bound once
	reads, writes sync.Mutex                   // guard in and out
}

// A call is what a system call works on and what came of it.
type call struct {
	b     []byte // what is left to move
	n     int    // bytes moved
	errno syscall.Errno
}

// unannounce returns c, with quieter calls where c is plain TCP.
func unannounce(c net.Conn) net.Conn {
	t, ok := c.(*net.TCPConn)
	if !ok {
		return c
	}
	raw, err := t.SyscallConn()
	if err != nil {
		return c // it is closed, and will tell
	}
	u := &unannounced{Conn: c, raw: raw}
	u.read, u.write = u.in.read, u.out.write
	return u
}

// Read satisfies net.Conn.
func (u *unannounced) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	u.reads.Lock()
	defer u.reads.Unlock()
	u.in = call{b: b}
	err := u.raw.Read(u.read)
	n, errno := u.in.n, u.in.errno
	u.in = call{}
	switch {
	case err != nil:
		return 0, err //nolint:wrapcheck // says itself what failed, and must stay a net.Error
	case errno != 0:
		return 0, fmt.Errorf("read from %v: %w", u.RemoteAddr(), errno)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// Write satisfies net.Conn.
func (u *unannounced) Write(b []byte) (int, error) {
	u.writes.Lock()
	defer u.writes.Unlock()
	u.out = call{b: b}
	err := u.raw.Write(u.write)
	n, errno := u.out.n, u.out.errno
	u.out = call{}
	switch {
	case err != nil:
		return n, err //nolint:wrapcheck // as in Read
	case errno != 0:
		return n, fmt.Errorf("write to %v: %w", u.RemoteAddr(), errno)
	}
	return n, nil
}

// read reads once; false when there is nothing yet.
func (c *call) read(fd uintptr) (done bool) {
	c.n, c.errno = move(syscall.SYS_READ, fd, c.b)
	return c.errno != syscall.EAGAIN
}

// write writes all of b; false when there is no room for the rest.
func (c *call) write(fd uintptr) (done bool) {
	for len(c.b) > 0 && c.errno == 0 {
		n, errno := move(syscall.SYS_WRITE, fd, c.b)
		if errno == syscall.EAGAIN {
			return false
		}
		c.n, c.b, c.errno = c.n+n, c.b[n:], errno
	}
	return true
}

// move reads into b or writes from it, again when a signal comes in between: n bytes, or 0 with an errno.
func move(trap, fd uintptr, b []byte) (n int, errno syscall.Errno) {
	for {
		moved, _, errno := syscall.RawSyscall(trap, fd, uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)))
		if errno == 0 {
			return int(moved), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}
