package nodes

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"salon/sfu/id"
	"salon/signaling/cluster"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds what a test waits for; nothing takes that long.
const patience = 20 * time.Second

func peers(tb testing.TB, cfg Config, self id.Node) *Peers {
	tb.Helper()
	p, err := NewPeers(cfg, self, key(tb, secret), time.Now)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(p.Close)
	return p
}

// inside opens the inside door of the node called name.
func inside(tb testing.TB, name id.Node, behind Behind) (cluster.Node, *Door) {
	tb.Helper()
	d := NewDoor(name, key(tb, secret), behind, slog.New(slog.DiscardHandler), time.Now)
	s := httptest.NewServer(d)
	tb.Cleanup(s.Close)
	return cluster.Node{ID: name, Address: s.Listener.Addr().String()}, d
}

// outside has the node ND_a pass on what comes to it, and tells how that went.
type outside struct {
	*httptest.Server
	errs chan error
}

func pass(tb testing.TB, p *Peers, to cluster.Place, leave <-chan struct{}) outside {
	tb.Helper()
	o := outside{errs: make(chan error, 8)}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := p.Pass(w, r, to, leave)
		o.errs <- err
		if err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	tb.Cleanup(o.Close)
	return o
}

func (o outside) ended(tb testing.TB) error {
	tb.Helper()
	select {
	case err := <-o.errs:
		return err
	case <-time.After(patience):
		tb.Fatal("the request doesn't end")
		return nil
	}
}

func placeAt(n cluster.Node) cluster.Place {
	return cluster.Place{Node: n, Lease: cluster.Lease{Room: "book", Node: n.ID, Epoch: 7}}
}

