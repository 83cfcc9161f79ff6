package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"salon/clubapi"
	"salon/configs"
	"salon/signaling/token"
)

func TestMain(m *testing.M) {
	if os.Getenv(playMain) != "" { // a process for a test to kill
		environ := slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, playMain) })
		os.Exit(run(os.Args[1:], &console{out: os.Stdout, err: os.Stderr, environ: environ}))
	}
	goleak.VerifyTestMain(m)
}

// call runs the command line and gives exit code, standard output and standard error.
func call(environ []string, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(args, &console{out: &o, err: &e, environ: environ})
	return code, o.String(), e.String()
}

func TestExitCodes(t *testing.T) {
	cases := map[string]struct {
		args []string
		env  []string
		code int
		says string
	}{
		"no command":       {nil, nil, 2, "expected one of"},
		"unknown command":  {[]string{"dance"}, nil, 2, "unexpected argument dance"},
		"unknown flag":     {[]string{"serve", "--confg", "x"}, nil, 2, "unknown flag --confg"},
		"help":             {[]string{"--help"}, nil, 0, ""},
		"version":          {[]string{"version"}, nil, 0, ""},
		"missing file":     {[]string{"config", "--config", "/nonexistent.yaml"}, nil, 1, "/nonexistent.yaml"},
		"unknown variable": {[]string{"config"}, []string{"SALON_HTTPLISTEN=x"}, 1, "SALON_HTTPLISTEN"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			code, _, errs := call(c.env, c.args...)
			if code != c.code || !strings.Contains(errs, c.says) {
				t.Errorf("code %d and %q, want %d and %q", code, errs, c.code, c.says)
			}
		})
	}
}

