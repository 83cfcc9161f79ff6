package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"salon/configs"
)

// testConfig is a node on free ports with a data folder of its own.
func testConfig(tb testing.TB) configs.Config {
	tb.Helper()
	cfg := configs.Defaults()
	cfg.HTTP.Listen = "127.0.0.1:0"
	cfg.Media.Port = -1
	cfg.Data.Dir = filepath.Join(tb.TempDir(), "data")
	cfg.Admin.Listen = "127.0.0.1:0"
	return cfg
}

// serve runs a node until the test ends it; the returned function does so and gives the error.
func serve(tb testing.TB, cfg configs.Config) (n *node, stop func() error) {
	tb.Helper()
	n, err := newNode(tb.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.run(ctx) }()
	return n, func() error {
		cancel()
		return <-ended
	}
}

// get asks the node over a connection of its own and gives status and body.
func get(tb testing.TB, addr net.Addr, method, path string) (*http.Response, string) {
	tb.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(tb.Context(), method, "http://"+addr.String()+path, http.NoBody)
	if err != nil {
		tb.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return res, string(body)
}

func TestNodeServesAndStops(t *testing.T) {
	cfg := testConfig(t)
	n, stop := serve(t, cfg)
	for _, c := range []struct {
		method, path string
		status       int
		says         string
	}{
		{http.MethodGet, "/healthz", http.StatusOK, "ok"},
		{http.MethodHead, "/", http.StatusOK, ""},
		{http.MethodGet, "/metrics", http.StatusOK, "salon_rooms 0"},
		{http.MethodGet, "/api/v1/clubs", http.StatusOK, "items"},
		{http.MethodGet, "/api/v1/me", http.StatusUnauthorized, "problems"},
		{http.MethodGet, "/rtc/validate", http.StatusUnauthorized, "token"},
		{http.MethodGet, "//rtc//v1/validate", http.StatusUnauthorized, "token"},
		{http.MethodGet, "/assets/none.js", http.StatusNotFound, ""},
	} {
		res, body := get(t, n.listener.Addr(), c.method, c.path)
		if res.StatusCode != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s %s: %d %.200q, want %d and %q", c.method, c.path, res.StatusCode, body, c.status, c.says)
		}
	}
	if res, _ := get(t, n.listener.Addr(), http.MethodHead, "/"); res.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("HEAD / is closed to other origins")
	}
	if _, body := get(t, n.admin.Addr(), http.MethodGet, "/debug/pprof/cmdline"); body == "" {
		t.Error("no profiles on the admin listener")
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n.ready.Load() {
		t.Error("still ready after the end")
	}

	again, stop := serve(t, cfg)
	if again.pair != n.pair {
		t.Error("the second start has other keys")
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

func TestDemoIsTheSameAtEveryStart(t *testing.T) {
	cfg := testConfig(t)
	printed := func() string {
		n, err := newNode(t.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := n.demo(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		if err := n.close(); err != nil {
			t.Fatal(err)
		}
		_, people, _ := strings.Cut(out.String(), "\n\n")
		people, _, _ = strings.Cut(people, "The first meeting")
		return people
	}
	first := printed()
	if strings.Count(first, "sign in as") != 2 {
		t.Errorf("printed %q", first)
	}
	if second := printed(); second != first {
		t.Errorf("then printed %q, first %q", second, first)
	}
}

func TestPortInUseIsSaid(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	cfg := testConfig(t)
	cfg.HTTP.Listen = l.Addr().String()
	if _, err := newNode(t.Context(), cfg, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("error %v", err)
	}
}
