package udp

import (
	"bytes"
	"fmt"
	"net"
	"testing"
	"time"
)

func TestDatagramsReachTheirOwner(t *testing.T) {
	forModes(t, func(t *testing.T, e *Endpoint) {
		hosts(t, e, func(t *testing.T, host string) {
			ufrag := ufragFor(host)
			h := newCollector()
			e.Attach(ufrag, h)
			c, a := connect(t, e, ufrag, host)
			c.send(dtls("hello"))
			got, from := a.receive()
			if !bytes.Equal(got, dtls("hello")) || from.String() != c.LocalAddr().String() {
				t.Errorf("dtls: %q from %v, want from %v", got, from, c.LocalAddr())
			}
			for i := range 20 {
				c.send(media(100+i, byte(i)))
			}
			for i := range 20 {
				if got := h.next(t); !bytes.Equal(got, media(100+i, byte(i))) {
					t.Fatalf("media %d: %x", i, got)
				}
			}
			a.send(dtls("there"), c.addr())
			if got := c.receive(); !bytes.Equal(got, dtls("there")) {
				t.Errorf("answer %q", got)
			}
		})
	})
}

func TestTwoPeersAreKeptApart(t *testing.T) {
	forModes(t, func(t *testing.T, e *Endpoint) {
		const n = 300
		var clients [2]client
		var handlers [2]*collector
		for i := range clients {
			ufrag := fmt.Sprintf("peer%d", i)
			handlers[i] = newCollector()
			clients[i], _ = connect(t, e, ufrag, "127.0.0.1")
			e.Attach(ufrag, handlers[i])
		}
		for k := range n {
			for i, c := range clients {
				c.send(media(50+k, byte(i)))
			}
		}
		for k := range n {
			for i, h := range handlers {
				if got := h.next(t); !bytes.Equal(got, media(50+k, byte(i))) {
					t.Fatalf("peer %d got %x of %d bytes", i, got[:2], len(got))
				}
			}
		}
	})
}

func TestMediaWaitsForProof(t *testing.T) {
	e := run(t, Config{})
	h := newCollector()
	e.Attach("me", h)
	c := newClient(t, e, "127.0.0.1")
	a := newAgent(t, e, "me", c)
	c.send(media(99, 1))
	c.send(dtls("early"))
	eventually(t, "unknown address", 2, func() uint64 { return e.Stats().DropUnknownAddress })
	// A request alone proves nothing: its password was not checked.
	c.send(stunMessage(bindingRequest, 1, "me:them"))
	a.receive()
	c.send(media(98, 1))
	eventually(t, "unknown address", 3, func() uint64 { return e.Stats().DropUnknownAddress })
	// Nor does an error.
	a.send(stunMessage(bindingError, 1, ""), c.addr())
	c.receive()
	c.send(media(97, 1))
	eventually(t, "unknown address", 4, func() uint64 { return e.Stats().DropUnknownAddress })
	check(c, a, "me")
	c.send(media(96, 1))
	if got := h.next(t); len(got) != 96 {
		t.Errorf("got %d bytes", len(got))
	}
}

func TestReplyProvesAnAddress(t *testing.T) {
	e := run(t, Config{})
	h := newCollector()
	e.Attach("me", h)
	c, other := newClient(t, e, "127.0.0.1"), newClient(t, e, "127.0.0.1")
	a := newAgent(t, e, "me", c)
	// The right transaction from the wrong place, or the wrong one, is nothing.
	a.send(stunMessage(bindingRequest, 7, "them:me"), c.addr())
	c.receive()
	other.send(stunMessage(bindingSuccess, 7, ""))
	c.send(stunMessage(bindingSuccess, 8, ""))
	eventually(t, "unknown answers", 2, func() uint64 { return e.Stats().DropUnknownAnswer })
	c.send(stunMessage(bindingSuccess, 7, ""))
	if got, _ := a.receive(); !bytes.Equal(got, stunMessage(bindingSuccess, 7, "")) {
		t.Errorf("got %x", got)
	}
	c.send(media(96, 1))
	h.next(t)
	other.send(media(96, 1))
	eventually(t, "unknown address", 1, func() uint64 { return e.Stats().DropUnknownAddress })
}

func TestAddressOfALivePeerIsNotGivenAway(t *testing.T) {
	e := run(t, Config{})
	victim, thief := newCollector(), newCollector()
	e.Attach("victim", victim)
	e.Attach("thief", thief)
	c, _ := connect(t, e, "victim", "127.0.0.1")
	a := newAgent(t, e, "thief", c)
	// The thief names the victim's address as a candidate, so our agent checks it
	// (with a transaction the thief does not see), and forges a request from it, which our agent answers.
	a.send(stunMessage(bindingRequest, 9, "x:thief"), c.addr())
	a.send(stunMessage(bindingSuccess, 5, ""), c.addr())
	if got := e.Stats().AddressesRefused; got != 1 {
		t.Errorf("%d addresses refused", got)
	}
	c.send(media(200, 3))
	victim.next(t)
	// Whoever answers from the address has it: a client that came back.
	c.send(stunMessage(bindingSuccess, 9, ""))
	a.receive()
	c.send(media(200, 4))
	thief.next(t)
	if len(victim.got) > 0 {
		t.Error("media handed out twice")
	}
}

