package udp

import (
	"bytes"
	"net/netip"
	"syscall"
	"testing"
)

func TestBurstComesBackDatagramByDatagram(t *testing.T) {
	forModes(t, func(t *testing.T, e *Endpoint) {
		hosts(t, e, func(t *testing.T, host string) {
			ufrag := ufragFor(host)
			c, _ := connect(t, e, ufrag, host)
			e.Attach(ufrag, &echo{to: NewDest(c.addr())})
			for i := range 30 {
				c.send(media(1000+i/10, byte(i)))
				if i%10 != 9 {
					continue
				}
				for k := i - 9; k <= i; k++ {
					if got := c.receive(); !bytes.Equal(got, media(1000+k/10, byte(k))) {
						t.Fatalf("datagram %d: %d bytes of %d", k, len(got), got[1])
					}
				}
			}
		})
	})
}

// sizes of datagrams to one peer: runs that can be joined and some that cannot.
func sizes() []int {
	list := []int{1, 1, 1, 500, 1100, 1100, 1100, 900, 1100, 1100, 1101, 1100, 3000, 3000, 20, 20, 20, 19, 18}
	for range 3 * maxSegments {
		list = append(list, 1200)
	}
	for range 130 { // Ever longer: no two can be joined, and one call cannot take all.
		list = append(list, 200+len(list))
	}
	return list
}

func sendSizes(b *Batch, to Dest) {
	for i, n := range sizes() {
		buf := b.Reserve(n + 10)
		copy(buf, media(n, byte(i)))
		b.Send(to, n)
	}
	b.Flush()
}

func receiveSizes(t *testing.T, c client) {
	t.Helper()
	for i, n := range sizes() {
		if got := c.receive(); !bytes.Equal(got, media(n, byte(i))) {
			t.Fatalf("datagram %d: %d bytes of %d, want %d of %d", i, len(got), got[len(got)-1], n, byte(i))
		}
	}
}

func TestBatchKeepsSizesAndOrder(t *testing.T) {
	forModes(t, func(t *testing.T, e *Endpoint) {
		hosts(t, e, func(t *testing.T, host string) {
			c := newClient(t, e, host)
			before := e.Stats()
			sendSizes(e.NewBatch(), NewDest(c.addr()))
			receiveSizes(t, c)
			after := e.Stats()
			if n := after.DatagramsOut - before.DatagramsOut; n != uint64(len(sizes())) {
				t.Errorf("%d datagrams counted", n)
			}
			if joined := after.JoinedOut > before.JoinedOut; joined != e.gso.Load() {
				t.Errorf("joined %v, offload %v", joined, e.gso.Load())
			}
		})
	})
}

func TestRefusedOffloadLosesNothing(t *testing.T) {
	for _, errno := range []syscall.Errno{syscall.EIO, syscall.EINVAL, syscall.EMSGSIZE} {
		t.Run(errno.Error(), func(t *testing.T) {
			e := run(t, Config{})
			if !e.gso.Load() {
				return // Nothing to refuse here.
			}
			e.fault = func(joined bool) syscall.Errno {
				if joined {
					return errno
				}
				return 0
			}
			c := newClient(t, e, "127.0.0.1")
			b := e.NewBatch()
			for range 2 {
				sendSizes(b, NewDest(c.addr()))
				receiveSizes(t, c)
			}
			s := e.Stats()
			if e.gso.Load() || s.JoinedOut != 0 || s.DropSendError+s.DropSendFull != 0 {
				t.Errorf("offload %v, %+v", e.gso.Load(), s)
			}
		})
	}
}

