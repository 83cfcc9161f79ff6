package udp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"
)

// addrPortConn is what an ICE agent looks for to save allocations.
type addrPortConn interface {
	net.PacketConn
	ReadFromAddrPort(b []byte) (int, netip.AddrPort, error)
	WriteToAddrPort(b []byte, to netip.AddrPort) (int, error)
}

// iceMux is what an ICE agent takes as its UDP mux.
type iceMux interface {
	io.Closer
	GetConn(ufrag string, addr net.Addr) (net.PacketConn, error)
	RemoveConnByUfrag(ufrag string)
	GetListenAddresses() []net.Addr
}

var (
	_ iceMux       = (*Endpoint)(nil)
	_ addrPortConn = (*connRef)(nil)
)

// blockedRead starts a read and returns its error once it comes.
func blockedRead(c net.PacketConn) <-chan error {
	ended := make(chan error, 1)
	go func() {
		_, _, err := c.ReadFrom(make([]byte, 100))
		ended <- err
	}()
	return ended
}

func wantError(t *testing.T, ended <-chan error, want error) {
	t.Helper()
	select {
	case err := <-ended:
		if !errors.Is(err, want) {
			t.Errorf("read ended with %v, want %v", err, want)
		}
	case <-time.After(liveness):
		t.Fatal("read did not end")
	}
}

func TestReadersAreReleased(t *testing.T) {
	e := run(t, Config{})
	addr := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}
	get := func() net.PacketConn {
		c, err := e.GetConn("me", addr)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	one, two, three := get(), get(), get()
	first, second, third := blockedRead(one), blockedRead(two), blockedRead(three)
	_ = one.Close()
	wantError(t, first, net.ErrClosed)
	_ = one.Close()
	if err := two.SetDeadline(time.Now()); err != nil {
		t.Error(err)
	}
	wantError(t, second, os.ErrDeadlineExceeded)
	e.RemoveConnByUfrag("me")
	wantError(t, third, io.EOF)
	if _, err := three.WriteTo([]byte{1}, addr); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("write after removal: %v", err)
	}
	_, _ = two.Close(), three.Close()
	if err := two.SetReadDeadline(time.Time{}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("deadline after close: %v", err)
	}
}

func TestDeadlineCanBeLifted(t *testing.T) {
	e := run(t, Config{})
	c, a := connect(t, e, "me", "127.0.0.1")
	for range 3 {
		_ = a.SetReadDeadline(time.Now().Add(time.Millisecond))
		wantError(t, blockedRead(a), os.ErrDeadlineExceeded)
		_ = a.SetReadDeadline(time.Time{})
		c.send(dtls("x"))
		a.receive()
		_ = a.SetReadDeadline(time.Now().Add(time.Hour))
		c.send(dtls("y"))
		a.receive()
	}
}

func TestReferencesShareOneConnection(t *testing.T) {
	e := run(t, Config{})
	c, a := connect(t, e, "me", "127.0.0.1")
	b := newAgent(t, e, "me", c)
	_ = a.Close()
	c.send(dtls("to the other"))
	if got, _ := b.receive(); !bytes.Equal(got, dtls("to the other")) {
		t.Errorf("got %q", got)
	}
	_ = b.Close()
	c.send(dtls("to none"))
	eventually(t, "unknown address", 1, func() uint64 { return e.Stats().DropUnknownAddress })
	if len(e.peers.byUfrag) != 0 {
		t.Error("the peer of a closed connection stayed")
	}
	again := newAgent(t, e, "me", c)
	check(c, again, "me")
}

func TestShortBufferLosesTheDatagram(t *testing.T) {
	e := run(t, Config{})
	c, a := connect(t, e, "me", "127.0.0.1")
	c.send(dtls("long"))
	c.send(dtls("x"))
	if _, _, err := a.ReadFrom(make([]byte, 2)); !errors.Is(err, io.ErrShortBuffer) {
		t.Errorf("got %v", err)
	}
	if n, _, err := a.ReadFrom(make([]byte, 2)); n != 2 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
}

func TestOnlyUDPAddressesAreTaken(t *testing.T) {
	e := run(t, Config{})
	_, a := connect(t, e, "me", "127.0.0.1")
	for _, addr := range []net.Addr{&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}, &net.UDPAddr{}} {
		if _, err := a.WriteTo([]byte{1}, addr); !errors.Is(err, ErrAddress) {
			t.Errorf("%T: %v", addr, err)
		}
	}
}