func TestStrangersOnlyCount(t *testing.T) {
	forModes(t, func(t *testing.T, e *Endpoint) {
		const n = 50
		c := newClient(t, e, "127.0.0.1")
		for i := range n {
			c.send([]byte{})
			c.send([]byte{byte(4 + i%16), 1, 2})
			c.send([]byte{64, 1, 2})
			c.send([]byte{200})
			c.send([]byte{0})
			c.send([]byte{0, 1, 0, 0, 1, 2, 3, 4})
			c.send(stunMessage(bindingRequest, byte(i), ""))
			c.send(stunMessage(0x0003, byte(i), "a:b"))
			c.send(stunMessage(bindingRequest, byte(i), "nobody:here"))
			c.send(stunMessage(bindingSuccess, byte(i), ""))
			c.send(stunMessage(bindingIndication, byte(i), ""))
			c.send(media(500, 1))
			c.send(dtls("hello"))
		}
		want := Stats{
			DropGarbage: 4 * n, DropMalformedSTUN: 4 * n, DropUnknownUfrag: n,
			DropUnknownAnswer: n, DropUnknownAddress: 3 * n, DatagramsIn: 13 * n,
		}
		eventually(t, "datagrams", want.DatagramsIn, func() uint64 { return e.Stats().DatagramsIn })
		got := e.Stats()
		got.BytesIn, got.ReadCalls, got.JoinedIn = 0, 0, 0
		if got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if len(e.peers.byUfrag) != 0 || len(*e.routes.table.Load()) != 0 || len(e.asked.pending) != 0 {
			t.Error("strangers left something behind")
		}
		_ = c.SetReadDeadline(time.Now())
		if _, err := c.Read(make([]byte, 10)); err == nil {
			t.Error("a stranger got an answer")
		}
	})
}

func TestQueueIsBounded(t *testing.T) {
	e := run(t, Config{})
	c, a := connect(t, e, "me", "127.0.0.1")
	e.Attach("me", newCollector())
	for range maxQueued + 10 {
		c.send(dtls("x"))
	}
	c.send(dtls(string(make([]byte, maxControl))))
	eventually(t, "full queue", 11, func() uint64 { return e.Stats().DropQueueFull })
	for range maxQueued {
		a.receive()
	}
	c.send(dtls("room again"))
	if got, _ := a.receive(); !bytes.Equal(got, dtls("room again")) {
		t.Errorf("got %q", got)
	}
}

func TestMediaWithoutHandlerIsCounted(t *testing.T) {
	e := run(t, Config{})
	c, _ := connect(t, e, "me", "127.0.0.1")
	c.send(media(100, 1))
	eventually(t, "no handler", 1, func() uint64 { return e.Stats().DropNoHandler })
}

func TestRemovedUfragIsForgotten(t *testing.T) {
	e := run(t, Config{})
	h := newCollector()
	e.Attach("me", h)
	c, a := connect(t, e, "me", "127.0.0.1")
	a.send(stunMessage(bindingRequest, 9, "x:me"), c.addr())
	c.receive()
	e.RemoveConnByUfrag("me")
	e.RemoveConnByUfrag("me")
	c.send(media(100, 1))
	eventually(t, "unknown address", 1, func() uint64 { return e.Stats().DropUnknownAddress })
	c.send(stunMessage(bindingRequest, 1, "me:them"))
	eventually(t, "unknown ufrag", 1, func() uint64 { return e.Stats().DropUnknownUfrag })
	c.send(stunMessage(bindingSuccess, 9, ""))
	eventually(t, "unknown answer", 1, func() uint64 { return e.Stats().DropUnknownAnswer })
	if _, err := a.WriteTo(stunMessage(bindingSuccess, 1, ""), c.LocalAddr()); err == nil {
		t.Error("wrote for a removed ufrag")
	}
	if len(e.peers.byUfrag) != 0 || len(*e.routes.table.Load()) != 0 || len(e.asked.pending) != 0 {
		t.Error("something stayed behind")
	}
}

func TestProvenAddressesAreBounded(t *testing.T) {
	e := listenTest(t, Config{})
	pc, err := e.GetConn("me", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pc.Close() }()
	c := pc.(*connRef).conn
	at := func(i int) Dest {
		return NewDest((&net.UDPAddr{IP: net.IPv4(10, 0, byte(i>>8), byte(i)), Port: 1000}).AddrPort())
	}
	for i := range 100 {
		e.routes.claim(at(0), c, replied) // The address in use is proved again and again.
		e.routes.claim(at(i), c, answered)
	}
	if n := len(*e.routes.table.Load()); n != maxProven || len(c.proven.list) != maxProven {
		t.Errorf("%d addresses, %d listed", n, len(c.proven.list))
	}
	for _, i := range []int{0, 99, 99 - maxProven + 2} {
		if d := at(i); e.routes.of(&d) != c {
			t.Errorf("address %d forgotten", i)
		}
	}
}

func TestPendingTransactionsAreBounded(t *testing.T) {
	e := listenTest(t, Config{})
	pc, err := e.GetConn("me", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pc.Close() }()
	c, to := pc.(*connRef).conn, NewDest((&net.UDPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 1}).AddrPort())
	for i := range byte(200) {
		e.asked.note(transactionID{i}, c, to)
		e.asked.note(transactionID{i}, c, to)
	}
	if n := len(e.asked.pending); n != maxAsked {
		t.Errorf("%d pending", n)
	}
	for i := range byte(200) {
		if got := e.asked.find(transactionID{i}, to) != nil; got != (int(i) >= 200-maxAsked) {
			t.Errorf("transaction %d known: %v", i, got)
		}
	}
}
