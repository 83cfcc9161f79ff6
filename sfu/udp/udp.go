// Package udp owns the media sockets of a node: K sockets on one port, each read
// by one goroutine in batches, and the batches in which answers leave.
//
// It decides whose a datagram is (RFC 7983 by first byte, RFC 8445 by ufrag and by
// proven address) and how many system calls it costs. It never looks into SRTP,
// DTLS or RTP, keeps no state for strangers and answers none of them.
//
// Who owns what: a shard owns its reader and the Batch it hands out, a Batch
// belongs to one goroutine, an Endpoint may be used by all. The Endpoint serves an
// ICE agent as its UDP mux: STUN and DTLS go through net.PacketConns, media to the
// Handler attached to the ufrag, without leaving the goroutine that read it. A
// ControlHandler takes all three.
package udp

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Offload says whether the kernel may join and split datagrams (UDP GSO, GRO).
type Offload int

// Offload values. The zero value uses what the kernel has.
const (
	Auto Offload = iota
	Off
)

// Config is what may be tuned. The zero value works.
type Config struct {
	// Port all sockets share; 0 picks a free one.
	Port int
	// Bind holds at most one IPv4 and one IPv6 address. Empty: all addresses of
	// both families through one dual-stack socket, or IPv4 alone where there is no
	// IPv6.
	Bind []netip.Addr
	// Shards is the number of sockets per address, each with a reader; 0 means
	// GOMAXPROCS. One where SO_REUSEPORT is missing.
	Shards int
	// ReadBuffer and WriteBuffer are socket buffers in bytes, 4 MiB by default. The
	// kernel may grant less (net.core.rmem_max) and then drops earlier.
	ReadBuffer, WriteBuffer int
	// Offload turns GSO and GRO off, for kernels or devices that do it badly.
	Offload Offload
	// Loopback lists loopback addresses among the listen addresses, so that clients
	// on this machine can reach us.
	Loopback bool
	// Plain forces the portable path: one system call per datagram.
	Plain bool
	// Unsteered keeps transport-wide feedback on the sockets that media comes to, where each datagram wakes a reader. Else, where
	// the kernel can tell it apart, it waits on a socket of its own for a burst of media, or for up to 100 ms.
	Unsteered bool
}

// defaultBuffer holds some 25 ms of a full gigabit, per socket.
const defaultBuffer = 4 << 20

func (c Config) withDefaults() Config {
	if c.Shards <= 0 {
		c.Shards = runtime.GOMAXPROCS(0)
	}
	if !reusePort {
		c.Shards = 1
	}
	if c.ReadBuffer <= 0 {
		c.ReadBuffer = defaultBuffer
	}
	if c.WriteBuffer <= 0 {
		c.WriteBuffer = defaultBuffer
	}
	return c
}

func (c Config) validate() error {
	if c.Port < 0 || c.Port > 0xffff {
		return fmt.Errorf("udp port %d: %w", c.Port, ErrConfig)
	}
	var v4, v6 int
	for _, a := range c.Bind {
		if !a.IsValid() {
			return fmt.Errorf("udp bind address: %w", ErrConfig)
		}
		if a.Unmap().Is4() {
			v4++
		} else {
			v6++
		}
	}
	if v4 > 1 || v6 > 1 {
		return fmt.Errorf("more than one udp bind address of a family: %w", ErrConfig)
	}
	return nil
}

// A Handler takes the media of one peer.
type Handler interface {
	// HandleMedia gets consecutive RTP and RTCP datagrams that one read brought
	// from one address of the peer, still encrypted. The slices are borrowed until
	// it returns and may be changed in place, not appended to. now is when the read
	// returned. What is put into out leaves when the whole read is worked through.
	// It runs on the reader's goroutine: it must not block. Two addresses of one
	// peer may be served by two readers at once.
	HandleMedia(now time.Time, burst [][]byte, out *Batch)
}

// A ControlHandler is a Handler that takes the STUN and DTLS of its peer, too; nothing is left for the readers of its
// connections then.
type ControlHandler interface {
	Handler
	// HandleControl gets one datagram, under the same rules as HandleMedia. A STUN request names the peer's ufrag
	// and may come from anybody; a response answers a request that was sent there.
	HandleControl(now time.Time, from netip.AddrPort, b []byte)
}

// An Endpoint is all sockets of the node's media port and the demultiplexer over
// them. Safe for concurrent use.
type Endpoint struct {
	// Set by Listen.
	cfg    Config
	log    *slog.Logger
	port   int
	shards []*shard
	later  []*later // One per binding; none where the kernel does not steer.

	peers  registry
	routes routes
	asked  transactions
	lines  lines

	gso       atomic.Bool   // Segments may be joined when sending.
	nextBatch atomic.Uint64 // Spreads batches over shards.
	running   atomic.Bool
	closing   sync.Once
	stray     counters // Of what belongs to no shard.

	// fault lets tests make the kernel refuse: what it returns for a message, joined
	// or not, is what sending it gives. Nil otherwise; set before anything is sent.
	fault func(joined bool) syscall.Errno
}

// A shard is one reader with its socket, and the sockets its batches send from.
type shard struct {
	end   *Endpoint
	sock  *socket
	rx    receiver
	via   route4and6
	in    *demux
	count *counters
	late  latency
}

