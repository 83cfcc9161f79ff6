// Package transport carries one peer: ICE (package ice) finds the way, DTLS agrees
// on keys, SCTP carries messages (both by pion), SRTP and the sending of media are
// ours, straight between the socket's buffers and the data plane.
//
// It decides how to reach a peer and whether a packet is authentic. It never
// looks into media, never chooses tracks, and never writes RTP of its own, so
// that an SSRC and its sequence numbers have one writer: the data plane.
//
// We are always the DTLS server: the server's preference decides the SRTP
// profile, and AES-GCM is several times cheaper than the alternative.
//
// A room owns its Transports: the control plane methods (descriptions,
// candidates, messages) are for one goroutine at a time. The data plane
// methods (Reserve, SendRTP, SendRTCP, Connected) are for any goroutine.
// Goroutines stand in transport_loop.go and channel_loop.go; all of a
// Transport's have ended when Close returns. ICE has none: the socket's readers
// and the Factory's loop drive it.
//
// RFC 8445 and 8838 (ICE), RFC 5764 (DTLS-SRTP), RFC 7983 and 5761 (what
// arrives is told apart by its first bytes), RFC 8831 and 8832 (data channels).
package transport

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"salon/sfu/transport/srtp"
	"salon/sfu/udp"
)

// A Role says who makes the offers of a connection.
type Role uint8

// The roles.
const (
	Answerer Role = iota + 1 // the peer offers
	Offerer                  // we offer
)

// Out is what a Transport appends packets to. It is an interface so that the
// data plane need not know the socket; the value is always a *udp.Batch.
type Out = interface {
	Reserve(n int) []byte
	Flush()
}

// Media takes what a peer sends, once it is authentic and in the clear. Both
// methods are called on the goroutine that read the packets, which may be
// several for one peer over time, and own nothing after they return. They must
// not call Close.
type Media interface {
	// HandleRTP takes consecutive RTP packets of one peer and one read.
	HandleRTP(now time.Time, burst [][]byte, out Out)
	// HandleRTCP takes one compound packet.
	HandleRTCP(now time.Time, pkt []byte, out Out)
}

// A Transport is one connection with one peer.
type Transport struct {
	// Fixed by Factory.New.
	role    Role
	cfg     Config
	media   Media
	events  chan<- Event
	factory *Factory
	log     *slog.Logger
	born    time.Time

	// The data plane: set by the loops, read by socket readers and shards.
	dest    atomic.Pointer[udp.Dest]
	sealer  atomic.Pointer[srtp.Sealer] // nil before the handshake
	ingress ingress
	counts  counters
	lost    atomic.Bool  // Connected has to be told (again)
	heard   atomic.Int64 // when the peer sent authentic media last: nanoseconds since born

	way   way
	inbox inbox

	// The control plane: the room's goroutine alone.
	negotiation negotiation
	channels    channels

	// The life of it.
	ctx     context.Context //nolint:containedctx // the span of the loops, ended by Close
	cancel  context.CancelFunc
	loops   sync.WaitGroup
	closing sync.Once
}

// Connected tells whether media can be sent: there is a way and there are keys.
func (t *Transport) Connected() bool {
	return t.sealer.Load() != nil && t.dest.Load() != nil
}

// Profile names the SRTP protection profile; empty before the handshake.
func (t *Transport) Profile() string {
	if s := t.sealer.Load(); s != nil {
		return s.Profile().String()
	}
	return ""
}

// emit hands an event to the room, or drops it when the Transport is closing.
func (t *Transport) emit(e Event) {
	e.From = t
	select {
	case <-t.ctx.Done():
		return
	default:
	}
	select {
	case t.events <- e:
	case <-t.ctx.Done():
	}
}
