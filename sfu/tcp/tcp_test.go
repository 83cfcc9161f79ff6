package tcp

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"salon/sfu/udp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// liveness is how long a test waits for what must happen.
const liveness = 20 * time.Second

// start runs a Listener on an Endpoint of its own.
func start(t *testing.T, cfg Config) (*Listener, *udp.Endpoint) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	loopback := []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	e, err := udp.Listen(udp.Config{Bind: loopback, Shards: 1}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Bind = loopback
	l, err := Listen(cfg, e, quiet)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = e.Run(ctx) })
	running.Go(func() { _ = l.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return l, e
}

// A caller is a client that speaks RFC 4571.
type caller struct {
	net.Conn
	t *testing.T
}

func call(t *testing.T, l *Listener) caller {
	t.Helper()
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", l.Port()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(liveness))
	return caller{c, t}
}

func (c caller) says(datagrams ...[]byte) {
	c.t.Helper()
	var b []byte
	for _, d := range datagrams {
		b = join(b, d)
	}
	if _, err := c.Write(b); err != nil {
		c.t.Fatal(err)
	}
}

func (c caller) hears() []byte {
	c.t.Helper()
	var size [lengthSize]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		c.t.Fatal(err)
	}
	b := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(c, b); err != nil {
		c.t.Fatal(err)
	}
	return b
}

// ends waits for the other side to close.
func (c caller) ends() {
	c.t.Helper()
	var timeout net.Error
	if _, err := io.Copy(io.Discard, c); errors.As(err, &timeout) && timeout.Timeout() {
		c.t.Fatal("still open")
	}
}

// binding is a STUN request to ufrag, or the answer to it.
func binding(kind uint16, ufrag string) []byte {
	const cookie, username = 0x2112a442, 6
	b := binary.BigEndian.AppendUint16(nil, kind)
	b = binary.BigEndian.AppendUint16(b, 0)
	b = binary.BigEndian.AppendUint32(b, cookie)
	b = append(b, "twelve bytes"...)
	if ufrag != "" {
		b = binary.BigEndian.AppendUint16(b, username)
		b = binary.BigEndian.AppendUint16(b, uint16(len(ufrag)))
		b = append(b, ufrag...)
		b = append(b, make([]byte, -len(ufrag)&3)...)
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)-20))
	return b
}

const (
	request = 0x0001
	success = 0x0101
)

// connect calls and proves itself to be a peer of ufrag; the address is the one that the endpoint knows it by.
func connect(t *testing.T, l *Listener, e *udp.Endpoint, ufrag string) (caller, *net.UDPAddr) {
	t.Helper()
	agent, err := e.GetConn(ufrag, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = agent.Close() })
	_ = agent.SetReadDeadline(time.Now().Add(liveness))
	c := call(t, l)
	c.says(binding(request, ufrag+":them"))
	buf := make([]byte, 1500)
	_, from, err := agent.ReadFrom(buf)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := agent.WriteTo(binding(success, ""), from); err != nil {
		t.Fatal(err)
	}
	if got := c.hears(); !bytes.Equal(got, binding(success, "")) {
		t.Fatalf("got %x", got)
	}
	return c, from.(*net.UDPAddr)
}

// An echo sends media back to where it came from.
type echo struct{ to udp.Dest }

func (h echo) HandleMedia(_ time.Time, burst [][]byte, out *udp.Batch) {
	for _, b := range burst {
		out.Send(h.to, copy(out.Reserve(len(b)), b))
	}
}

func media(n int, fill byte) []byte {
	b := bytes.Repeat([]byte{fill}, n)
	b[0] = 0x80
	return b
}

// eventually waits for ok.
func eventually(t *testing.T, l *Listener, ok func(Stats) bool) {
	t.Helper()
	late, tick := time.NewTimer(liveness), time.NewTicker(time.Millisecond)
	defer late.Stop()
	defer tick.Stop()
	for !ok(l.Stats()) {
		select {
		case <-tick.C:
		case <-late.C:
			t.Fatalf("%+v", l.Stats())
		}
	}
}

