package socket

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// How many datagrams may wait for their reader: of handshakes more than the largest flight of DTLS, of media more than a sweep finds.
const (
	waitingDatagrams = 64
	waitingMedia     = 4096
)

// A parcel is one datagram with its sender.
type parcel struct {
	b    []byte
	from netip.AddrPort
}

// A conn is what an ICE agent reads and writes: everything of a socket but media.
type conn struct {
	sock    *Socket
	parcels chan parcel
	closed  chan struct{}
	once    sync.Once

	expired chan struct{} // closed while the deadline is over; guarded by mu
	mu      sync.Mutex
}

// GetConn makes the agent's side of the socket; a Socket is the agent's UDPMux. Only the first connection gets
// datagrams.
func (s *Socket) GetConn(string, net.Addr) (net.PacketConn, error) {
	room := waitingDatagrams
	if s.whole {
		room = waitingMedia
	}
	c := &conn{sock: s, parcels: make(chan parcel, room), closed: make(chan struct{}), expired: make(chan struct{})}
	s.refs.Store(c, struct{}{})
	if s.ended.Load() {
		_ = c.Close() // never fails
	}
	return c, nil
}

// GetListenAddresses tells the agent its only candidate.
func (s *Socket) GetListenAddresses() []net.Addr { return []net.Addr{net.UDPAddrFromAddrPort(s.local)} }

// RemoveConnByUfrag does nothing: the socket ends with its peer.
func (s *Socket) RemoveConnByUfrag(string) {}

// put hands a copy of b over; false when the reader is behind.
func (c *conn) put(b []byte, from netip.AddrPort) bool {
	select {
	case c.parcels <- parcel{append([]byte(nil), b...), from}:
		return true
	default:
		return false
	}
}

func (c *conn) ReadFrom(b []byte) (int, net.Addr, error) {
	c.mu.Lock()
	expired := c.expired
	c.mu.Unlock()
	select {
	case p := <-c.parcels:
		return copy(b, p.b), net.UDPAddrFromAddrPort(p.from), nil
	case <-expired:
		return 0, nil, os.ErrDeadlineExceeded
	case <-c.closed:
		return 0, nil, net.ErrClosed
	}
}

func (c *conn) WriteTo(b []byte, addr net.Addr) (int, error) {
	to, ok := addr.(*net.UDPAddr)
	if !ok {
		return 0, net.InvalidAddrError("not of udp")
	}
	ap := to.AddrPort()
	if err := c.sock.Send(netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()), b); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (c *conn) Close() error {
	c.once.Do(func() {
		c.sock.refs.Delete(c)
		close(c.closed)
	})
	return nil
}

func (c *conn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.sock.local) }

func (c *conn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetReadDeadline releases readers when t is over. One that is still to come is not kept: agents set none.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	over := !t.IsZero() && !t.After(time.Now())
	select {
	case <-c.expired:
		if !over {
			c.expired = make(chan struct{})
		}
	default:
		if over {
			close(c.expired)
		}
	}
	return nil
}

func (c *conn) SetWriteDeadline(time.Time) error { return nil }
