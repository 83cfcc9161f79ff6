package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"salon/clubapi"
)

// idempotencyKey is the header of a request that its client may repeat.
const idempotencyKey = "Idempotency-Key"

// underWay knows the requests with a key that are being served. Together with the store it
// tells a request that has not been answered yet from one whose answer was lost. Safe for
// concurrent use.
type underWay struct {
	mu       sync.Mutex
	requests map[underWayKey][32]byte
}

type underWayKey struct {
	user int64
	key  string
}

// begin registers a request, or says what stands against it.
func (u *underWay) begin(k underWayKey, request [32]byte) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch other, ok := u.requests[k]; {
	case !ok:
		u.requests[k] = request
		return nil
	case other != request:
		return errKeyReused
	default:
		return errKeyInProgress
	}
}

func (u *underWay) end(k underWayKey) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.requests, k)
}

// once is the middleware that lets a request with an Idempotency-Key take effect once: its
// repetitions are answered as it was. Refusals are not kept, since they changed nothing. Keys
// are each user's own; where nobody is signed in they mean nothing.
func (s *server) once(contract *contract, u *underWay) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			op, _ := contract.of(c)
			r := c.Request()
			k := underWayKey{user: callerOf(r.Context()).user.ID, key: r.Header.Get(idempotencyKey)}
			if !op.repeatable || k.key == "" || k.user == 0 {
				return next(c)
			}
			request, err := fingerprint(r)
			if err != nil {
				return err
			}
			if err := u.begin(k, request); err != nil {
				return err
			}
			defer u.end(k)
			switch known, err := s.Store.Answer(r.Context(), k.user, k.key, s.Now()); {
			case errors.Is(err, clubapi.ErrNotFound):
				return s.first(c, next, &clubapi.Once{User: k.user, Key: k.key, Request: request, At: s.Now()})
			case err != nil:
				return fmt.Errorf("look up key: %w", err)
			default:
				return replay(c, known, request)
			}
		}
	}
}

// fingerprint reads the body and puts it back.
func fingerprint(r *http.Request) (sum [32]byte, err error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return sum, fmt.Errorf("%w: %w", errMalformed, err)
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n", r.Method, r.URL.RequestURI())
	h.Write(raw)
	h.Sum(sum[:0])
	return sum, nil
}

// first serves a request that nobody has seen, and keeps the answer before it is given, so
// that whoever did not get it can ask again.
func (s *server) first(c echo.Context, next echo.HandlerFunc, o *clubapi.Once) error {
	ctx := c.Request().Context()
	c.SetRequest(c.Request().WithContext(clubapi.WithOnce(ctx, o)))
	w := c.Response().Writer
	held := &heldAnswer{ResponseWriter: w, status: http.StatusOK}
	c.Response().Writer = held
	err := next(c)
	c.Response().Writer = w
	if err != nil {
		return err
	}
	if o.Taken && held.status < http.StatusBadRequest {
		// Whoever hung up may come back for it.
		keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.RequestTimeout)
		defer cancel()
		if err := s.Store.KeepAnswer(keep, o, held.answer()); err != nil {
			s.Log.WarnContext(ctx, "answer not kept for repetitions", "err", err)
		}
	}
	w.WriteHeader(held.status)
	if _, err := w.Write(held.body.Bytes()); err != nil {
		s.Log.DebugContext(ctx, "club answer not delivered", "err", err)
	}
	return nil
}

// replay answers as the first time.
func replay(c echo.Context, known clubapi.Answer, request [32]byte) error {
	switch {
	case known.Request != request:
		return errKeyReused
	case known.Status == 0:
		return errAnswerLost
	}
	for name, value := range known.Header {
		c.Response().Header().Set(name, value)
	}
	c.Response().WriteHeader(known.Status)
	if _, err := c.Response().Write(known.Body); err != nil {
		return fmt.Errorf("replay answer: %w", err)
	}
	return nil
}

// heldAnswer holds an answer back.
type heldAnswer struct {
	http.ResponseWriter

	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (h *heldAnswer) WriteHeader(status int) { h.status = status }

// Write implements http.ResponseWriter.
func (h *heldAnswer) Write(p []byte) (int, error) { return h.body.Write(p) }

// answer is what may be said again: no cookie, and nothing that another layer adds anew.
func (h *heldAnswer) answer() clubapi.Answer {
	a := clubapi.Answer{Status: h.status, Header: map[string]string{}, Body: h.body.Bytes()}
	for _, name := range []string{echo.HeaderContentType, echo.HeaderLocation, "ETag"} {
		if value := h.Header().Get(name); value != "" {
			a.Header[name] = value
		}
	}
	return a
}
