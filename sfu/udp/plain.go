package udp

import (
	"fmt"
	"net/netip"
	"time"
)

// maxDatagram is the largest UDP payload, in bytes, rounded up.
const maxDatagram = 1 << 16

// A plainReceiver reads one datagram at a time, anywhere Go runs.
type plainReceiver struct {
	sock *socket
	buf  []byte
	n    int
	from Dest
}

func (r *plainReceiver) read() (int, error) {
	n, from, err := r.sock.conn.ReadFromUDPAddrPort(r.buf)
	if err != nil {
		return 0, fmt.Errorf("read udp: %w", err)
	}
	r.n, r.from = n, NewDest(from)
	return 1, nil
}

func (r *plainReceiver) at(_ int, now time.Time) time.Time { return now }

func (r *plainReceiver) message(int) (data []byte, from *Dest, segment int, cut bool) {
	return r.buf[:r.n], &r.from, r.n, false
}

func (r *plainReceiver) close() error { return r.sock.conn.Close() }

// A plainTransmitter sends one datagram at a time.
type plainTransmitter struct {
	sock  *socket
	count *counters
}

func (t *plainTransmitter) transmit(arena []byte, msgs []message) {
	var sent, bytes, failed int
	for i := range msgs {
		m := &msgs[i]
		for b := arena[m.off : m.off+m.n]; len(b) > 0; {
			d := b[:min(m.segment, len(b))]
			b = b[len(d):]
			if _, err := t.sock.conn.WriteToUDPAddrPort(d, m.to.AddrPort()); err != nil {
				failed++
				continue
			}
			sent++
			bytes += len(d)
		}
	}
	t.count.add(datagramsOut, sent)
	t.count.add(bytesOut, bytes)
	t.count.add(writeCalls, sent+failed)
	t.count.add(dropSendError, failed)
}

func (s *socket) newPlainReceiver() receiver {
	return &plainReceiver{sock: s, buf: make([]byte, maxDatagram)}
}

// sendPlain sends one datagram, and may wait for the kernel for a moment.
func (s *socket) sendPlain(b []byte, to netip.AddrPort) error {
	if _, err := s.conn.WriteToUDPAddrPort(b, to); err != nil {
		return fmt.Errorf("write udp: %w", err)
	}
	return nil
}
