package signaling

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"
)

// tcpPair returns both ends of a connection.
func tcpPair(t *testing.T) (here, there *net.TCPConn) {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var d net.Dialer
	c, err := d.DialContext(context.Background(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = c.Close(), s.Close() })
	return s.(*net.TCPConn), c.(*net.TCPConn) //nolint:forcetypeassert // what tcp gives
}

func TestUnannouncedCarriesEverything(t *testing.T) {
	s, c := tcpPair(t)
	u := unannounce(s)
	if _, ok := u.(*unannounced); !ok {
		t.Fatalf("TCP became %T", u)
	}
	sent := make([]byte, 8<<20) // more than both buffers hold, so that both sides wait
	_, _ = rand.Read(sent)

	var wg sync.WaitGroup
	wg.Go(func() {
		if n, err := u.Write(sent); err != nil || n != len(sent) {
			t.Errorf("wrote %d of %d: %v", n, len(sent), err)
		}
	})
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(sent, got) {
		t.Fatal("what was written is not what came:", err)
	}
	wg.Go(func() {
		if _, err := c.Write(sent); err != nil {
			t.Error(err)
		}
		if err := c.CloseWrite(); err != nil {
			t.Error(err)
		}
	})
	if back, err := io.ReadAll(u); err != nil || !bytes.Equal(sent, back) {
		t.Fatal("what came is not what was read:", err)
	}
	wg.Wait()
}

func TestUnannouncedWritesAreNotTorn(t *testing.T) {
	s, c := tcpPair(t)
	u := unannounce(s)
	const each, writers = 1 << 16, 8
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			if _, err := u.Write(bytes.Repeat([]byte{byte(i)}, each)); err != nil {
				t.Error(err)
			}
		})
	}
	b := make([]byte, each)
	for range writers {
		if _, err := io.ReadFull(c, b); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(bytes.Repeat(b[:1], each), b) {
			t.Fatal("two writes are mixed")
		}
	}
	wg.Wait()
}

func TestUnannouncedKeepsDeadlinesAndEnds(t *testing.T) {
	s, c := tcpPair(t)
	u := unannounce(s)
	read := func() error {
		_, err := u.Read(make([]byte, 1))
		return err
	}
	is := func(err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}

	_ = u.SetReadDeadline(time.Now().Add(time.Millisecond))
	is(read(), os.ErrDeadlineExceeded)
	_ = u.SetDeadline(time.Now().Add(time.Millisecond))
	n, err := u.Write(make([]byte, 64<<20)) // nobody reads it
	is(err, os.ErrDeadlineExceeded)
	if n == 64<<20 {
		t.Error("everything went where nobody reads")
	}
	_ = u.SetDeadline(time.Time{})

	ended := make(chan error, 1)
	go func() { ended <- read() }()
	_ = c.SetLinger(0)
	_ = c.Close()
	is(<-ended, syscall.ECONNRESET)
	for err = nil; err == nil; {
		_, err = u.Write([]byte{1})
	}
	is(err, syscall.EPIPE)
	_ = u.Close()
	is(read(), net.ErrClosed)
}

func TestUnannouncedLeavesOthersAlone(t *testing.T) {
	a, b := net.Pipe()
	t.Cleanup(func() { _, _ = a.Close(), b.Close() })
	if unannounce(a) != a {
		t.Error("a pipe has no descriptor to call with")
	}
}
