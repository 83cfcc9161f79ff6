package client

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/peer"
	"salon/loadtest/socket"
	"salon/signaling/token"
)

// An Environment is what all participants of a run share. Nothing in it changes while they run.
type Environment struct {
	server *url.URL // ws or wss
	keys   token.Keys
	key    string // of keys, that signs
	media  media.Maker
	seed   uint64
	two    bool // connections for each
	peers  *peer.Setting
	Window *measure.Window // opened by whoever measures
	Well   *socket.Well    // likewise
	Pace   *Pace           // run by whoever runs the participants
	log    *slog.Logger
	run    string // names this run's rooms
}

// A Config is what an environment is made of.
type Config struct {
	URL, Key, Secret string
	Run              string // names the run's rooms
	Media            media.Maker
	Seed             uint64
	NoData, AESCM    bool // see peer.Setting
	Waiting, Singly  bool // see socket.Config
	Two              bool // connections for each participant: the older form of the protocol
}

// NewEnvironment finds the way to the server and prepares what participants share. The environment's Window is closed,
// and nobody runs its Pace.
func NewEnvironment(cfg Config, log *slog.Logger) (*Environment, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("read url: %w", err)
	}
	u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	u.Path = strings.TrimSuffix(u.Path, "/")
	local, err := localAddress(u)
	if err != nil {
		return nil, err
	}
	well := socket.NewWell(socket.Config{Waiting: cfg.Waiting, Singly: cfg.Singly})
	peers, err := peer.NewSetting(peer.Setting{Local: local, Video: cfg.Media.VideoCodec(), NoData: cfg.NoData, AESCM: cfg.AESCM, Well: well, Log: log})
	if err != nil {
		return nil, err
	}
	return &Environment{
		server: u, keys: token.Keys{cfg.Key: cfg.Secret}, key: cfg.Key, media: cfg.Media, seed: cfg.Seed, two: cfg.Two,
		peers: peers, Well: well, Window: measure.NewWindow(), Pace: newPace(), log: log, run: cfg.Run,
	}, nil
}

// room names a room of this run.
func (e *Environment) room(n int) string { return fmt.Sprintf("%s-%d", e.run, n) }

// joinURL is where a participant opens its WebSocket: the way of clients with a single connection, who say what they
// want in packed, or of those with two, who say it in query.
func (e *Environment) joinURL(room, identity, packed string, subscribe bool, now time.Time) (string, error) {
	raw, err := token.Mint(e.keys, token.Claims{
		Key: e.key, Identity: identity, Name: identity, Grant: token.Grant{RoomJoin: true, Room: room},
	}, now)
	if err != nil {
		return "", fmt.Errorf("mint token: %w", err)
	}
	query := url.Values{"access_token": {raw}, "sdk": {"go"}, "protocol": {"17"}, "version": {"2.23.0"}}
	u := *e.server
	if e.two {
		u.Path += "/rtc"
		query.Set("auto_subscribe", map[bool]string{true: "1", false: "0"}[subscribe])
	} else {
		u.Path += "/rtc/v1"
		query.Set("join_request", packed)
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}