func get(tb testing.TB, target string, change func(*http.Request)) (*http.Response, string) {
	tb.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, target, nil)
	if err != nil {
		tb.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	lines := &http.Transport{DisableKeepAlives: true}
	res, err := lines.RoundTrip(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return res, string(body)
}

func TestNodesAnswerEachOther(t *testing.T) {
	n, _ := inside(t, "ND_b", Behind{
		Answer: func(_ context.Context, room id.Room) (cluster.Answer, error) {
			switch room {
			case "":
				return cluster.Answer{Reaches: true}, nil
			case "a & b/책?":
				return cluster.Answer{Holds: true, Epoch: 9}, nil
			default:
				return cluster.Answer{}, cluster.ErrAway
			}
		},
		Inside: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			hop, _ := HopOf(r.Context())
			b, _ := io.ReadAll(r.Body)
			if r.URL.Path != "/internal/visits" || r.Header.Get(header) != "" {
				w.WriteHeader(http.StatusTeapot)
			}
			_, _ = io.WriteString(w, string(hop.From)+" says "+string(b))
		}),
	})
	p := peers(t, Config{}, "ND_a")
	ctx := t.Context()
	if a, err := p.Ask(ctx, n, ""); err != nil || a != (cluster.Answer{Reaches: true}) {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := p.Ask(ctx, n, "a & b/책?"); err != nil || a != (cluster.Answer{Holds: true, Epoch: 9}) {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := p.Ask(ctx, n, "other"); err == nil {
		t.Error("an error over there is none here")
	}
	if b, err := p.Call(ctx, n, http.MethodPost, "/internal/visits", []byte("hello")); err != nil || string(b) != "ND_a says hello" {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := p.Call(ctx, n, http.MethodPost, "/internal/other", nil); !errors.Is(err, errStatus) {
		t.Errorf("got %v", err)
	}
	if _, err := p.Call(ctx, n, http.MethodPost, "/internal/visits", make([]byte, MaxMessage+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

func TestNodesThatDontKnowUs(t *testing.T) {
	n, d := inside(t, "ND_b", Behind{Answer: func(context.Context, id.Room) (cluster.Answer, error) { return cluster.Answer{}, nil }})
	stranger, err := NewPeers(Config{}, "ND_a", key(t, "another"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	late, err := NewPeers(Config{}, "ND_a", key(t, secret), func() time.Time { return time.Now().Add(-time.Minute) })
	if err != nil {
		t.Fatal(err)
	}
	moved := n
	moved.ID = "ND_gone"
	for name, c := range map[string]struct {
		p *Peers
		n cluster.Node
	}{
		"another secret":               {stranger, n},
		"a clock behind":               {late, n},
		"another node at this address": {peers(t, Config{}, "ND_a"), moved},
	} {
		if _, err := c.p.Ask(t.Context(), c.n, ""); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
		c.p.Close()
	}
	if d.Refused() != 3 {
		t.Errorf("%d refused", d.Refused())
	}
}

func TestStrangersLearnNothing(t *testing.T) {
	n, _ := inside(t, "ND_b", Behind{
		Answer: func(context.Context, id.Room) (cluster.Answer, error) { panic("answered") },
		Passed: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("passed") }),
	})
	for _, path := range []string{"/", "/rtc?access_token=a.b.c", "/internal/registry", "/internal/none", "/healthz"} {
		res, body := get(t, "http://"+n.Address+path, nil)
		if res.StatusCode != http.StatusUnauthorized || body != "" {
			t.Errorf("%s: %d %q", path, res.StatusCode, body)
		}
	}
}

func TestABodyThatWasChangedIsRefused(t *testing.T) {
	n, _ := inside(t, "ND_b", Behind{Inside: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("inside") })})
	k := key(t, secret)
	for name, hop := range map[string]Hop{
		"another body":     {From: "ND_a", To: "ND_b", At: time.Now(), digest: "x"},
		"a client's body":  {From: "ND_a", To: "ND_b", At: time.Now()},
		"a client's words": {From: "ND_a", To: "ND_b", At: time.Now(), Room: "book", Epoch: 7},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+n.Address+"/internal/visits", strings.NewReader("b"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(header, k.sign(hop, http.MethodPost, "/internal/visits"))
		res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
}

func TestARequestArrivesAsItCame(t *testing.T) {
	n, _ := inside(t, "ND_b", Behind{Passed: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hop, _ := HopOf(r.Context())
		if hop.Room != "book" || hop.Epoch != 7 || hop.From != "ND_a" || r.Header.Get(header) != "" {
			t.Errorf("hop %+v, header %q", hop, r.Header.Get(header))
		}
		if r.RemoteAddr != "127.0.0.1:0" || r.Header.Get("X-Forwarded-For") != "10.0.0.1" || r.Host != "salon.example" {
			t.Errorf("from %s for %s to %s", r.RemoteAddr, r.Header.Get("X-Forwarded-For"), r.Host)
		}
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, r.RequestURI)
	})})
	o := pass(t, peers(t, Config{}, "ND_a"), placeAt(n), nil)
	long := "//rtc//validate/?access_token=a.b%20c&x=%zz;&join_request=" + strings.Repeat("A", 100<<10)
	res, body := get(t, o.URL+long, func(r *http.Request) {
		r.Header.Set("X-Forwarded-For", "10.0.0.1")
		r.Header.Set(header, "v1.of.somebody")
		r.Host = "salon.example"
	})
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "2" || body != long {
		t.Errorf("%d %v %.60q", res.StatusCode, res.Header, body)
	}
	if err := o.ended(t); err != nil {
		t.Error(err)
	}
}

func TestWhatCantBePassedOnIsNotAnswered(t *testing.T) {
	silent := make(chan struct{})
	astray, _ := inside(t, "ND_astray", Behind{Passed: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(StatusAstray)
	})})
	slow, _ := inside(t, "ND_slow", Behind{Passed: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-silent:
		}
	})})
	defer close(silent)
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := cluster.Node{ID: "ND_gone", Address: l.Addr().String()}
	_ = l.Close()
	moved := astray
	moved.ID = "ND_before"
	p := peers(t, Config{AnswerTimeout: 50 * time.Millisecond}, "ND_a")
	for name, c := range map[string]struct {
		n    cluster.Node
		want error
	}{
		"not there":                    {astray, ErrAstray},
		"silent":                       {slow, ErrUnreached},
		"dead":                         {gone, ErrUnreached},
		"no address":                   {cluster.Node{ID: "ND_x"}, ErrUnreached},
		"another node at this address": {moved, ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			o := pass(t, p, placeAt(c.n), nil)
			if res, _ := get(t, o.URL+"/rtc", nil); res.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("%d", res.StatusCode)
			}
			if err := o.ended(t); !errors.Is(err, c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestErrorsHoldNoToken(t *testing.T) {
	p := peers(t, Config{}, "ND_a")
	o := pass(t, p, placeAt(cluster.Node{ID: "ND_b", Address: "127.0.0.1:1"}), nil)
	_, _ = get(t, o.URL+"/rtc?access_token=aaa.bbb.ccc", nil)
	if err := o.ended(t); err == nil || strings.Contains(err.Error(), "aaa") {
		t.Errorf("got %v", err)
	}
}

func TestNothingIsPassedOnTwice(t *testing.T) {
	c, _ := inside(t, "ND_c", Behind{Passed: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("passed on twice") })})
	second := peers(t, Config{}, "ND_b")
	loops := make(chan error, 1)
	b, _ := inside(t, "ND_b", Behind{Passed: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api") {
			loops <- second.Forward(w, r, c)
			return
		}
		loops <- second.Pass(w, r, placeAt(c), nil)
	})})
	first := peers(t, Config{}, "ND_a")
	o := pass(t, first, placeAt(b), nil)
	_, _ = get(t, o.URL+"/rtc", nil)
	if err := <-loops; !errors.Is(err, ErrLoop) {
		t.Errorf("got %v", err)
	}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := first.Forward(w, r, b); err != nil {
			t.Error(err)
		}
	}))
	defer api.Close()
	_, _ = get(t, api.URL+"/api/v1/clubs", nil)
	if err := <-loops; !errors.Is(err, ErrLoop) {
		t.Errorf("got %v", err)
	}
}