func TestMediaComesAndGoesInItsOrder(t *testing.T) {
	l, e := start(t, Config{MaxQueued: 1 << 20}) // room for all, 280 kB: nothing is read before everything is written
	c, at := connect(t, l, e, "me")
	e.Attach("me", echo{udp.NewDest(at.AddrPort())})
	const n = 200
	for i := range n {
		c.says(media(100+i, byte(i)), media(1200, byte(i)))
	}
	for i := range n {
		for _, want := range [][]byte{media(100+i, byte(i)), media(1200, byte(i))} {
			if got := c.hears(); !bytes.Equal(got, want) {
				t.Fatalf("%d: %d bytes, want %d", i, len(got), len(want))
			}
		}
	}
	if s := l.Stats(); s.DatagramsIn != 2*n+1 || s.DatagramsOut != 2*n+1 || s.Dropped != 0 {
		t.Errorf("%+v", s)
	}
	_ = c.Close()
	eventually(t, l, func(s Stats) bool { return s.Open == 0 && s.Broken == 1 })
}

func TestAPeerThatDoesNotDrainStopsNobody(t *testing.T) {
	l, e := start(t, Config{MaxQueued: 64 << 10})
	slow, at := connect(t, l, e, "slow")
	quick, other := connect(t, l, e, "quick")
	b := e.NewBatch()
	for range 20_000 { // 24 MB: more than the kernel keeps
		b.Send(udp.NewDest(at.AddrPort()), copy(b.Reserve(1200), media(1200, 1)))
	}
	b.Send(udp.NewDest(other.AddrPort()), copy(b.Reserve(1200), media(1200, 2)))
	b.Flush()
	if got := quick.hears(); !bytes.Equal(got, media(1200, 2)) {
		t.Fatalf("got %d bytes", len(got))
	}
	if s := l.Stats(); s.Dropped == 0 || s.Dropped != e.Stats().DropSendFull {
		t.Errorf("%+v", s)
	}
	// What was not lost is whole.
	if got := slow.hears(); !bytes.Equal(got, media(1200, 1)) {
		t.Fatalf("got %d bytes", len(got))
	}
}

func TestWhoBelongsToNobodyHasToGo(t *testing.T) {
	t.Run("strangers", func(t *testing.T) {
		l, _ := start(t, Config{ProveWithin: time.Millisecond})
		c := call(t, l)
		_, _ = c.Write(join(join(nil, media(100, 1)), binding(request, "nobody:them"))) // it may have been sent away already
		c.ends()
		eventually(t, l, func(s Stats) bool { return s.Open == 0 && s.Unproven == 1 })
	})
	t.Run("those whose peer is gone", func(t *testing.T) {
		l, e := start(t, Config{ProveWithin: time.Millisecond})
		c, _ := connect(t, l, e, "me")
		e.RemoveConnByUfrag("me")
		_, _ = c.Write(join(nil, media(100, 1))) // as above
		c.ends()
		eventually(t, l, func(s Stats) bool { return s.Open == 0 && s.Unproven == 1 })
	})
	t.Run("those who speak something else", func(t *testing.T) {
		l, _ := start(t, Config{})
		c := call(t, l)
		if _, err := c.Write([]byte("GET / HTTP/1.1\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		c.ends()
		eventually(t, l, func(s Stats) bool { return s.Open == 0 && s.Malformed == 1 })
	})
	t.Run("those who say nothing", func(t *testing.T) {
		l, e := start(t, Config{SilentFor: time.Millisecond})
		c, _ := connect(t, l, e, "me")
		c.ends()
		eventually(t, l, func(s Stats) bool { return s.Open == 0 && s.Silent == 1 })
	})
	t.Run("more than there is room for", func(t *testing.T) {
		l, _ := start(t, Config{MaxConnections: 1})
		call(t, l)
		eventually(t, l, func(s Stats) bool { return s.Open == 1 })
		call(t, l).ends()
		eventually(t, l, func(s Stats) bool { return s.Refused == 1 })
	})
}

func TestCloseEndsEverything(t *testing.T) {
	l, e := start(t, Config{})
	c, _ := connect(t, l, e, "me")
	for range 2 {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	c.ends()
	eventually(t, l, func(s Stats) bool { return s.Open == 0 })
}

func TestAPortThatIsTakenIsRefused(t *testing.T) {
	l, e := start(t, Config{})
	_, err := Listen(Config{Port: l.Port(), Bind: l.cfg.Bind}, e, slog.New(slog.DiscardHandler))
	if err == nil {
		t.Error("no error")
	}
	if _, err := Listen(Config{Port: -1}, e, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrConfig) {
		t.Errorf("error %v", err)
	}
}
