package valve

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// echo answers each line with itself until the test ends.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(c, c)
				_ = c.Close()
			}()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
	})
	return l.Addr().String()
}

// A caller says something and waits for the echo.
type caller struct {
	net.Conn
	lines *bufio.Reader
}

func call(t *testing.T, addr string) *caller {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return &caller{c, bufio.NewReader(c)}
}

func (c *caller) hears(within time.Duration) error {
	if err := c.SetDeadline(time.Now().Add(within)); err != nil {
		return err
	}
	if _, err := io.WriteString(c, "hello\n"); err != nil {
		return err
	}
	_, err := c.lines.ReadString('\n')
	return err
}

func open(t *testing.T, origin func([]byte) string) *Valve {
	t.Helper()
	v, err := New("127.0.0.1", echo(t), origin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

func TestACutEndsConnectionsAndKeepsNewOnesOut(t *testing.T) {
	v := open(t, nil)
	c := call(t, v.Address())
	if err := c.hears(time.Second); err != nil {
		t.Fatal(err)
	}
	v.Set("", Flow{Cut: true})
	if err := c.hears(time.Second); err == nil {
		t.Error("passes though it is cut")
	}
	if n, err := net.Dial("tcp", v.Address()); err == nil {
		if (&caller{n, bufio.NewReader(n)}).hears(time.Second) == nil {
			t.Error("a new one passes though it is cut")
		}
		_ = n.Close()
	}
	v.Set("", Flow{})
	if err := call(t, v.Address()).hears(time.Second); err != nil {
		t.Errorf("does not pass any more: %v", err)
	}
}

func TestWhatIsHeldFollows(t *testing.T) {
	v := open(t, nil)
	c := call(t, v.Address())
	v.Set("", Flow{Held: true})
	if err := c.hears(50 * time.Millisecond); err == nil {
		t.Fatal("passes though it is held")
	}
	v.Set("", Flow{})
	if err := c.SetDeadline(time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if said, err := c.lines.ReadString('\n'); err != nil || said != "hello\n" {
		t.Errorf("followed %q, %v", said, err)
	}
}

func TestADelayIsOfBothDirections(t *testing.T) {
	v := open(t, nil)
	c := call(t, v.Address())
	v.Set("", Flow{Delay: 30 * time.Millisecond})
	begin := time.Now()
	if err := c.hears(time.Second); err != nil || time.Since(begin) < 60*time.Millisecond {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
}

// introduce says a head in front of everything.
func (c *caller) introduce(t *testing.T, name string) {
	t.Helper()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nFrom: "+name+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := c.lines.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
}

func byName(head []byte) string {
	_, name, _ := strings.Cut(string(head), "From: ")
	name, _, _ = strings.Cut(name, "\r\n")
	return name
}

func TestOriginsAreCutApart(t *testing.T) {
	v := open(t, byName)
	a, b := call(t, v.Address()), call(t, v.Address())
	a.introduce(t, "a")
	b.introduce(t, "b")
	v.Set("a", Flow{Cut: true})
	if a.hears(time.Second) == nil {
		t.Error("a passes")
	}
	if err := b.hears(time.Second); err != nil {
		t.Errorf("b does not pass: %v", err)
	}
}

func TestClosingWaitsForAll(t *testing.T) {
	v := open(t, byName)
	c := call(t, v.Address())
	call(t, v.Address()) // says nothing
	c.introduce(t, "c")
	if err := c.hears(time.Second); err != nil {
		t.Fatal(err)
	}
	v.Set("", Flow{Held: true})
	v.Close()
	v.Close()
	if c.hears(time.Second) == nil {
		t.Error("passes though it is closed")
	}
}
