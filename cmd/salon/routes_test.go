package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestSecureHousesSaySo asks for the header that keeps browsers on https, on every answer
// of a house that has it, and on none of one that has not.
func TestSecureHousesSaySo(t *testing.T) {
	part := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	for _, secure := range []bool{true, false} {
		rt := &router{signal: part, api: part, web: part, metrics: part, ready: func() readiness { return isReady }, secure: secure}
		for _, path := range []string{"/", "/api/v1/clubs", "/api/docs", "/rtc", "/healthz", "/readyz", "/metrics"} {
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			if got := w.Header().Get("Strict-Transport-Security"); (got != "") != secure {
				t.Errorf("secure %v: %s answers with %q", secure, path, got)
			}
		}
	}
}

// TestDocumentationIsAPage asks for the page that shows the API, which is the web app's.
func TestDocumentationIsAPage(t *testing.T) {
	asked := ""
	name := func(n string) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = n })
	}
	rt := &router{signal: name("signal"), api: name("api"), web: name("web"), metrics: name("metrics"), ready: func() readiness { return isReady }}
	for path, want := range map[string]string{"/api/docs": "web", "//api//docs": "web", "/api/openapi.yaml": "api", "/api/docs/x": "api", "/api/v1/docs": "api"} {
		rt.ServeHTTP(httptest.NewRecorder(), &http.Request{Method: http.MethodGet, URL: httptest.NewRequest(http.MethodGet, "http://h"+path, nil).URL})
		if asked != want {
			t.Errorf("%s is answered by %s", path, asked)
		}
	}
}
