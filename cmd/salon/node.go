package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"salon/clubapi"
	"salon/clubapi/gallery"
	"salon/clubapi/httpapi"
	"salon/clubapi/sqlite"
	"salon/configs"
	"salon/sfu"
	"salon/sfu/id"
	"salon/signaling"
	"salon/web"
)

// Limits of the HTTP listener. A hijacked WebSocket leaves them behind: net/http clears
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

// databaseFile holds the clubs, in the data folder.
const databaseFile = "salon.db"

// pictureFolder holds the pictures people upload, in the data folder.
const pictureFolder = "pictures"

// errPublicProfiles keeps the runtime profiles away from strangers.
var errPublicProfiles = errors.New("admin.listen must name a loopback address such as 127.0.0.1:7883")

// A node is one running salon: the parts of the house, wired.
type node struct {
	cfg  configs.Config
	pair keyPair
	log  *slog.Logger

	now   func() time.Time
	id    id.Node // of this process
	store *sqlite.Store
	book  *guestbook
	shown *gallery.Gallery
	rules clubapi.Rules
	media *sfu.Server
	doors *signaling.Server

	ready    atomic.Bool
	listener net.Listener
	server   *http.Server
	admin    net.Listener // nil unless configured
}

// newNode opens everything and serves nothing yet. On an error nothing stays open.
func newNode(ctx context.Context, cfg configs.Config, log *slog.Logger) (*node, error) {
	n := &node{cfg: cfg, log: log, now: time.Now, id: id.NewNode()}
	if err := n.open(ctx); err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

func (n *node) open(ctx context.Context) error {
	if err := ensureDir(n.cfg.Data.Dir); err != nil {
		return err
	}
	var err error
	if n.pair, err = ensurePair(n.cfg); err != nil {
		return err
	}
	if n.store, err = sqlite.Open(ctx, filepath.Join(n.cfg.Data.Dir, databaseFile), n.log); err != nil {
		return err
	}
	n.book = newGuestbook(n.store, 0, n.log)
	if n.media, err = sfu.New(n.cfg.Media, n.log); err != nil {
		return err
	}
	if n.doors, err = signaling.New(n.cfg.Signaling, signaling.Parts{
		Rooms: signaling.Local(n.media), Keys: n.pair.keys(), Log: n.log, Now: n.now,
	}); err != nil {
		return fmt.Errorf("signaling: %w", err)
	}
	return n.openHTTP(ctx)
}

// openClub puts the club API together: rules, store, sessions, and places in meetings.
func (n *node) openClub() (http.Handler, error) {
	var err error
	if n.rules, err = clubapi.NewRules(n.cfg.Club.Rules); err != nil {
		return nil, fmt.Errorf("club rules: %w", err)
	}
	if n.shown, err = gallery.New(n.cfg.Club.Pictures, filepath.Join(n.cfg.Data.Dir, pictureFolder), n.store); err != nil {
		return nil, err
	}
	cfg := n.cfg.Club.HTTP
	cfg.Secure = n.secure()
	h, err := httpapi.New(cfg, httpapi.Parts{
		Rules:    n.rules,
		Store:    n.store,
		Sessions: n.store.Sessions(n.now),
		Pictures: n.shown,
		Admitter: admitter{keys: n.pair.keys(), publicURL: n.cfg.HTTP.PublicURL, now: n.now},
		Now:      n.now,
		Log:      n.log,
	})
	if err != nil {
		return nil, fmt.Errorf("club api: %w", err)
	}
	return h, nil
}

// secure tells whether browsers reach this node by https: its own, or a proxy's.
func (n *node) secure() bool {
	return n.cfg.HTTP.CertFile != "" || strings.HasPrefix(n.cfg.HTTP.PublicURL, "https://")
}

func (n *node) openHTTP(ctx context.Context) error {
	site, err := web.Handler()
	if err != nil {
		return fmt.Errorf("open web app: %w", err)
	}
	club, err := n.openClub()
	if err != nil {
		return err
	}
	n.server = &http.Server{
		Handler: &router{
			signal:  n.doors,
			api:     club,
			web:     site,
			metrics: metrics(n.media, n.doors),
			ready:   &n.ready,
			secure:  n.secure(),
		},
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       bodyTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(n.log.Handler(), slog.LevelDebug),
	}
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

// close releases what open took, for the case that the node never ran.
func (n *node) close() error {
	var errs []error
	for _, l := range []net.Listener{n.listener, n.admin} {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	if n.media != nil {
		ended, end := context.WithCancel(context.Background())
		end()
		errs = append(errs, n.media.Run(ended)) // closes its sockets and returns
	}
	if n.store != nil {
		errs = append(errs, n.store.Close())
	}
	return errors.Join(errs...)
}
