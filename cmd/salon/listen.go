package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"salon/configs"
	"salon/web"
)

// Limits of the HTTP listeners. A hijacked WebSocket leaves them behind: net/http clears
// the deadlines of a connection it hands over.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 60 * time.Second
	answerTimeout = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	// maxHeader bounds the request line too, which carries an SDP offer of up to
	// 25 kB when a client joins with an uncompressed join_request.
	maxHeader = 128 << 10
)

// errPublicProfiles keeps the operator's listener away from strangers.
var errPublicProfiles = errors.New("admin.listen must name a loopback address such as 127.0.0.1:7883")

// secure tells whether browsers reach this node by https: its own, or a proxy's.
func secure(cfg configs.HTTP) bool {
	return cfg.CertFile != "" || strings.HasPrefix(cfg.PublicURL, "https://")
}

// newServer returns a server within the limits.
func (n *node) newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       bodyTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(n.log.Handler(), slog.LevelDebug),
	}
}

// openHTTP puts the router before the parts and opens the listeners for clients and for the operator.
func (n *node) openHTTP(ctx context.Context) error {
	site, err := web.Handler()
	if err != nil {
		return fmt.Errorf("open web app: %w", err)
	}
	n.server = n.newServer(&router{
		signal:  n.doors,
		api:     n.api,
		web:     site,
		metrics: metrics(n.media, n.doors, n.measured()...),
		ready:   n.readiness,
		secure:  secure(n.cfg.HTTP),
	})
	n.passing = &router{signal: n.doors, api: n.api, web: http.NotFoundHandler(), metrics: http.NotFoundHandler(), ready: n.readiness}
	var lc net.ListenConfig
	if n.listener, err = lc.Listen(ctx, "tcp", n.cfg.HTTP.Listen); err != nil {
		return fmt.Errorf("listen for http: %w", err)
	}
	return n.openAdmin(ctx)
}

func (n *node) openAdmin(ctx context.Context) error {
	if n.cfg.Admin.Listen == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(n.cfg.Admin.Listen)
	if err != nil {
		return fmt.Errorf("admin.listen: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errPublicProfiles
	}
	var lc net.ListenConfig
	if n.admin, err = lc.Listen(ctx, "tcp", n.cfg.Admin.Listen); err != nil {
		return fmt.Errorf("listen for admin: %w", err)
	}
	return nil
}
