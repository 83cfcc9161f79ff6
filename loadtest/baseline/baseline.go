// Package baseline is the smallest SFU that pion makes ordinary: one PeerConnection for each participant with pion's
// default interceptors and its own sockets, one TrackLocalStaticRTP for each published track, one goroutine for each
// received track that reads packets and writes them to everybody. It exists to be measured, so that what a server
// costs can be said as a ratio to something that anybody can build again, on the same machine and in the same hour.
//
// It speaks as much of the client protocol as a load needs: joins over one connection, publishing, subscriptions to
// everything, keyframe requests, leaving. It never chooses layers, estimates bandwidth, routes data or limits anybody.
//
// Where the ordinary path leaves a choice, the cheaper one is taken: it is always the DTLS server and prefers
// AES-128-GCM, shares one certificate, gathers on one address, and answers with the codecs that were offered.
package baseline

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"salon/signaling/token"
	"salon/signaling/wire"
)

// Config is what a Server needs. All fields but Numbered must be set.
type Config struct {
	// Keys verify join tokens.
	Keys token.Keys
	// Host is the address that media is sent from and received at.
	Host netip.Addr
	// Now is the clock that tokens are checked by.
	Now func() time.Time
	// Numbered adds the interceptor that gives outgoing packets transport-wide numbers, which is not among pion's
	// defaults. Subscribers then send feedback on them ten times a second, which costs both ends.
	Numbered bool
}

// A Server is an http.Handler that serves the client protocol's WebSocket at /rtc/v1. It is safe for concurrent use.
type Server struct {
	cfg   Config
	api   *webrtc.API
	certs []webrtc.Certificate
	log   *slog.Logger

	sessions sync.WaitGroup
	ctx      context.Context
	cancel   context.CancelFunc

	rooms map[string]*room // guarded by mu; rooms stay: a measurement has few
	mu    sync.Mutex
}

// New returns a server without anybody in it. Close ends what its sessions started.
func New(cfg Config, log *slog.Logger) (*Server, error) {
	api, err := newAPI(cfg.Host, cfg.Numbered)
	if err != nil {
		return nil, err
	}
	certs, err := newCertificates()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Server{cfg: cfg, api: api, certs: certs, log: log, ctx: ctx, cancel: cancel, rooms: make(map[string]*room)}, nil
}

// ServeHTTP serves one session until it has ended.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/rtc/v1" {
		http.NotFound(w, r)
		return
	}
	query := r.URL.Query()
	claims, err := token.Verify(s.cfg.Keys, query.Get("access_token"), s.cfg.Now())
	if err != nil || !claims.Grant.RoomJoin {
		http.Error(w, "the token does not let its bearer in", http.StatusUnauthorized)
		return
	}
	request, err := wire.UnpackJoin(query.Get("join_request"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.sessions.Add(1)
	defer s.sessions.Done()
	if err := s.serve(w, r, claims, request); err != nil && s.ctx.Err() == nil {
		s.log.Debug("session ended", "participant", claims.Identity, "err", err)
	}
}

// Close ends all sessions and returns when everything they started has ended. No request may come any more.
func (s *Server) Close() {
	s.cancel()
	s.sessions.Wait()
}

// room finds a room, or makes it.
func (s *Server) room(name string) *room {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[name]
	if r == nil {
		r = &room{name: name, members: make(map[string]*member)}
		s.rooms[name] = r
	}
	return r
}

// connect makes a PeerConnection.
func (s *Server) connect() (*webrtc.PeerConnection, error) {
	pc, err := s.api.NewPeerConnection(webrtc.Configuration{Certificates: s.certs})
	if err != nil {
		return nil, fmt.Errorf("make connection: %w", err)
	}
	return pc, nil
}
