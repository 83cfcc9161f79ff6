package udp

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// liveness is how long a test waits for what must happen.
const liveness = 20 * time.Second

// quiet is a logger that says nothing.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// modes are the ways an Endpoint can drive its sockets.
func modes() map[string]Config {
	return map[string]Config{
		"offload":   {},
		"batching":  {Offload: Off},
		"plain":     {Plain: true},
		"one shard": {Shards: 1},
		"ipv4 only": {Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}},
		"both families bound": {
			Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()},
		},
	}
}

func listenTest(t testing.TB, cfg Config) *Endpoint {
	t.Helper()
	e, err := Listen(cfg, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// run starts an Endpoint and makes sure it ends without error.
func run(t testing.TB, cfg Config) *Endpoint {
	t.Helper()
	e := listenTest(t, cfg)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return e
}

// forModes runs the test in every mode this machine has.
func forModes(t *testing.T, test func(t *testing.T, e *Endpoint)) {
	t.Helper()
	for name, cfg := range modes() {
		if len(cfg.Bind) == 2 && !hasIPv6() {
			continue
		}
		t.Run(name, func(t *testing.T) { test(t, run(t, cfg)) })
	}
}

func hasIPv6() bool {
	c, err := net.ListenUDP("udp6", &net.UDPAddr{IP: net.IPv6loopback})
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

// A client is a peer with a plain socket.
type client struct {
	*net.UDPConn
	t testing.TB
}

func newClient(t testing.TB, e *Endpoint, host string) client {
	t.Helper()
	to := net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(host), uint16(e.Port())))
	c, err := net.DialUDP("udp", nil, to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetReadBuffer(4 << 20)
	_ = c.SetReadDeadline(time.Now().Add(liveness))
	return client{c, t}
}

func (c client) addr() netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

func (c client) send(b []byte) {
	c.t.Helper()
	if _, err := c.Write(b); err != nil {
		c.t.Fatal(err)
	}
}

func (c client) receive() []byte {
	c.t.Helper()
	b := make([]byte, 65536)
	n, err := c.Read(b)
	if err != nil {
		c.t.Fatal(err)
	}
	return b[:n]
}

// stunMessage builds a STUN message with a USERNAME if one is given.
func stunMessage(kind uint16, id byte, username string) []byte {
	b := make([]byte, 20)
	binary.BigEndian.PutUint16(b, kind)
	binary.BigEndian.PutUint32(b[4:], stunCookie)
	b[8], b[19] = id, ^id
	if username != "" {
		// An attribute to walk over first: PRIORITY.
		b = append(b, 0, 0x24, 0, 4, 1, 2, 3, 4)
		b = append(b, 0, 6, 0, byte(len(username)))
		b = append(b, username...)
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)-20))
	return b
}

// media returns a datagram that looks like SRTP.
func media(n int, fill byte) []byte {
	b := bytes.Repeat([]byte{fill}, n)
	b[0] = 0x80
	return b
}

// dtls returns a datagram that looks like DTLS.
func dtls(text string) []byte { return append([]byte{22}, text...) }

// agent is the ICE side of a ufrag: what an ICE agent would read and write.
type agent struct {
	net.PacketConn
	t testing.TB
}

func newAgent(t testing.TB, e *Endpoint, ufrag string, peer client) agent {
	t.Helper()
	c, err := e.GetConn(ufrag, &net.UDPAddr{IP: peer.addr().Addr().Unmap().AsSlice(), Port: e.Port()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetReadDeadline(time.Now().Add(liveness))
	return agent{c, t}
}

func (a agent) receive() ([]byte, net.Addr) {
	a.t.Helper()
	b := make([]byte, 8192)
	n, from, err := a.ReadFrom(b)
	if err != nil {
		a.t.Fatal(err)
	}
	return b[:n], from
}

func (a agent) send(b []byte, to netip.AddrPort) {
	a.t.Helper()
	if _, err := a.WriteTo(b, net.UDPAddrFromAddrPort(to)); err != nil {
		a.t.Fatal(err)
	}
}

// check does a connectivity check from c to ufrag, answered by a.
func check(c client, a agent, ufrag string) {
	c.t.Helper()
	c.send(stunMessage(bindingRequest, 1, ufrag+":them"))
	got, from := a.receive()
	if kind, _, ok := parseSTUN(got); !ok || kind != bindingRequest {
		c.t.Fatalf("got %x", got)
	}
	a.send(stunMessage(bindingSuccess, 1, ""), from.(*net.UDPAddr).AddrPort())
	if got := c.receive(); !bytes.Equal(got, stunMessage(bindingSuccess, 1, "")) {
		c.t.Fatalf("got %x", got)
	}
}

// connect makes a client whose address is proven for ufrag.
func connect(t testing.TB, e *Endpoint, ufrag, host string) (client, agent) {
	t.Helper()
	c := newClient(t, e, host)
	a := newAgent(t, e, ufrag, c)
	check(c, a, ufrag)
	return c, a
}

// A collector keeps the media it is handed.
type collector struct {
	got    chan []byte
	bursts chan int
}

func newCollector() *collector {
	return &collector{got: make(chan []byte, 10_000), bursts: make(chan int, 10_000)}
}

func (h *collector) HandleMedia(now time.Time, burst [][]byte, _ *Batch) {
	if now.IsZero() {
		panic("no time")
	}
	for _, b := range burst {
		h.got <- bytes.Clone(b)
		clear(b[:cap(b)]) // In place is allowed, and must not hurt the neighbours.
	}
	h.bursts <- len(burst)
}

func (h *collector) next(t testing.TB) []byte {
	t.Helper()
	select {
	case b := <-h.got:
		return b
	case <-time.After(liveness):
		t.Fatal("no media arrived")
		return nil
	}
}

// An echo answers every burst with as many datagrams, to the same peer.
type echo struct{ to Dest }

func (h *echo) HandleMedia(_ time.Time, burst [][]byte, out *Batch) {
	for _, b := range burst {
		out.Send(h.to, copy(out.Reserve(len(b)+16), b))
	}
}

// eventually waits for a figure to reach want.
func eventually(t testing.TB, what string, want uint64, figure func() uint64) {
	t.Helper()
	deadline := time.After(liveness)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for figure() < want {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: %d, want %d", what, figure(), want)
		}
	}
	if got := figure(); got != want {
		t.Fatalf("%s: %d, want %d", what, got, want)
	}
}

// ufragFor names a peer by its address family.
func ufragFor(host string) string {
	if host == "::1" {
		return "six"
	}
	return "four"
}

func hosts(t *testing.T, e *Endpoint, test func(t *testing.T, host string)) {
	t.Helper()
	for i, host := range []string{"127.0.0.1", "::1"} {
		if e.shards[0].via[i] == nil || i == 1 && !hasIPv6() {
			continue
		}
		t.Run(fmt.Sprintf("to %s", host), func(t *testing.T) { test(t, host) })
	}
}