func TestForwardCarriesBodiesAsTheyCome(t *testing.T) {
	n, _ := inside(t, "ND_b", Behind{Passed: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.RemoteAddr != "127.0.0.1:0" || r.Header.Get("X-Forwarded-For") != "10.0.0.1" || r.Header.Get("Cookie") != "a=b" {
			t.Errorf("from %s, %v", r.RemoteAddr, r.Header)
		}
		// One byte at a time: what was said so far is answered before the rest has come.
		rc := http.NewResponseController(w)
		if err := rc.EnableFullDuplex(); err != nil {
			t.Error(err)
		}
		buf := make([]byte, 1)
		for {
			if _, err := r.Body.Read(buf); err != nil {
				return
			}
			_, _ = w.Write(bytes.ToUpper(buf))
			_ = rc.Flush()
		}
	})})
	p := peers(t, Config{}, "ND_a")
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex()
		if err := p.Forward(w, r, n); err != nil {
			t.Error(err)
		}
	}))
	defer front.Close()
	body, says := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, front.URL+"/api/v1/notes", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", "10.0.0.1")
	req.Header.Set("Cookie", "a=b")
	var talk sync.WaitGroup
	talk.Go(func() { _, _ = io.WriteString(says, "a") })
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	buf := make([]byte, 1)
	for i, want := range "ABC" {
		if _, err := io.ReadFull(res.Body, buf); err != nil || string(buf) != string(want) {
			t.Fatalf("%q, %v", buf, err)
		}
		talk.Wait()
		if i < 2 {
			talk.Go(func() { _, _ = io.WriteString(says, string("bc"[i])) })
		}
	}
	_ = says.Close()
	dead := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := p.Forward(w, r, cluster.Node{ID: "ND_x", Address: "127.0.0.1:1"}); !errors.Is(err, ErrUnreached) {
			t.Errorf("got %v", err)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer dead.Close()
	if res, _ := get(t, dead.URL+"/api/v1/clubs", nil); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestConfigIsChecked(t *testing.T) {
	if _, err := NewPeers(Config{DialTimeout: -1}, "ND_a", key(t, secret), time.Now); !errors.Is(err, ErrConfig) {
		t.Errorf("got %v", err)
	}
	if _, err := NewPeers(Config{}, "a.b", key(t, secret), time.Now); !errors.Is(err, ErrConfig) {
		t.Errorf("got %v", err)
	}
}