func TestConfigShowsOriginsAndNoSecret(t *testing.T) {
	secret := strings.Repeat("s", 40)
	code, out, errs := call([]string{"SALON_API_KEY=k", "SALON_API_SECRET=" + secret}, "config")
	if code != 0 {
		t.Fatal(errs)
	}
	if strings.Contains(out, secret) {
		t.Error("the secret is printed")
	}
	for _, want := range []string{"http.listen", ":7880", "default", "SALON_API_KEY"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

func TestKeysAreGeneratedOnceForTheOwnerOnly(t *testing.T) {
	cfg := configs.Defaults()
	cfg.Data.Dir = t.TempDir()
	if _, err := findPair(cfg); !errors.Is(err, errNotGenerated) {
		t.Fatalf("before the first start: %v", err)
	}
	first, err := ensurePair(cfg)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ensurePair(cfg)
	if err != nil || again != first {
		t.Fatalf("second start gives %v, %v", again, err)
	}
	path := filepath.Join(cfg.Data.Dir, keysFile)
	stat, err := os.Stat(path)
	if err != nil || stat.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", stat.Mode(), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := ensurePair(cfg); !errors.Is(err, errReadable) {
		t.Errorf("a file others can read: %v", err)
	}
}

func TestKeysRefused(t *testing.T) {
	long := strings.Repeat("x", secretLength)
	for name, c := range map[string]struct {
		cfg  configs.API
		file string
		want error
	}{
		"secret without key":   {configs.API{Secret: long}, "", errHalfPair},
		"key without secret":   {configs.API{Key: "k"}, "", errHalfPair},
		"short secret":         {configs.API{Key: "k", Secret: "short"}, "", errShortSecret},
		"empty file":           {configs.API{}, "\n", errNoPair},
		"file of short secret": {configs.API{}, "key: k\nsecret: s\n", errNoPair},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := configs.Config{API: c.cfg, Data: configs.Storage{Dir: t.TempDir()}}
			if c.file != "" {
				if err := os.WriteFile(filepath.Join(cfg.Data.Dir, keysFile), []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := ensurePair(cfg); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestConfiguredKeysWinOverTheFile(t *testing.T) {
	cfg := configs.Defaults()
	cfg.Data.Dir = t.TempDir()
	if _, err := ensurePair(cfg); err != nil {
		t.Fatal(err)
	}
	cfg.API = configs.API{Key: "mine", Secret: strings.Repeat("y", secretLength)}
	if pair, err := ensurePair(cfg); err != nil || pair.Key != "mine" {
		t.Errorf("got %v, %v", pair.Key, err)
	}
}

func TestTokenOpensTheRoomItNames(t *testing.T) {
	secret := strings.Repeat("s", secretLength)
	code, out, errs := call([]string{"SALON_API_KEY=k", "SALON_API_SECRET=" + secret},
		"token", "--room", "reading", "--identity", "ann", "--name", "Ann", "--ttl", "1m")
	if code != 0 {
		t.Fatal(errs)
	}
	c, err := token.Verify(token.Keys{"k": secret}, strings.TrimSpace(out), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if c.Identity != "ann" || c.Name != "Ann" || c.Grant.Room != "reading" || !c.Grant.RoomJoin {
		t.Errorf("the token says %+v", c)
	}
	if code, _, errs := call(nil, "token", "--room", "r", "--identity", "i", "--ttl=-1s"); code != 1 {
		t.Errorf("a dead token: code %d, %s", code, errs)
	}
}

func TestAdmissionEndsWithItsConference(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	d := admitter{keys: token.Keys{"k": strings.Repeat("s", secretLength)}, now: func() time.Time { return now }}
	a := clubapi.Admission{Room: "conference-1", Identity: "user-2", Name: "Ann", BaseURL: "ws://here:1", Until: now.Add(time.Hour)}
	place, err := d.Admit(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if place.URL != "ws://here:1" || !place.ExpiresAt.Equal(a.Until) {
		t.Errorf("place %+v", place)
	}
	if _, err := token.Verify(d.keys, place.Token, a.Until.Add(-time.Second)); err != nil {
		t.Errorf("before the end: %v", err)
	}
	a.Until = now.Add(1000 * time.Hour)
	d.publicURL = "https://salon.example/"
	if place, err = d.Admit(t.Context(), a); err != nil || !place.ExpiresAt.Equal(now.Add(token.DefaultLife)) || place.URL != "wss://salon.example" {
		t.Errorf("place %+v, %v", place, err)
	}
}

func TestRouter(t *testing.T) {
	say := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, http.StatusOK, name+" "+r.URL.Path) })
	}
	is := isNotReady
	rt := &router{
		signal: say("signal"), api: say("api"), web: say("web"), metrics: say("metrics"), ready: func() readiness { return is },
	}
	for path, want := range map[string]string{
		"/rtc":             "signal /rtc",
		"/rtc/v1/validate": "signal /rtc/v1/validate",
		"//rtc//v1":        "signal /rtc/v1",
		"/rtcx":            "web /rtcx",
		"/api/v1/clubs":    "api /api/v1/clubs",
		"/metrics":         "metrics /metrics",
		"/clubs/3":         "web /clubs/3",
		"/":                "web /",
		"/healthz":         "ok",
		"/readyz":          "not ready",
	} {
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://salon"+path, http.NoBody))
		if got := strings.TrimSpace(w.Body.String()); got != want {
			t.Errorf("%s is answered by %q, want %q", path, got, want)
		}
	}
	for _, is = range []readiness{isReady, isDegraded} {
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody))
		if w.Code != http.StatusOK || w.Body.String() != string(is)+"\n" {
			t.Errorf("node that is %s answers %d %q", is, w.Code, w.Body)
		}
	}
}

func TestProfilesStayOnLoopback(t *testing.T) {
	for addr, want := range map[string]error{"0.0.0.0:0": errPublicProfiles, ":0": errPublicProfiles, "127.0.0.1:0": nil, "localhost:0": nil} {
		n := &node{cfg: configs.Config{Admin: configs.Admin{Listen: addr}}, log: slog.New(slog.DiscardHandler)}
		err := n.openAdmin(context.Background())
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", addr, err, want)
		}
		if err := n.close(); err != nil {
			t.Error(err)
		}
	}
}

func TestLeftoversAreSeen(t *testing.T) {
	quit := make(chan struct{})
	ended := make(chan struct{})
	go func() { <-quit; close(ended) }()
	dump := stacks()
	close(quit)
	<-ended
	found := false
	for _, g := range leftovers(dump) {
		found = found || strings.Contains(g, "TestLeftoversAreSeen.func")
	}
	if !found {
		t.Errorf("the goroutine is not among\n%s", dump)
	}
}
