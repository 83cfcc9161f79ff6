package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// guard is the outermost layer: a panic becomes a 500, and every answer carries the
// headers that keep it from being sniffed, framed or cached.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				s.refuse(w, r, fmt.Errorf("%w: %v", errPanic, p))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// protect sets the headers of every answer.
func protect(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), display-capture=(), geolocation=()")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
}

// crossOrigin refuses changing requests that a browser sends for another site.
func (s *server) crossOrigin(next http.Handler) (http.Handler, error) {
	c := http.NewCrossOriginProtection()
	for _, origin := range s.cfg.TrustedOrigins {
		if err := c.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("%w: trusted origin: %w", errConfig, err)
		}
	}
	c.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, errCrossOrigin)
	}))
	return c.Handler(next), nil
}

// bound limits the body and the time of one request.
func (s *server) bound(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most, patience := s.cfg.most(r)
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		r = r.WithContext(ctx)
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}
