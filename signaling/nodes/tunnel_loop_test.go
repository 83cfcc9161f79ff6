package nodes

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"salon/signaling/cluster"
)

// upgrades answers as a server that changes the protocol, and then lets talk go on. The connection is closed behind it.
func upgrades(t *testing.T, talk func(net.Conn, *bufio.Reader)) (cluster.Node, *sync.WaitGroup) {
	t.Helper()
	var talks sync.WaitGroup
	n, _ := inside(t, "ND_b", Behind{Passed: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		talks.Add(1)
		defer talks.Done()
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		_ = conn.SetDeadline(time.Now().Add(patience))
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Said: yes\r\n\r\n")
		_ = rw.Flush()
		talk(conn, rw.Reader)
	})})
	return n, &talks
}

// dial asks o to change the protocol.
func dial(t *testing.T, o outside) (*net.TCPConn, *bufio.Reader) {
	t.Helper()
	var d net.Dialer
	conn, err := d.DialContext(t.Context(), "tcp", o.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	_, err = io.WriteString(conn, "GET /rtc?access_token=x HTTP/1.1\r\nHost: salon\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	br := bufio.NewReader(conn)
	res, err := http.ReadResponse(br, &http.Request{Method: http.MethodGet})
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols || res.Header.Get("X-Said") != "yes" || upgradeOf(res.Header) != "websocket" {
		t.Fatalf("%+v, %v", res, err)
	}
	return conn.(*net.TCPConn), br
}

func TestBytesGoBothWays(t *testing.T) {
	n, talks := upgrades(t, func(conn net.Conn, br *bufio.Reader) {
		_, _ = io.Copy(conn, br)
	})
	o := pass(t, peers(t, Config{}, "ND_a"), placeAt(n), nil)
	conn, br := dial(t, o)
	sent := make([]byte, 3<<20)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(sent)
	var talk sync.WaitGroup
	talk.Go(func() {
		if _, err := conn.Write(sent); err != nil {
			t.Error(err)
		}
		_ = conn.CloseWrite()
	})
	got, err := io.ReadAll(br)
	talk.Wait()
	if err != nil || sha256.Sum256(got) != sha256.Sum256(sent) {
		t.Errorf("%d of %d bytes, %v", len(got), len(sent), err)
	}
	if err := o.ended(t); err != nil {
		t.Error(err)
	}
	talks.Wait()
}

func TestBothSidesEndWhenEitherDoes(t *testing.T) {
	t.Run("the client", func(t *testing.T) {
		n, talks := upgrades(t, func(_ net.Conn, br *bufio.Reader) {
			if _, err := br.ReadByte(); !errors.Is(err, io.EOF) {
				t.Errorf("got %v", err)
			}
		})
		o := pass(t, peers(t, Config{}, "ND_a"), placeAt(n), nil)
		conn, _ := dial(t, o)
		_ = conn.Close()
		if err := o.ended(t); err != nil {
			t.Error(err)
		}
		talks.Wait()
	})
	t.Run("the node", func(t *testing.T) {
		n, talks := upgrades(t, func(conn net.Conn, _ *bufio.Reader) { _, _ = io.WriteString(conn, "bye") })
		o := pass(t, peers(t, Config{}, "ND_a"), placeAt(n), nil)
		conn, br := dial(t, o)
		if b, err := io.ReadAll(br); err != nil || string(b) != "bye" {
			t.Errorf("%q, %v", b, err)
		}
		_ = conn.Close()
		if err := o.ended(t); err != nil {
			t.Error(err)
		}
		talks.Wait()
	})
	t.Run("the node, and the client doesn't mind", func(t *testing.T) {
		n, talks := upgrades(t, func(conn net.Conn, _ *bufio.Reader) { _ = conn.(*net.TCPConn).SetLinger(0) })
		o := pass(t, peers(t, Config{}, "ND_a"), placeAt(n), nil)
		_, br := dial(t, o)
		_, _ = br.ReadByte()
		if err := o.ended(t); err != nil {
			t.Error(err)
		}
		talks.Wait()
	})
	t.Run("the request", func(t *testing.T) {
		n, talks := upgrades(t, func(_ net.Conn, br *bufio.Reader) { _, _ = br.ReadByte() })
		p := peers(t, Config{}, "ND_a")
		ctx, cancel := context.WithCancel(t.Context())
		front := outside{errs: make(chan error, 1)}
		front.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			front.errs <- p.Pass(w, r.WithContext(ctx), placeAt(n), nil)
		}))
		defer front.Close()
		_, br := dial(t, front)
		cancel()
		if _, err := br.ReadByte(); err == nil {
			t.Error("something came")
		}
		if err := front.ended(t); err != nil {
			t.Error(err)
		}
		talks.Wait()
	})
}

func TestANodeThatShutsDownLetsTheOtherSayGoodbye(t *testing.T) {
	goodbye := bytes.Repeat([]byte("come back "), 10_000)
	n, talks := upgrades(t, func(conn net.Conn, br *bufio.Reader) {
		_, _ = br.WriteTo(io.Discard) // until the client seems gone
		_, _ = conn.Write(goodbye)
	})
	leave := make(chan struct{})
	o := pass(t, peers(t, Config{}, "ND_a"), placeAt(n), leave)
	conn, br := dial(t, o)
	if _, err := io.WriteString(conn, "hello"); err != nil {
		t.Fatal(err)
	}
	close(leave)
	// The client talks on: that must not cost it the goodbye.
	var talk sync.WaitGroup
	talk.Go(func() {
		for range 100 {
			if _, err := conn.Write(make([]byte, 1000)); err != nil {
				return
			}
		}
	})
	if b, err := io.ReadAll(br); err != nil || !bytes.Equal(b, goodbye) {
		t.Errorf("%d of %d bytes, %v", len(b), len(goodbye), err)
	}
	talk.Wait()
	_ = conn.Close()
	if err := o.ended(t); err != nil {
		t.Error(err)
	}
	talks.Wait()
}
