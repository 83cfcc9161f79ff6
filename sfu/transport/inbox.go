package transport

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/pion/transport/v5/deadline"

	"salon/sfu/udp"
)

const (
	// maxInbox is how many DTLS datagrams wait for a Transport at most: a flight, or a burst of messages.
	maxInbox = 64
	// maxDatagram is the largest DTLS datagram taken, in bytes.
	maxDatagram = 8192
	// usualDatagram is the first size of a buffer, in bytes.
	usualDatagram = 1500
)

// An inbox hands DTLS datagrams from the socket's readers to one reader: first come, first served. Its buffers are shared by all
// Transports of a Factory.
type inbox struct {
	ready  chan struct{} // holds a token when something may be there
	late   *deadline.Deadline
	spare  *sync.Pool // of *[]byte
	closed <-chan struct{}

	waiting []*[]byte
	mu      sync.Mutex // guards waiting
}

func (in *inbox) open(spare *sync.Pool, closed <-chan struct{}) {
	in.ready, in.late, in.spare, in.closed = make(chan struct{}, 1), deadline.New(), spare, closed
}

// put copies b in; what exceeds the bounds is lost, as on the way.
func (in *inbox) put(b []byte) {
	if len(b) > maxDatagram {
		return
	}
	buf, ok := in.spare.Get().(*[]byte)
	if !ok {
		buf = new([]byte)
		*buf = make([]byte, 0, usualDatagram)
	}
	*buf = append((*buf)[:0], b...)
	if !in.append(buf) {
		in.spare.Put(buf)
		return
	}
	select {
	case in.ready <- struct{}{}:
	default:
	}
}

func (in *inbox) append(buf *[]byte) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.waiting) == maxInbox {
		return false
	}
	in.waiting = append(in.waiting, buf)
	return true
}

func (in *inbox) take() *[]byte {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.waiting) == 0 {
		in.waiting = nil
		return nil
	}
	buf := in.waiting[0]
	in.waiting = in.waiting[1:]
	return buf
}

// read waits for a datagram, the deadline (os.ErrDeadlineExceeded) or the end (io.EOF). One goroutine reads.
func (in *inbox) read(b []byte) (int, error) {
	for {
		select {
		case <-in.late.Done():
			return 0, os.ErrDeadlineExceeded
		default:
		}
		if buf := in.take(); buf != nil {
			n := copy(b, *buf)
			in.spare.Put(buf)
			return n, nil
		}
		select {
		case <-in.ready:
		case <-in.late.Done():
		case <-in.closed:
			return 0, io.EOF
		}
	}
}

// A dtlsPipe is the way to the peer as DTLS wants it.
type dtlsPipe struct{ t *Transport }

func (p dtlsPipe) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := p.t.inbox.read(b)
	if err != nil {
		return 0, nil, fmt.Errorf("read dtls: %w", err)
	}
	return n, p.RemoteAddr(), nil
}

// WriteTo goes wherever ICE has found the peer to be.
func (p dtlsPipe) WriteTo(b []byte, _ net.Addr) (int, error) {
	dest := p.t.dest.Load()
	if dest == nil {
		return 0, fmt.Errorf("write dtls: %w", udp.ErrNoSocket)
	}
	if err := p.t.speaker().send(b, dest.AddrPort()); err != nil {
		return 0, fmt.Errorf("write dtls: %w", err)
	}
	return len(b), nil
}

func (t *Transport) speaker() vias {
	t.way.mu.Lock()
	defer t.way.mu.Unlock()
	return t.way.via
}

// Close ends the reader's wait; the way belongs to the Transport.
func (p dtlsPipe) Close() error { return p.SetReadDeadline(aLongTimeAgo()) }

func (p dtlsPipe) LocalAddr() net.Addr { return &net.UDPAddr{Port: p.t.factory.endpoint.Port()} }

// RemoteAddr is where the peer is at the moment.
func (p dtlsPipe) RemoteAddr() net.Addr {
	if dest := p.t.dest.Load(); dest != nil {
		return net.UDPAddrFromAddrPort(dest.AddrPort())
	}
	return &net.UDPAddr{}
}

func (p dtlsPipe) SetDeadline(at time.Time) error { return p.SetReadDeadline(at) }

func (p dtlsPipe) SetReadDeadline(at time.Time) error {
	p.t.inbox.late.Set(at)
	return nil
}

// SetWriteDeadline does nothing: writes go to a UDP socket that never blocks.
func (p dtlsPipe) SetWriteDeadline(time.Time) error { return nil }

// aLongTimeAgo ends a wait at once.
func aLongTimeAgo() time.Time { return time.Unix(1, 0) }
