package rack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRepliesAreRead(t *testing.T) {
	for text, want := range map[string][]string{
		"+PONG\r\n":                        {"PONG"},
		":-1\r\n":                          {"-1"},
		"$3\r\nabc\r\n":                    {"abc"},
		"*2\r\n$1\r\na\r\n$3\r\n\r\nb\r\n": {"a", "\r\nb"},
		"*0\r\n":                           nil,
		"-ERR no\r\n":                      nil,
		"$9\r\nabc\r\n":                    nil,
		"\r\n":                             nil,
		"*1\r\n":                           nil,
		"$99999999999999999999999999\r\n":  nil,
		"*1\r\n*1\r\n*1\r\n$1\r\nx\r\n":    {"x"},
	} {
		got, err := readReply(bufio.NewReader(strings.NewReader(text)))
		if !slices.Equal(got, want) || (want == nil) != (err != nil || text == "*0\r\n") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestRedisIsEmptyInEachLife(t *testing.T) {
	server, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRedis(Config{Server: server, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Kill(); err != nil {
			t.Error(err)
		}
	})
	for range 2 {
		if err := r.Start(); err != nil {
			t.Fatal(err)
		}
		if err := r.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if keys, err := r.Keys(t.Context()); err != nil || len(keys) != 0 {
			t.Fatalf("keys %v, %v", keys, err)
		}
		for _, words := range [][]string{{"SET", "stays", "1"}, {"SET", "goes", "1", "PX", "60000"}} {
			if _, err := r.ask(t.Context(), words...); err != nil {
				t.Fatal(err)
			}
		}
		keys, err := r.Keys(t.Context())
		if err != nil || len(keys) != 2 {
			t.Fatalf("keys %v, %v", keys, err)
		}
		for _, k := range keys {
			if k.Name == "stays" && k.Left >= 0 || k.Name == "goes" && (k.Left <= 0 || k.Left > time.Minute) {
				t.Errorf("%+v", k)
			}
		}
		if err := r.Kill(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestANodeIsNamedByItsLog(t *testing.T) {
	dir := t.TempDir()
	var log strings.Builder
	for _, name := range []string{"ND_one", "ND_two"} {
		fmt.Fprintf(&log, "time=x level=INFO msg=else node=ND_other\ntime=x level=INFO msg=serving addr=y node=%s version=z\n", name)
	}
	if err := os.WriteFile(filepath.Join(dir, "node0.log"), []byte(log.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	n := &Node{Number: 4, process: process{name: "node0", dir: dir}}
	if names, err := n.names(); err != nil || !slices.Equal(names, []string{"ND_one", "ND_two"}) {
		t.Errorf("%q, %v", names, err)
	}
	r := &Rack{Nodes: []*Node{{process: process{name: "none", dir: dir}}, n}, names: map[string]int{}}
	for head, want := range map[string]string{
		"GET /rtc HTTP/1.1\r\nHost: x\r\nSalon-Hop: v1.ND_two.ND_x.7.8....\r\n\r\n": "4",
		"GET /rtc HTTP/1.1\r\nSalon-Hop: v1.ND_none.ND_two.7.8....\r\n\r\n":         "",
		"GET /rtc HTTP/1.1\r\nHost: x\r\n\r\n":                                      "",
	} {
		if got := r.origin([]byte(head)); got != want {
			t.Errorf("%q comes from %q", head, got)
		}
	}
}

func TestAProcessThatEndsIsNotWaitedFor(t *testing.T) {
	p := &process{name: "brief", dir: t.TempDir(), args: []string{"/bin/sh", "-c", "exit 3"}}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	never := func(context.Context) error { return errNotReady }
	if err := p.until(t.Context(), never); !errors.Is(err, errEnded) {
		t.Errorf("%v", err)
	}
	if err := p.Kill(); err != nil || p.PID() != 0 {
		t.Errorf("%v, pid %d", err, p.PID())
	}
}
