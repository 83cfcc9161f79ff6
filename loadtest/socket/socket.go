// Package socket reads many UDP sockets cheaply, so that a load generator on the server's own machine neither costs the
// server a wake-up for each datagram nor itself one for each message.
//
// A Well has one goroutine for each core. Each sweeps its sockets every two milliseconds: it takes what has arrived with
// recvmmsg and never waits in the kernel. Nobody sleeps on such a socket, so that whoever sends to it wakes nobody up,
// as it would not over a network either. Datagrams carry the time at which the kernel received them (SO_TIMESTAMPNS),
// so that being read late does not count as having travelled long: one-way times and the arrival times of transport-wide
// feedback are the kernel's. Only answers (feedback) leave late, by two milliseconds at most, as from a browser whose
// network thread is busy. A socket that is young is swept eight times as often, for handshakes.
//
// What it decides: when to read, what is media and what belongs to ICE and DTLS (RFC 7983), what to drop when nobody
// takes it. What it never does: decrypt, answer, or join datagrams. The sweeping goroutine owns what it reads; sending
// is safe from several. Elsewhere than on 64-bit Linux each socket has a goroutine that waits for it, and the times
// are those of reading.
package socket

import (
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// A Handler takes what arrives on a socket. The socket's goroutine calls it.
type Handler interface {
	// Take takes one media datagram, valid during the call. at is when the kernel received it, by the wall clock.
	Take(at time.Time, datagram []byte)
	// Taken follows after the last of those that came together, at the time of now.
	Taken(now time.Time)
	// Pause is called in the place of Taken where a sweep found nothing; never by a goroutine that waits for its socket.
	Pause(now time.Time)
}

// Config of a Well; the zero value is usual.
type Config struct {
	// Buffer of each socket in bytes, in both directions; 1 MiB, half a second of a busy subscriber.
	Buffer int
	// Singly takes each datagram by itself. Else what the sender's kernel joined (UDP GSO) arrives whole where the system can (UDP GRO):
	// on one machine the sender then is not charged for taking it apart, nor for the receiver's half of each part, as it would not be
	// over a network whose cards segment.
	Singly bool
	// Waiting reads each socket by a goroutine that waits for it, as elsewhere than on Linux.
	Waiting bool
}

// noHandler is that of sockets whose agent takes all.
type noHandler struct{}

func (noHandler) Take(time.Time, []byte) {}
func (noHandler) Taken(time.Time)        {}
func (noHandler) Pause(time.Time)        {}

const usualBuffer = 1 << 20

// A Socket is one UDP socket for one client connection, with its ICE agent's side (see GetConn).
type Socket struct {
	io      endpoint
	local   netip.AddrPort
	handler Handler
	whole   bool        // media goes to the agent
	old     atomic.Bool // no longer swept so often
	ended   atomic.Bool
	refs    sync.Map // *conn -> struct{}{}: the agent's, usually one
	lost    atomic.Uint64
}

// An endpoint is the system's side of a Socket. send and close may be called by anybody.
type endpoint interface {
	send(list [][]byte, to netip.AddrPort) error
	dropped() uint64
	close() error
}

// Send sends datagrams to one address in order, in one system call where the system has one, never joined. It does not
// wait: what the socket has no room for is lost. The error is of the first that could not be sent.
func (s *Socket) Send(to netip.AddrPort, list ...[]byte) error {
	if err := s.io.send(list, to); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// Grown ends the time in which the socket is read more often: its handshakes are over.
func (s *Socket) Grown() { s.old.Store(true) }

// Dropped is how many datagrams the socket had no room for, as far as the system tells.
func (s *Socket) Dropped() uint64 { return s.io.dropped() }

// Lost is how many handshake datagrams nobody took in time.
func (s *Socket) Lost() uint64 { return s.lost.Load() }

// Local is the address that the socket is bound to.
func (s *Socket) Local() netip.AddrPort { return s.local }

// Close ends the socket and releases those who read its connections. It may be called twice. The handler may be called
// for what was read before, no longer once the Well has ended.
func (s *Socket) Close() error {
	if s.ended.Swap(true) {
		return nil
	}
	s.refs.Range(func(c, _ any) bool {
		_ = c.(*conn).Close() //nolint:forcetypeassert // only conns are in it; it never fails
		return true
	})
	return s.io.close()
}

// First bytes of what is not media (RFC 7983 section 7).
const (
	lastSTUN  = 3
	firstDTLS = 20
	lastDTLS  = 63
	firstRTP  = 128
	lastRTP   = 191
)

// sort gives a datagram to whom it belongs.
func (s *Socket) sort(at time.Time, b []byte, from func() netip.AddrPort) {
	if len(b) == 0 {
		return
	}
	switch k := b[0]; {
	case k >= firstRTP && k <= lastRTP && !s.whole:
		s.handler.Take(at, b)
	case s.whole, k <= lastSTUN, k >= firstDTLS && k <= lastDTLS:
		s.refs.Range(func(c, _ any) bool {
			if !c.(*conn).put(b, from()) { //nolint:forcetypeassert // only conns are in it
				s.lost.Add(1)
			}
			return false
		})
	}
}