func TestUnsendableIsCounted(t *testing.T) {
	for name, cfg := range map[string]Config{"batching": {}, "plain": {Plain: true}} {
		t.Run(name, func(t *testing.T) {
			cfg.Bind = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
			e := run(t, cfg)
			c := newClient(t, e, "127.0.0.1")
			b := e.NewBatch()
			send := func(to string, n int) {
				b.Reserve(n)
				b.Send(NewDest(netip.MustParseAddrPort(to)), n)
			}
			send("[::1]:9", 10)          // No socket of that family.
			send("127.0.0.1:0", 10)      // No port.
			send(c.addr().String(), 100) // Fine.
			send("127.0.0.1:0", 10)
			send("127.0.0.1:0", 10)
			send("[::1]:9", 10)
			send(c.addr().String(), 101)
			b.Flush()
			b.Flush()
			if n := len(c.receive()) + len(c.receive()); n != 201 {
				t.Errorf("%d bytes arrived", n)
			}
			s := e.Stats()
			if s.DropNoSocket != 2 || s.DropSendError != 3 || s.DatagramsOut != 2 || s.BytesOut != 201 {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestFullArenaIsSentEarly(t *testing.T) {
	e := run(t, Config{})
	c := newClient(t, e, "127.0.0.1")
	b := e.NewBatch()
	const n = arenaSize/1000 + 100
	seen := make(chan int, 1)
	go func() {
		got := 0
		for buf := make([]byte, 2000); got < n; got++ {
			if _, err := c.Read(buf); err != nil {
				break
			}
		}
		seen <- got
	}()
	for range n {
		b.Reserve(1000)
		b.Send(NewDest(c.addr()), 1000)
	}
	if e.Stats().DatagramsOut == 0 {
		t.Error("nothing sent by a full arena")
	}
	b.Flush()
	if got := <-seen; got != n {
		t.Errorf("%d datagrams arrived", got)
	}
}

func TestBatchAfterCloseOnlyCounts(t *testing.T) {
	for name, cfg := range map[string]Config{"batching": {}, "plain": {Plain: true}} {
		t.Run(name, func(t *testing.T) {
			e := listenTest(t, cfg)
			b := e.NewBatch()
			_ = e.Close()
			for range 100 {
				b.Reserve(100)
				b.Send(NewDest(netip.MustParseAddrPort("127.0.0.1:9")), 100)
			}
			b.Flush()
			if s := e.Stats(); s.DropSendError != 100 || s.DatagramsOut != 0 {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestMisuseOfABatchPanics(t *testing.T) {
	e := listenTest(t, Config{})
	for name, misuse := range map[string]func(b *Batch){
		"reserve too much":        func(b *Batch) { b.Reserve(maxJoined + 1) },
		"reserve less":            func(b *Batch) { b.Reserve(-1) },
		"send without reserve":    func(b *Batch) { b.Send(Dest{}, 1) },
		"send twice":              func(b *Batch) { b.Reserve(4); b.Send(Dest{}, 2); b.Send(Dest{}, 1) },
		"send more than reserved": func(b *Batch) { b.Reserve(4); b.Send(Dest{}, 5) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			misuse(e.NewBatch())
		}()
	}
}

func TestDestKeepsTheAddress(t *testing.T) {
	for _, s := range []string{"1.2.3.4:5", "[2001:db8::1]:65535", "[fe80::1%3]:9", "0.0.0.0:1", "[::]:1", "[::1]:2"} {
		ap := netip.MustParseAddrPort(s)
		d := NewDest(ap)
		if got := d.AddrPort(); got != ap {
			t.Errorf("%v became %v", ap, got)
		}
		if d.v4() != ap.Addr().Is4() {
			t.Errorf("%v: v4 is %v", ap, d.v4())
		}
		var sa [sockaddr6Len]byte
		var again Dest
		if d.v4() {
			d.put4(&sa)
		} else {
			sa = d.sa
			sa[5] = 7 // A flow label.
		}
		if again.setSockaddr(&sa); again != d {
			t.Errorf("%v: %x from the kernel, want %x", ap, again.sa, d.sa)
		}
	}
	if NewDest(netip.MustParseAddrPort("[::ffff:1.2.3.4]:5")) != NewDest(netip.MustParseAddrPort("1.2.3.4:5")) {
		t.Error("a mapped address is another one")
	}
	var none Dest
	if NewDest(netip.AddrPort{}) != none || none.AddrPort().IsValid() {
		t.Error("nowhere is somewhere")
	}
}

func TestKernelRefusalsAreCounted(t *testing.T) {
	const n = 10
	for _, c := range []struct {
		errno      syscall.Errno
		full, lost uint64 // Of n datagrams, when the fifth call is refused.
		sent       uint64
	}{
		{syscall.EAGAIN, n - 4, 0, 4},
		{syscall.ENOBUFS, 1, 0, n - 1},
		{syscall.ENETUNREACH, 0, 1, n - 1},
		{syscall.EINVAL, 0, 1, n - 1},
		{syscall.EINTR, 0, 0, n},
	} {
		t.Run(c.errno.Error(), func(t *testing.T) {
			e := listenTest(t, Config{Offload: Off})
			if !e.shards[0].sock.fast {
				return // The portable path has no partial calls.
			}
			asked, refused := 0, false
			e.fault = func(bool) syscall.Errno {
				if asked++; asked < 5 || refused {
					return 0
				}
				// The fifth message shortens the first call; then it fails.
				refused = asked > 5
				return c.errno
			}
			b, to := e.NewBatch(), sink(t)
			sendRuns(b, []Dest{to}, 100, n)
			s := e.Stats()
			if s.DropSendFull != c.full || s.DropSendError != c.lost || s.DatagramsOut != c.sent {
				t.Errorf("%+v", s)
			}
			sendRuns(b, []Dest{to}, 100, 1)
			if got := e.Stats().DatagramsOut; got != c.sent+1 {
				t.Errorf("%d datagrams after the refusal", got-c.sent)
			}
		})
	}
}

func TestFullReceiveBufferIsCounted(t *testing.T) {
	e := listenTest(t, Config{Shards: 1, ReadBuffer: 4096})
	if !e.shards[0].sock.fast {
		return // Only the fast path can tell.
	}
	c := newClient(t, e, "127.0.0.1")
	for range 200 {
		c.send(media(1000, 1)) // Nobody reads.
	}
	if got := e.Stats().DropReceiveFull; got < 100 || got > 200 {
		t.Errorf("%d dropped", got)
	}
}
