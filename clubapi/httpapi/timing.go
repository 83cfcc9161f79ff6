package httpapi

import (
	"fmt"
	"net/http"
	"time"
)

// timed tells in Server-Timing how many milliseconds an answer took to make, up to its first byte.
func (s *server) timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&stopwatch{ResponseWriter: w, now: s.Now, began: s.Now()}, r)
	})
}

// stopwatch is a response that tells when it began.
type stopwatch struct {
	http.ResponseWriter
	now   func() time.Time
	began time.Time
	told  bool
}

// WriteHeader implements http.ResponseWriter.
func (w *stopwatch) WriteHeader(status int) {
	w.tell()
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *stopwatch) Write(b []byte) (int, error) {
	w.tell()
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController find what the response can besides.
func (w *stopwatch) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *stopwatch) tell() {
	if w.told {
		return
	}
	w.told = true
	took := w.now().Sub(w.began)
	w.Header().Set("Server-Timing", fmt.Sprintf("app;dur=%.1f", float64(took)/float64(time.Millisecond)))
}
