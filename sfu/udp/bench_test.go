package udp

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"
)

// sink returns the Dest of a socket nobody reads.
func sink(t testing.TB) Dest {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return NewDest(c.LocalAddr().(*net.UDPAddr).AddrPort())
}

func sendRuns(b *Batch, dests []Dest, size, run int) {
	for _, d := range dests {
		for range run {
			b.Reserve(size + 16)
			b.Send(d, size)
		}
	}
	b.Flush()
}

func TestSendingDoesNotAllocate(t *testing.T) {
	for name, cfg := range map[string]Config{"offload": {}, "batching": {Offload: Off}, "plain": {Plain: true}} {
		b := listenTest(t, cfg).NewBatch()
		dests := []Dest{sink(t), sink(t)}
		if n := testing.AllocsPerRun(100, func() { sendRuns(b, dests, 1100, 10) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// A loop is an Endpoint whose proven peer is a Batch of another one, read by the
// test itself instead of a shard's goroutine.
type loop struct {
	sh   *shard
	from *Batch
	to   Dest
}

func newLoop(t testing.TB, cfg Config, h Handler) loop {
	t.Helper()
	cfg.Bind, cfg.Shards = []netip.Addr{netip.MustParseAddr("127.0.0.1")}, 1
	e, peer := listenTest(t, cfg), listenTest(t, cfg)
	e.Attach("me", h)
	pc, err := e.GetConn("me", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.Close() })
	at := func(e *Endpoint) Dest {
		return NewDest(netip.AddrPortFrom(cfg.Bind[0], uint16(e.Port())))
	}
	e.routes.claim(at(peer), pc.(*connRef).conn, replied)
	return loop{sh: e.shards[0], from: peer.NewBatch(), to: at(e)}
}

// pass sends n media datagrams and takes them in.
func (l loop) pass(t testing.TB, n, size int) {
	for range n {
		l.from.Reserve(size)[0] = 0x80
		l.from.Send(l.to, size)
	}
	l.from.Flush()
	before := l.sh.count.n[datagramsIn].Load()
	for l.sh.count.n[datagramsIn].Load() < before+uint64(n) {
		got, err := l.sh.rx.read()
		if err != nil {
			t.Fatal(err)
		}
		l.sh.in.deliver(time.Unix(1, 0), l.sh.rx, got)
	}
}

func TestReceivingDoesNotAllocate(t *testing.T) {
	for name, cfg := range map[string]Config{"offload": {}, "batching": {Offload: Off}, "plain": {Plain: true}} {
		to := sink(t)
		l := newLoop(t, cfg, &echo{to: to})
		if n := testing.AllocsPerRun(100, func() { l.pass(t, 10, 1100) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestJoinedDatagramsAreOneBurst(t *testing.T) {
	h := newCollector()
	l := newLoop(t, Config{}, h)
	if !l.sh.via[0].gro || !l.sh.end.gso.Load() {
		return // This kernel does not join.
	}
	l.pass(t, 40, 1100)
	if got := <-h.bursts; got != 40 {
		t.Errorf("burst of %d", got)
	}
	if s := l.sh.end.Stats(); s.JoinedIn != 1 || s.ReadCalls != 1 || s.DatagramsIn != 40 || s.BytesIn != 40*1100 {
		t.Errorf("%+v", s)
	}
}

// BenchmarkBatch is the cost of one datagram sent, with the kernel's share.
func BenchmarkBatch(b *testing.B) {
	for _, run := range []int{1, 2, 10, 40} {
		for name, cfg := range map[string]Config{"offload": {}, "batching": {Offload: Off}, "plain": {Plain: true}} {
			b.Run(fmt.Sprintf("size=1100/dests=50/run=%d/%s", run, name), func(b *testing.B) {
				batch := listenTest(b, cfg).NewBatch()
				dests := make([]Dest, 50)
				for i := range dests {
					dests[i] = sink(b)
				}
				b.ReportAllocs()
				sent := 0
				for b.Loop() {
					sendRuns(batch, dests, 1100, run)
					sent += 50 * run
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(sent), "ns/datagram")
			})
		}
	}
}

// BenchmarkReceive is the cost of one datagram sent, read and sorted.
func BenchmarkReceive(b *testing.B) {
	for name, cfg := range map[string]Config{"offload": {}, "batching": {Offload: Off}, "plain": {Plain: true}} {
		b.Run(fmt.Sprintf("size=1100/burst=10/%s", name), func(b *testing.B) {
			l := newLoop(b, cfg, ignore{})
			b.ReportAllocs()
			sent := 0
			for b.Loop() {
				l.pass(b, 10, 1100)
				sent += 10
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(sent), "ns/datagram")
		})
	}
}