func TestCloseEndsEverything(t *testing.T) {
	e := listenTest(t, Config{Shards: 3})
	ended := make(chan error, 1)
	go func() { ended <- e.Run(context.Background()) }()
	c, err := e.GetConn("me", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	read := blockedRead(c)
	_, _ = e.Close(), e.Close()
	wantError(t, read, io.EOF)
	if err := <-ended; err != nil {
		t.Errorf("run: %v", err)
	}
	if _, err := e.GetConn("me", nil); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("get after close: %v", err)
	}
	e.Attach("me", newCollector())
	if len(e.peers.byUfrag) != 0 {
		t.Error("attached after close")
	}
	if err := e.Run(context.Background()); !errors.Is(err, ErrRunning) {
		t.Errorf("second run: %v", err)
	}
	_ = c.Close()
}

func TestPortIsNotSharedWithStrangers(t *testing.T) {
	e := listenTest(t, Config{})
	if other, err := Listen(Config{Port: e.Port()}, quiet()); err == nil {
		_ = other.Close()
		t.Error("two servers on one port")
	}
}

func TestBadConfigIsRefused(t *testing.T) {
	for name, cfg := range map[string]Config{
		"port":     {Port: 70_000},
		"no addr":  {Bind: []netip.Addr{{}}},
		"two IPv4": {Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2")}},
	} {
		if _, err := Listen(cfg, quiet()); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// An address of documentation is not ours.
	if _, err := Listen(Config{Bind: []netip.Addr{netip.MustParseAddr("192.0.2.1")}}, quiet()); err == nil {
		t.Error("listened on a foreign address")
	}
}

func TestListenAddresses(t *testing.T) {
	all := listenTest(t, Config{Loopback: true}).GetListenAddresses()
	seen := map[string]bool{}
	loopback := false
	for _, a := range all {
		u, ok := a.(*net.UDPAddr)
		if !ok || u.Port == 0 || u.IP.IsUnspecified() || (u.IP.To4() == nil && u.IP.IsLinkLocalUnicast()) || seen[a.String()] {
			t.Errorf("address %v", a)
		}
		seen[a.String()] = true
		loopback = loopback || u.IP.IsLoopback()
	}
	if !loopback {
		t.Errorf("no loopback in %v", all)
	}
	for _, a := range listenTest(t, Config{}).GetListenAddresses() {
		if a.(*net.UDPAddr).IP.IsLoopback() {
			t.Errorf("loopback in spite of the config: %v", a)
		}
	}
	bound := listenTest(t, Config{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}})
	want := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(bound.Port())).String()
	if got := bound.GetListenAddresses(); len(got) != 1 || got[0].String() != want {
		t.Errorf("bound to %v, want %v", got, want)
	}
	if _, err := bound.GetConn("me", &net.UDPAddr{IP: net.IPv6loopback}); !errors.Is(err, ErrNoSocket) {
		t.Errorf("connection of a family that is not bound: %v", err)
	}
}

// A broken receiver never reads.
type broken struct{ calls int }

func (r *broken) read() (int, error) {
	r.calls++
	return 0, io.ErrUnexpectedEOF
}
func (r *broken) at(_ int, now time.Time) time.Time { return now }

func (r *broken) message(int) (data []byte, from *Dest, segment int, cut bool) {
	return nil, nil, 0, false
}
func (r *broken) close() error { return nil }

func TestBrokenSocketEndsRun(t *testing.T) {
	e := listenTest(t, Config{Shards: 2})
	last := e.shards[len(e.shards)-1]
	_ = last.rx.close()
	r := &broken{}
	last.rx = r
	if err := e.Run(context.Background()); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("run ended with %v", err)
	}
	if r.calls != maxReadErrors {
		t.Errorf("%d tries", r.calls)
	}
}

// Peers come, talk and go on all shards at once, in each other's way as little as
// the race detector can tell.
func TestPeersComeAndGo(t *testing.T) {
	forModes(t, func(t *testing.T, e *Endpoint) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for round := range 5 {
					ufrag := fmt.Sprintf("peer-%d-%d", i, round)
					c, a := connect(t, e, ufrag, "127.0.0.1")
					e.Attach(ufrag, &echo{to: NewDest(c.addr())})
					for k := range 20 {
						c.send(media(500, byte(k)))
						if got := c.receive(); !bytes.Equal(got, media(500, byte(k))) {
							t.Errorf("%s got %x", ufrag, got[:2])
						}
					}
					if round%2 == 0 {
						e.RemoveConnByUfrag(ufrag)
					}
					_ = a.Close()
					e.RemoveConnByUfrag(ufrag)
				}
			})
		}
		all.Wait()
		if len(e.peers.byUfrag) != 0 || len(*e.routes.table.Load()) != 0 || len(e.asked.pending) != 0 {
			t.Error("something stayed behind")
		}
	})
}
