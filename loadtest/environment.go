package loadtest

import (
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"salon/signaling/token"
)

// An environment is what all participants of a run share. Nothing in it changes while they run.
type environment struct {
	cfg    Config
	server *url.URL // ws or wss
	local  netip.Addr
	cert   *certificate
	window *window
	pace   *pace
	log    *slog.Logger
	quiet  *slog.Logger // for what would say the same for each participant
	run    string       // names this run's rooms
}

func newEnvironment(cfg Config, run string, log *slog.Logger) (*environment, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	u.Path = strings.TrimSuffix(u.Path, "/")
	local, err := localAddress(u)
	if err != nil {
		return nil, err
	}
	cert, err := newCertificate()
	if err != nil {
		return nil, err
	}
	w := &window{}
	w.since.Store(1<<63 - 1)
	return &environment{
		cfg: cfg, server: u, local: local, cert: cert, window: w, pace: newPace(),
		log: log, quiet: slog.New(slog.DiscardHandler), run: run,
	}, nil
}

// room names a room of this run.
func (e *environment) room(n int) string { return fmt.Sprintf("%s-%d", e.run, n) }

// joinURL is where a participant opens its WebSocket: the way of clients with a single connection.
func (e *environment) joinURL(room, identity, packed string, now time.Time) (string, error) {
	raw, err := token.Mint(token.Keys{e.cfg.Key: e.cfg.Secret}, token.Claims{
		Key: e.cfg.Key, Identity: identity, Name: identity, Grant: token.Grant{RoomJoin: true, Room: room},
	}, now)
	if err != nil {
		return "", fmt.Errorf("mint token: %w", err)
	}
	u := *e.server
	u.Path += "/rtc/v1"
	u.RawQuery = url.Values{
		"access_token": {raw}, "join_request": {packed}, "sdk": {"go"}, "protocol": {"17"}, "version": {"2.23.0"},
	}.Encode()
	return u.String(), nil
}
