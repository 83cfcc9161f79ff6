package signaling

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"salon/sfu/room"
)

// The client protocol's paths, without slashes at either end. Clients build them on what a person typed, so that
// slashes may be doubled or follow.
const (
	pathV0         = "rtc"
	pathV1         = "rtc/v1"
	pathValidateV0 = "rtc/validate"
	pathValidateV1 = "rtc/v1/validate"
)

// retryAfter is told to those who came at a bad moment, in seconds.
const retryAfter = "2"

// ServeHTTP answers the paths of the client protocol: the WebSocket ones, and those where a client whose WebSocket
// was refused asks why (browsers don't tell it). A WebSocket is served until its session has ended.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	allowOrigins(w.Header())
	path := clean(r.URL.Path)
	switch path {
	case pathV0, pathV1, pathValidateV0, pathValidateV1:
	default:
		s.refuse(w, errUnknownPath)
		return
	}
	switch r.Method {
	case http.MethodGet:
	case http.MethodHead, http.MethodOptions:
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		s.refuse(w, errMethod)
		return
	}
	mustPack := path == pathV1 || path == pathValidateV1
	who, err := admit(r, s.keys, mustPack, s.now())
	switch {
	case err != nil:
		s.refuse(w, err)
	case path == pathValidateV0 || path == pathValidateV1:
		s.validate(w, r, who)
	case !isUpgrade(r.Header):
		w.Header().Set("Upgrade", "websocket")
		s.refuse(w, errNotWebSocket)
	default:
		s.welcome(w, r, who)
	}
}

// allowOrigins lets pages from anywhere read our answers, the refusals too: a page can do no more with its person's
// browser than with its own server, because what counts is the token and not a cookie.
func allowOrigins(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	h.Set("Access-Control-Max-Age", "86400")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

func clean(path string) string {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	return strings.Join(parts, "/")
}

func isUpgrade(h http.Header) bool {
	return strings.EqualFold(h.Get("Upgrade"), "websocket")
}

// refuse answers with a status and a sentence.
func (s *Server) refuse(w http.ResponseWriter, err error) {
	s.counters.refused.Add(1)
	code, sentence := status(err)
	if code >= http.StatusInternalServerError && code != http.StatusServiceUnavailable {
		s.log.Error("request failed", "err", err)
	} else {
		s.log.Debug("request refused", "err", err)
	}
	if code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	say(w, code, sentence)
}

func say(w http.ResponseWriter, code int, sentence string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(sentence)))
	w.WriteHeader(code)
	_, _ = io.WriteString(w, sentence) // the client went: nobody is left to tell
}

// validate answers as the WebSocket path would, without letting anybody in.
func (s *Server) validate(w http.ResponseWriter, r *http.Request, who *admission) {
	here, err := s.direct(w, r, who.room, 0, func(epoch uint64) error {
		entry, err := s.director.Enter(r.Context(), who.room, epoch)
		if err != nil {
			return fmt.Errorf("enter room: %w", err)
		}
		defer entry.Done()
		return s.place(r.Context(), who)
	})
	switch {
	case err != nil:
		s.refuse(w, err)
	case here:
		say(w, http.StatusOK, "success")
	}
}

// place tells whether there is one for who at the moment.
func (s *Server) place(ctx context.Context, who *admission) error {
	if err := s.open.enter(s.cfg.MaxSessions); err != nil {
		return err
	}
	s.open.leave()
	for _, state := range s.rooms.List(ctx) {
		if state.Name != who.room {
			continue
		}
		limit := state.MaxParticipants
		if n := who.join.MaxParticipants; n > 0 {
			limit = n
		}
		if limit > 0 && state.Participants >= limit {
			return room.ErrFull
		}
	}
	return nil
}

// Shutdown lets nobody in any more, tells every client to leave and come back, those that it passed on to other nodes
// too, one after another, and waits until the last session has ended. When ctx ends first, it closes what is left without a word. It may be
// called more than once.
func (s *Server) Shutdown(ctx context.Context) error {
	drained, first := s.open.close()
	gone, _ := s.led.close()
	if first {
		close(s.closing)
		s.passages.clear(ctx)
	}
	var err error
	for _, left := range []<-chan struct{}{gone, drained} {
		select {
		case <-left:
		case <-ctx.Done():
			err = fmt.Errorf("shut down signaling: %w", ctx.Err())
			s.kill()
			<-left
		}
	}
	s.kill()
	return err
}
