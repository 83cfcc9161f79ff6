package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built(t *testing.T) *site {
	t.Helper()
	var packed strings.Builder
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte("let a = 1")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := newSite(fstest.MapFS{
		".keep":                {},
		"index.html":           {Data: []byte(`<!doctype html><meta property="csp-nonce" nonce="{{nonce}}"><title>app</title>`)},
		"api-docs.html":        {Data: []byte(`<!doctype html><meta property="csp-nonce" nonce="{{nonce}}"><title>docs</title>`)},
		"favicon.svg":          {Data: []byte("<svg/>")},
		"assets/app-1a.js":     {Data: []byte("let a = 1")},
		"assets/app-1a.js.gz":  {Data: []byte(packed.String())},
		"assets/style-2b.css":  {Data: []byte("a{}")},
		"assets/nested/x.wasm": {Data: []byte{0}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(t *testing.T, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPaths(t *testing.T) {
	s := built(t)
	for _, c := range []struct {
		name, method, target string
		status               int
		ctype, cache         string
	}{
		{"index at the root", "GET", "/", 200, "text/html; charset=utf-8", cacheNever},
		{"index for a page of the app", "GET", "/conferences/7/meeting", 200, "text/html; charset=utf-8", cacheNever},
		{"head of the root", "HEAD", "/", 200, "text/html; charset=utf-8", cacheNever},
		{"hashed file for ever", "GET", "/assets/app-1a.js", 200, "text/javascript; charset=utf-8", cacheForever},
		{"style", "GET", "/assets/style-2b.css", 200, "text/css; charset=utf-8", cacheForever},
		{"file beside the index", "GET", "/favicon.svg", 200, "image/svg+xml", cacheCheck},
		{"index by its name", "GET", "/index.html", 200, "text/html; charset=utf-8", cacheNever},
		{"documentation of the API", "GET", "/api/docs", 200, "text/html; charset=utf-8", cacheNever},
		{"documentation by its file", "GET", "/api-docs.html", 404, "text/plain; charset=utf-8", ""},
		{"missing asset", "GET", "/assets/gone-9z.js", 404, "text/plain; charset=utf-8", ""},
		{"missing file", "GET", "/robots.txt", 404, "text/plain; charset=utf-8", ""},
		{"other door", "GET", "/api/v1/nothing", 404, "text/plain; charset=utf-8", ""},
		{"placeholder file is not served", "GET", "/.keep", 404, "text/plain; charset=utf-8", ""},
		{"path that climbs stays inside", "GET", "/../../assets/app-1a.js", 200, "text/javascript; charset=utf-8", cacheForever},
		{"wrong method", "POST", "/", 405, "text/plain; charset=utf-8", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := ask(t, s, c.method, c.target)
			if res.StatusCode != c.status || res.Header.Get("Content-Type") != c.ctype || res.Header.Get("Cache-Control") != c.cache {
				t.Errorf("got %d %q %q", res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("Cache-Control"))
			}
		})
	}
}

func TestFence(t *testing.T) {
	s := built(t)
	for _, target := range []string{"/", "/assets/app-1a.js", "/assets/gone.js"} {
		h := ask(t, s, "GET", target).Header
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", target, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin", "Access-Control-Allow-Origin": "*",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", target, name, h.Get(name))
			}
		}
		if !strings.Contains(h.Get("Permissions-Policy"), "camera=(self), microphone=(self), display-capture=(self)") {
			t.Errorf("%s: %q", target, h.Get("Permissions-Policy"))
		}
	}
}

func TestNonceIsOfOneAnswer(t *testing.T) {
	s := built(t)
	seen := map[string]bool{}
	for range 3 {
		res := ask(t, s, "GET", "/clubs/1")
		page, policy := body(t, res), res.Header.Get("Content-Security-Policy")
		_, rest, _ := strings.Cut(page, `nonce="`)
		nonce, _, _ := strings.Cut(rest, `"`)
		if len(nonce) < 22 || seen[nonce] || !strings.Contains(policy, "style-src 'self' 'nonce-"+nonce+"';") {
			t.Errorf("nonce %q in the page, policy %q", nonce, policy)
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("policy %q", policy)
		}
		seen[nonce] = true
	}
}

func TestCompression(t *testing.T) {
	s := built(t)
	for header, packed := range map[string]bool{
		"": false, "gzip, br": true, "br;q=1, GZIP;q=0.5": true, "gzip;q=0": false, "gzip; q=0.000": false, "identity": false,
	} {
		res := ask(t, s, "GET", "/assets/app-1a.js", "Accept-Encoding", header)
		if got := res.Header.Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("Accept-Encoding %q: compressed %v", header, got)
		}
		if !packed {
			if got := body(t, res); got != "let a = 1" {
				t.Errorf("Accept-Encoding %q: body %q", header, got)
			}
		}
	}
}

func TestUnchangedFileIsNotSentAgain(t *testing.T) {
	s := built(t)
	first := ask(t, s, "GET", "/assets/app-1a.js")
	again := ask(t, s, "GET", "/assets/app-1a.js", "If-None-Match", first.Header.Get("Etag"))
	if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
		t.Errorf("got %d", again.StatusCode)
	}
}

func TestWithoutBuiltApp(t *testing.T) {
	s, err := newSite(fstest.MapFS{".keep": {}})
	if err != nil {
		t.Fatal(err)
	}
	res := ask(t, s, "GET", "/clubs/1")
	if got := body(t, res); res.StatusCode != 200 || !strings.Contains(got, "make web") {
		t.Errorf("got %d %q", res.StatusCode, got)
	}
}

func TestHandlerServesWhatIsEmbedded(t *testing.T) {
	h, err := Handler()
	if err != nil {
		t.Fatal(err)
	}
	if res := ask(t, h, "GET", "/"); res.StatusCode != 200 {
		t.Errorf("got %d", res.StatusCode)
	}
}

func FuzzServe(f *testing.F) {
	f.Add("/", "gzip")
	f.Add("/assets/../index.html", "gzip;q=0")
	f.Add("/%00/..%2f", "br;;q=,")
	f.Add("/clubs/1?x=2", "")
	s, err := newSite(fstest.MapFS{"index.html": {Data: []byte("x")}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, target, encoding string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = target
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 404 {
			t.Errorf("%q: %d", target, w.Code)
		}
	})
}
