package socket

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// liveness bounds waits for what certainly comes.
const liveness = 10 * time.Second

// heard is a Handler that keeps what it is given.
type heard struct {
	took chan got
	ends chan struct{}
}

type got struct {
	at time.Time
	b  []byte
}

func newHeard() *heard { return &heard{took: make(chan got, 4096), ends: make(chan struct{}, 1)} }

func (h *heard) Take(at time.Time, b []byte) { h.took <- got{at, bytes.Clone(b)} }

func (h *heard) Pause(time.Time) {}

func (h *heard) Taken(time.Time) {
	select {
	case h.ends <- struct{}{}:
	default:
	}
}

func await[T any](t *testing.T, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(liveness):
		t.Fatal("nothing came")
	}
	return v
}

// wells runs a test over both ways of reading and both families.
func wells(t *testing.T, test func(t *testing.T, w *Well, local netip.Addr)) {
	for name, cfg := range map[string]Config{"swept": {}, "singly": {Singly: true}, "waiting": {Waiting: true}} {
		for _, ip := range []string{"127.0.0.1", "::1"} {
			local := netip.MustParseAddr(ip)
			if probe, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, 0))); err != nil {
				t.Logf("no %s here", ip)
				continue
			} else if err := probe.Close(); err != nil {
				t.Fatal(err)
			}
			t.Run(name+" "+ip, func(t *testing.T) {
				w := NewWell(cfg)
				ctx, cancel := context.WithCancel(t.Context())
				var loops sync.WaitGroup
				loops.Go(func() { w.Run(ctx) })
				defer loops.Wait()
				defer cancel()
				test(t, w, local)
			})
		}
	}
}

