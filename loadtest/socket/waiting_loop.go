package socket

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// A waiting endpoint is read by a goroutine of its own that waits in the runtime's poller.
type waiting struct {
	conn *net.UDPConn
	loop sync.WaitGroup
}

func (w *Well) openWaiting(s *Socket, local netip.Addr) error {
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, 0)))
	if err != nil {
		return err
	}
	_ = c.SetReadBuffer(w.buffer()) // smaller ones work as well
	_ = c.SetWriteBuffer(w.buffer())
	ap := c.LocalAddr().(*net.UDPAddr).AddrPort() //nolint:forcetypeassert // what ListenUDP gives
	s.local = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	e := &waiting{conn: c}
	s.io = e
	e.loop.Go(func() { e.read(s) })
	return nil
}

// read sorts until the socket is closed.
func (e *waiting) read(s *Socket) {
	buf := make([]byte, maxDatagram)
	for {
		n, from, err := e.conn.ReadFromUDPAddrPort(buf)
		if s.ended.Load() {
			return
		}
		if err != nil {
			continue // a datagram that could not be delivered to the other side
		}
		now := time.Now()
		s.sort(now, buf[:n], func() netip.AddrPort { return netip.AddrPortFrom(from.Addr().Unmap(), from.Port()) })
		s.handler.Taken(now)
	}
}

func (e *waiting) send(list [][]byte, to netip.AddrPort) (first error) {
	for _, b := range list {
		if _, err := e.conn.WriteToUDPAddrPort(b, to); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (e *waiting) dropped() uint64 { return 0 }

// close returns when the reader has ended, so that it must not be called by a handler.
func (e *waiting) close() error {
	err := e.conn.Close()
	e.loop.Wait()
	return err
}
