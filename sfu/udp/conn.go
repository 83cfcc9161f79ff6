package udp

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// A conn carries the STUN and DTLS of one ufrag in one address family.
type conn struct {
	end   *Endpoint
	peer  *peer
	sock  *socket
	queue queue
	gone  chan struct{} // Closed when the ufrag is removed.

	refs   int    // Guarded by registry.mu.
	proven proven // Guarded by routes.mu.
	asked  asked  // Guarded by transactions.mu.
}

func newConn(e *Endpoint, p *peer, sock *socket) *conn {
	return &conn{end: e, peer: p, sock: sock, queue: queue{ready: make(chan struct{}, 1)}, gone: make(chan struct{})}
}

// learn takes note of what a STUN message that we are about to send tells about its
// destination.
func (c *conn) learn(b []byte, to Dest) {
	kind, id, ok := parseSTUN(b)
	if !ok {
		return
	}
	switch kind {
	case bindingRequest:
		c.end.asked.note(id, c, to)
	case bindingSuccess:
		if !c.end.routes.claim(to, c, answered) {
			c.end.stray.add(addressesRefused, 1)
		}
	}
}

// A connRef is one user's reference to a conn, a net.PacketConn. Several read from
// one queue: each datagram reaches one of them.
type connRef struct {
	*conn
	closed chan struct{}
	once   sync.Once
	read   deadline
}

func newConnRef(c *conn) *connRef {
	return &connRef{conn: c, closed: make(chan struct{}), read: newDeadline()}
}

// ReadFrom implements net.PacketConn.
func (c *connRef) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.ReadFromAddrPort(b)
	if err != nil {
		return n, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// ReadFromAddrPort is ReadFrom without allocation. It waits for a datagram, the
// read deadline (os.ErrDeadlineExceeded), Close (net.ErrClosed) or the end of the
// ufrag (io.EOF). A datagram longer than b is lost with io.ErrShortBuffer.
func (c *connRef) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		late := c.read.passed()
		if err := c.over(late); err != nil {
			return 0, netip.AddrPort{}, err
		}
		if p := c.queue.take(); p != nil {
			return c.unpack(p, b)
		}
		select {
		case <-c.queue.ready:
		case <-c.closed:
		case <-c.gone:
		case <-late:
		}
	}
}

// over returns why nothing more can be read, nil if it can.
func (c *connRef) over(late <-chan struct{}) error {
	if c.isClosed() {
		c.queue.signal() // The token taken was perhaps meant for another reference.
		return fmt.Errorf("read udp: %w", net.ErrClosed)
	}
	select {
	case <-c.gone:
		return io.EOF
	case <-late:
		c.queue.signal()
		return fmt.Errorf("read udp: %w", os.ErrDeadlineExceeded)
	default:
		return nil
	}
}

func (c *connRef) unpack(p *parcel, b []byte) (int, netip.AddrPort, error) {
	n, from := copy(b, p.data), p.from
	whole := n == len(p.data)
	c.end.peers.spare.Put(p)
	if !whole {
		return 0, netip.AddrPort{}, fmt.Errorf("read udp: %w", io.ErrShortBuffer)
	}
	return n, from, nil
}

// WriteTo implements net.PacketConn.
func (c *connRef) WriteTo(b []byte, addr net.Addr) (int, error) {
	a, ok := addr.(*net.UDPAddr)
	if !ok {
		return 0, fmt.Errorf("write udp: %w", ErrAddress)
	}
	return c.WriteToAddrPort(b, a.AddrPort())
}

// WriteToAddrPort sends b and notes what it proves: a STUN request makes its answer
// ours, a success response makes to an address of the ufrag. After Close, or the
// end of the ufrag, it fails with io.ErrClosedPipe.
func (c *connRef) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if !to.IsValid() {
		return 0, fmt.Errorf("write udp: %w", ErrAddress)
	}
	if c.isClosed() || isDone(c.gone) {
		return 0, fmt.Errorf("write udp: %w", io.ErrClosedPipe)
	}
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	dest := NewDest(to)
	if len(b) > 0 && b[0] <= 3 {
		c.learn(b, dest)
	}
	if dest.line() {
		lineTransmitter{end: c.end, count: &c.end.stray}.transmit(b, []message{{to: dest, n: len(b), segment: len(b)}})
		return len(b), nil
	}
	if err := c.sock.sendOne(b, to); err != nil {
		c.end.stray.add(dropSendError, 1)
		return 0, fmt.Errorf("write udp: %w", err)
	}
	c.end.stray.add(datagramsOut, 1)
	c.end.stray.add(bytesOut, len(b))
	c.end.stray.add(writeCalls, 1)
	return len(b), nil
}

// Close gives the reference back; readers of it return. The last one closes the
// connection and forgets its addresses. It may be called twice.
func (c *connRef) Close() error {
	c.once.Do(func() {
		close(c.closed)
		c.read.set(time.Time{})
		if c.end.peers.release(c.conn) {
			c.end.drop(c.conn)
		}
	})
	return nil
}

func (c *connRef) isClosed() bool { return isDone(c.closed) }

func isDone(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// LocalAddr returns the address the socket is bound to, perhaps unspecified.
func (c *connRef) LocalAddr() net.Addr { return c.sock.conn.LocalAddr() }

// SetDeadline sets the read deadline; writes do not wait long enough to need one.
func (c *connRef) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetReadDeadline implements net.PacketConn, for this reference alone.
func (c *connRef) SetReadDeadline(t time.Time) error {
	if c.isClosed() {
		return fmt.Errorf("set udp deadline: %w", net.ErrClosed)
	}
	c.read.set(t)
	return nil
}

// SetWriteDeadline does nothing: the socket is shared, and writes do not wait.
func (c *connRef) SetWriteDeadline(time.Time) error { return nil }
