package netns

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// answers names the address at which this test binary, when it is started so, answers instead of testing.
const answers = "NETNS_TEST_ANSWERS"

func TestMain(m *testing.M) {
	if at := os.Getenv(answers); at != "" {
		l, err := net.Listen("tcp", at)
		if err != nil {
			panic(err)
		}
		for {
			c, err := l.Accept()
			if err != nil {
				panic(err)
			}
			_, _ = c.Write([]byte("here")) // whoever asks sees whether it came
			_ = c.Close()
		}
	}
	goleak.VerifyTestMain(m)
}

// A test that changes networks runs once more in a namespace, with root's rights in it; where root may not be had, in a
// namespace for users, too.
func insideOne(t *testing.T) (entered bool) {
	t.Helper()
	if Inside() {
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v") //nolint:gosec // this very program
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("in a namespace (it takes Linux with network namespaces, and Debian's iproute2 and util-linux): %v\n%s", err, out)
	}
	return false
}

// asks tries to reach addr from an address of the hub.
func asks(from, addr string, within time.Duration) error {
	d := net.Dialer{Timeout: within}
	if from != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	c, err := d.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }() // everything was read
	if err := c.SetDeadline(time.Now().Add(within)); err != nil {
		return err
	}
	_, err = io.ReadFull(c, make([]byte, len("here")))
	return err
}

const (
	patience = 10 * time.Second
	silence  = 300 * time.Millisecond
)

func TestLinksAreCutOneByOne(t *testing.T) {
	if !insideOne(t) {
		return
	}
	n, err := New(2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	addr := n.Host(0) + ":7000"
	args := n.Command(0, os.Args[0])
	server := exec.CommandContext(t.Context(), args[0], args[1:]...) //nolint:gosec // this very program
	server.Env = append(os.Environ(), answers+"="+addr)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill() // it doesn't end by itself
		_ = server.Wait()         // likewise
	})
	for end := time.Now().Add(patience); ; {
		if err := asks("", addr, patience); err == nil {
			break
		} else if time.Now().After(end) {
			t.Fatal(err)
		}
	}

	passes := func(from string, want bool) {
		t.Helper()
		within := patience
		if !want {
			within = silence
		}
		if err := asks(from, addr, within); (err == nil) != want {
			t.Errorf("from %q: %v", from, err)
		}
	}
	for range 2 { // what is mended can be cut again
		if err := n.Between(n.Host(0), n.Hub(0), false); err != nil {
			t.Fatal(err)
		}
		passes(n.Hub(0), false)
		passes(n.Hub(1), true)
		if err := errors.Join(n.Between(n.Hub(0), n.Host(0), true), n.Plug(0, false)); err != nil {
			t.Fatal(err)
		}
		passes(n.Hub(1), false)
		if err := n.Plug(0, true); err != nil {
			t.Fatal(err)
		}
		passes(n.Hub(0), true)
	}
}
