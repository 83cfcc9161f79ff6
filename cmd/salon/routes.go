package main

import (
	"net/http"
	"net/http/pprof"
	"strings"
)

// A router sends each request to the part of the house that answers it. Unlike
// http.ServeMux it never redirects, because a WebSocket client would not follow:
// repeated slashes count as one.
type router struct {
	signal  http.Handler // the WebSocket door: /rtc, /rtc/v1 and their validate
	api     http.Handler // /api/
	web     http.Handler // everything else
	metrics http.Handler
	ready   func() readiness
	secure  bool // browsers come by https, here or at a proxy
}

// ServeHTTP dispatches by the first segment of the path.
func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.URL.Path, "//") {
		r.URL.Path, r.URL.RawPath = squeeze(r.URL.Path), ""
	}
	if rt.secure {
		// A year, this name alone: what else lives below it is not ours to decide (RFC 6797).
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	}
	switch first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); first {
	case "rtc":
		rt.signal.ServeHTTP(w, r)
	case "api":
		if r.URL.Path == "/api/docs" {
			rt.web.ServeHTTP(w, r) // a page that shows what the API says of itself
			return
		}
		rt.api.ServeHTTP(w, r)
	case "healthz":
		answer(w, http.StatusOK, "ok")
	case "readyz":
		is := rt.ready()
		answer(w, is.status(), string(is))
	case "metrics":
		rt.metrics.ServeHTTP(w, r)
	default:
		// Client SDKs probe HEAD / from other origins to learn whether they are online:
		// the web app answers with an open Access-Control-Allow-Origin.
		rt.web.ServeHTTP(w, r)
	}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // the peer may be gone; nobody else cares
}

// squeeze turns every run of slashes into one.
func squeeze(path string) string {
	var b strings.Builder
	for i := range len(path) {
		if path[i] != '/' || i == 0 || path[i-1] != '/' {
			b.WriteByte(path[i])
		}
	}
	return b.String()
}

// operator serves the listener that only this machine reaches: the runtime profiles at /debug/pprof, and POST /drain,
// which ends the node as SIGTERM does.
func (n *node) operator() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("POST /drain", func(w http.ResponseWriter, _ *http.Request) {
		select {
		case n.drain <- struct{}{}:
		default: // it was asked before
		}
		answer(w, http.StatusAccepted, "draining")
	})
	return mux
}