func open(t *testing.T, w *Well, local netip.Addr, h Handler) *Socket {
	t.Helper()
	s, err := w.Open(local, h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestMediaGoesToTheHandlerAndHandshakesToTheAgent(t *testing.T) {
	wells(t, func(t *testing.T, w *Well, local netip.Addr) {
		a, b := newHeard(), newHeard()
		from, to := open(t, w, local, a), open(t, w, local, b)
		agent, err := to.GetConn("any", nil)
		if err != nil {
			t.Fatal(err)
		}
		from.Grown()
		before := time.Now()
		media := [][]byte{{128, 96, 1}, bytes.Repeat([]byte{144}, 1400), {191}}
		for _, list := range [][][]byte{media, {{22, 254, 253}}, {{0, 1}}, {{64}, {255}, {}}} { // the last are nobody's
			if err := from.Send(to.Local(), list...); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range media {
			g := await(t, b.took)
			if !bytes.Equal(g.b, want) || g.at.Before(before.Round(0).Add(-time.Millisecond)) || time.Since(g.at) > liveness {
				t.Errorf("%d bytes at %v", len(g.b), g.at)
			}
		}
		await(t, b.ends)
		buf := make([]byte, 100)
		for _, want := range []byte{22, 0} {
			n, addr, err := agent.ReadFrom(buf)
			if err != nil || n < 1 || buf[0] != want || addr.String() != from.Local().String() {
				t.Errorf("%d bytes from %v: %v", n, addr, err)
			}
		}
		if _, err := agent.WriteTo([]byte{150, 7}, net.UDPAddrFromAddrPort(from.Local())); err != nil {
			t.Error(err)
		}
		if g := await(t, a.took); !bytes.Equal(g.b, []byte{150, 7}) {
			t.Errorf("answer %v", g.b)
		}
		if len(to.GetListenAddresses()) != 1 || agent.LocalAddr().String() != to.Local().String() {
			t.Errorf("listens on %v", to.GetListenAddresses())
		}
	})
}

func TestManyDatagramsKeepTheirOrder(t *testing.T) {
	wells(t, func(t *testing.T, w *Well, local netip.Addr) {
		h := newHeard()
		from, to := open(t, w, local, newHeard()), open(t, w, local, h)
		var list [][]byte
		for i := range 3 * 64 {
			list = append(list, []byte{128, byte(i)})
		}
		if err := from.Send(to.Local(), list...); err != nil {
			t.Fatal(err)
		}
		for i := range list {
			if g := await(t, h.took); g.b[1] != byte(i) {
				t.Fatalf("datagram %d came as %d", g.b[1], i)
			}
		}
	})
}

func TestAgentsAreReleased(t *testing.T) {
	wells(t, func(t *testing.T, w *Well, local netip.Addr) {
		s := open(t, w, local, newHeard())
		for name, c := range map[string]struct {
			release func(net.PacketConn) error
			want    error
		}{
			"by the deadline": {func(c net.PacketConn) error { return c.SetDeadline(time.Unix(1, 0)) }, os.ErrDeadlineExceeded},
			"by its end":      {net.PacketConn.Close, net.ErrClosed},
		} {
			agent, err := s.GetConn("any", nil)
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() {
				_, _, err := agent.ReadFrom(make([]byte, 10))
				ended <- err
			}()
			if err := c.release(agent); err != nil {
				t.Fatal(err)
			}
			if err := await(t, ended); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
			_ = agent.Close()
		}
		agent, _ := s.GetConn("any", nil)
		if err := errors.Join(s.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
		late, _ := s.GetConn("any", nil)
		for _, c := range []net.PacketConn{agent, late} {
			if _, _, err := c.ReadFrom(make([]byte, 10)); !errors.Is(err, net.ErrClosed) {
				t.Errorf("after the end: %v", err)
			}
			if _, err := c.WriteTo([]byte{1}, net.UDPAddrFromAddrPort(s.Local())); err == nil {
				t.Error("sends after the end")
			}
		}
	})
}

func TestADeadlineThatIsTakenBackIsNone(t *testing.T) {
	wells(t, func(t *testing.T, w *Well, local netip.Addr) {
		s := open(t, w, local, newHeard())
		agent, err := s.GetConn("any", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(agent.SetReadDeadline(time.Unix(1, 0)), agent.SetReadDeadline(time.Unix(2, 0)), agent.SetReadDeadline(time.Time{}),
			agent.SetWriteDeadline(time.Unix(1, 0))); err != nil {
			t.Fatal(err)
		}
		if err := s.Send(s.Local(), []byte{1}); err != nil {
			t.Fatal(err)
		}
		if n, _, err := agent.ReadFrom(make([]byte, 10)); n != 1 || err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
	})
}

func TestWhatASocketHasNoRoomForIsCounted(t *testing.T) {
	if !sweeps {
		return // nothing tells
	}
	w := NewWell(Config{Buffer: 4096}) // nobody runs it
	a, b := open(t, w, netip.MustParseAddr("127.0.0.1"), newHeard()), open(t, w, netip.MustParseAddr("127.0.0.1"), newHeard())
	for range 100 {
		if err := a.Send(b.Local(), make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	if n := b.Dropped(); n == 0 || n > 100 || a.Dropped() != 0 {
		t.Errorf("%d dropped", n)
	}
	_ = b.Close()
	if b.Dropped() != 0 {
		t.Error("a closed socket tells")
	}
}

func TestSweepingAllocatesNothing(t *testing.T) {
	if !sweeps {
		return
	}
	w := NewWell(Config{})
	local := netip.MustParseAddr("127.0.0.1")
	var n nobody
	from, to := open(t, w, local, &n), open(t, w, local, &n)
	list := [][]byte{make([]byte, 1000), make([]byte, 1000)}
	list[0][0], list[1][0] = 128, 128
	now := time.Now()
	if allocs := testing.AllocsPerRun(200, func() {
		if err := from.Send(to.Local(), list...); err != nil {
			t.Fatal(err)
		}
		for _, s := range w.sweeper {
			s.sweep(func() time.Time { return now }, true)
		}
	}); allocs > 0 || n == 0 {
		t.Errorf("%g allocations, %d datagrams", allocs, n)
	}
}

type nobody int

func (n *nobody) Take(time.Time, []byte) { *n++ }
func (n *nobody) Taken(time.Time)        {}
func (n *nobody) Pause(time.Time)        {}