// route4and6 is the socket to send from for IPv4 [0] and IPv6 [1]: twice the same
// for a dual-stack socket, nil where nothing is bound.
type route4and6 [2]*socket

// Listen opens the sockets and logs once how they will be driven. Nothing is read
// before Run. It fails when the port is taken, also by another process that shares
// ports.
func Listen(cfg Config, log *slog.Logger) (*Endpoint, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	e := &Endpoint{cfg: cfg, log: log}
	e.peers.init()
	e.routes.init()
	e.asked.init()
	e.lines.init()
	groups, err := openAll(cfg)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		via := routesOf(g)
		for _, s := range g {
			e.shards = append(e.shards, e.newShard(s, via))
		}
	}
	e.openLater(groups[len(groups)-1])
	e.openExits(groups)
	first := groups[0][0]
	e.port = first.port()
	e.gso.Store(first.gso)
	e.announce(first)
	return e, nil
}

// announce logs how the sockets, all like s, are driven.
func (e *Endpoint) announce(s *socket) {
	e.log.Info("udp listening", "port", e.port, "addr", s.conn.LocalAddr().String(), "sockets", len(e.shards),
		"batching", s.fast, "gso", s.gso, "gro", s.gro, "steering", len(e.later) > 0, "read_buffer", s.readBuffer, "write_buffer", s.writeBuffer)
	if s.readBuffer < e.cfg.ReadBuffer || s.writeBuffer < e.cfg.WriteBuffer {
		e.log.Warn("udp socket buffers smaller than asked, raise net.core.rmem_max and wmem_max",
			"read_buffer", s.readBuffer, "write_buffer", s.writeBuffer)
	}
}

func (e *Endpoint) newShard(s *socket, via route4and6) *shard {
	sh := &shard{end: e, sock: s, rx: s.newReceiver(), via: via, count: &counters{}, late: latency{bounds: LatencyBounds()}}
	sh.in = &demux{end: e, out: e.batchFor(sh), count: sh.count}
	return sh
}

// openLater opens a socket per binding for what can wait; group are the last sockets of each. Where that can't be, everything comes to
// the readers' sockets.
func (e *Endpoint) openLater(group []*socket) {
	via := routesOf(group)
	for _, s := range group {
		if !s.fast || e.cfg.Unsteered {
			return
		}
		rx, err := openLater(e.cfg, s)
		if err != nil {
			e.log.Info("udp feedback not steered", "err", err)
			return
		}
		l := &later{rx: rx}
		l.in = &demux{end: e, out: e.batchFor(&shard{end: e, via: via, count: &l.count}), count: &l.count}
		e.later = append(e.later, l)
	}
}

// openExits opens a socket to send from for each of the groups' sockets, where the kernel steers.
func (e *Endpoint) openExits(groups [][]*socket) {
	for _, g := range groups {
		for _, s := range g[:len(e.later)] {
			if err := s.openExit(e.cfg); err != nil {
				e.log.Info("udp sends from the sockets that it reads", "err", err)
				return
			}
		}
	}
}

func routesOf(group []*socket) route4and6 {
	var via route4and6
	for _, s := range group {
		if s.family != onlyV6 {
			via[0] = s
		}
		if s.family != onlyV4 {
			via[1] = s
		}
	}
	return via
}

// Port returns the port all sockets share.
func (e *Endpoint) Port() int { return e.port }

// NewBatch returns a Batch for a goroutine outside the readers. Batches are spread
// over the sockets.
func (e *Endpoint) NewBatch() *Batch {
	i := e.nextBatch.Add(1) % uint64(len(e.shards))
	return e.batchFor(e.shards[i])
}

// Close ends Run, closes the sockets and every connection. It may be called twice.
func (e *Endpoint) Close() error {
	e.closing.Do(func() {
		for _, c := range e.peers.closeAll() {
			e.drop(c)
		}
		for _, sh := range e.shards {
			_ = sh.rx.close() // Nothing is lost with a datagram socket.
			if x := sh.sock.exit; x != nil {
				_ = x.Close()
			}
		}
		for _, l := range e.later {
			l.close()
		}
	})
	return nil
}

// drop ends c and forgets what it proved and asked.
func (e *Endpoint) drop(c *conn) {
	close(c.gone)
	e.routes.forget(c)
	e.asked.forget(c)
}

// Attach sends the media that arrives from addresses proven for ufrag to h, until
// RemoveConnByUfrag. It may come before or after GetConn; a second Attach replaces
// the Handler. Media without a Handler is dropped and counted. After Close it does
// nothing.
func (e *Endpoint) Attach(ufrag string, h Handler) { e.peers.attach(ufrag, h) }

// RemoveConnByUfrag ends the connections of ufrag, forgets its addresses and its
// Handler. Readers of its connections get io.EOF. A HandleMedia that is under way
// on another goroutine may still finish.
func (e *Endpoint) RemoveConnByUfrag(ufrag string) {
	for _, c := range e.peers.remove(ufrag) {
		e.drop(c)
	}
}

// GetConn returns a reference to the connection that carries the STUN and DTLS of
// ufrag in the address family of addr, made when missing. Every reference must be
// closed; the last one closes the connection.
func (e *Endpoint) GetConn(ufrag string, addr net.Addr) (net.PacketConn, error) {
	family := 0
	if a, ok := addr.(*net.UDPAddr); ok && a.IP.To4() == nil {
		family = 1
	}
	return e.peers.get(e, ufrag, family)
}
