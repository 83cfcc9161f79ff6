package udp

import (
	"bytes"
	"net"
	"net/netip"
	"testing"
	"time"
)

// piped is the peer at the far end of a Line.
type piped struct {
	*Line
	t   *testing.T
	got chan []byte
}

func openLine(t *testing.T, e *Endpoint) piped {
	t.Helper()
	p := piped{t: t, got: make(chan []byte, 64)}
	p.Line = e.OpenLine(&net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 4711}, func(b []byte) bool {
		select {
		case p.got <- bytes.Clone(b):
			return true
		default:
			return false
		}
	})
	t.Cleanup(p.Close)
	return p
}

func (p piped) says(datagrams ...[]byte) { p.Deliver(time.Now(), datagrams) }

func (p piped) hears(want []byte) {
	p.t.Helper()
	select {
	case got := <-p.got:
		if !bytes.Equal(got, want) {
			p.t.Fatalf("got %x, want %x", got, want)
		}
	case <-time.After(liveness):
		p.t.Fatalf("nothing came, want %x", want)
	}
}

// prove does a connectivity check through the line, answered by a.
func (p piped) prove(a agent, ufrag string) netip.AddrPort {
	p.t.Helper()
	p.says(stunMessage(bindingRequest, 1, ufrag+":them"))
	_, from := a.receive()
	at := from.(*net.UDPAddr).AddrPort()
	a.send(stunMessage(bindingSuccess, 1, ""), at)
	p.hears(stunMessage(bindingSuccess, 1, ""))
	return at
}

func TestALineIsAPeerLikeOthers(t *testing.T) {
	forModes(t, func(t *testing.T, e *Endpoint) {
		p := openLine(t, e)
		a := newAgent(t, e, "me", newClient(t, e, "127.0.0.1"))
		h := newCollector()
		e.Attach("me", h)
		p.says(media(99, 1))
		if p.Proven() || e.Stats().DropUnknownAddress != 1 {
			t.Errorf("proven %v, %+v", p.Proven(), e.Stats())
		}
		at := p.prove(a, "me")
		if origin, isLine := e.Origin(at); !isLine || origin.String() != "192.0.2.7:4711" || !p.Proven() {
			t.Errorf("%v is %v, line %v, proven %v", at, origin, isLine, p.Proven())
		}

		p.says(media(100, 1), media(200, 2), dtls("hello"))
		for i, want := range [][]byte{media(100, 1), media(200, 2)} {
			if got := h.next(t); !bytes.Equal(got, want) {
				t.Fatalf("media %d: %x", i, got)
			}
		}
		if got, from := a.receive(); !bytes.Equal(got, dtls("hello")) || from.String() != at.String() {
			t.Errorf("dtls %q from %v", got, from)
		}
		a.send(dtls("there"), at)
		p.hears(dtls("there"))

		// Joined or not, each datagram goes by itself; those for sockets go their way.
		c := newClient(t, e, "127.0.0.1")
		b := e.NewBatch()
		sizes := []int{500, 500, 500, 300, 700}
		for _, n := range sizes {
			for _, to := range []Dest{NewDest(at), NewDest(c.addr())} {
				b.Send(to, copy(b.Reserve(n), media(n, 7)))
			}
		}
		b.Flush()
		for _, n := range sizes {
			p.hears(media(n, 7))
			if got := c.receive(); len(got) != n {
				t.Errorf("%d bytes, want %d", len(got), n)
			}
		}
	})
}

func TestWhatALineDoesNotTakeIsCounted(t *testing.T) {
	e := run(t, Config{})
	p := openLine(t, e)
	at := p.prove(newAgent(t, e, "me", newClient(t, e, "127.0.0.1")), "me")
	b, before := e.NewBatch(), e.Stats()
	send := func(n int) {
		for range n {
			b.Send(NewDest(at), copy(b.Reserve(100), media(100, 1)))
		}
		b.Flush()
	}
	send(cap(p.got) + 10)
	if s := e.Stats(); s.DropSendFull != 10 || s.DatagramsOut-before.DatagramsOut != uint64(cap(p.got)) {
		t.Errorf("%+v", s)
	}
	p.Close()
	p.Close()
	send(3)
	if s := e.Stats(); s.DropNoSocket != 3 {
		t.Errorf("%+v", s)
	}
}

func TestALineEndsWithItsPeer(t *testing.T) {
	e := run(t, Config{})
	p := openLine(t, e)
	p.prove(newAgent(t, e, "me", newClient(t, e, "127.0.0.1")), "me")
	e.RemoveConnByUfrag("me")
	if p.Proven() {
		t.Error("still proven")
	}
}
