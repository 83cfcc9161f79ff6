package client

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"time"

	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/peer"
	"salon/loadtest/socket"
	"salon/signaling/token"
)

// An Environment is what all participants of a run share. Nothing in it changes while they run, but for Shut.
type Environment struct {
	doors []*url.URL // of the server, each ws or wss
	keys  token.Keys
	key   string // of keys, that signs
	media media.Maker
	seed  uint64
	two   bool // connections for each
	// How participants take it when they lose their session.
	returns  bool
	balanced bool
	shut     sync.Map      // host:port of doors that a balancer would not choose at the moment
	silence  time.Duration // of a track that is a gap; 0: none is
	peers    *peer.Setting
	Window   *measure.Window // opened by whoever measures
	Well     *socket.Well    // likewise
	Pace     *Pace           // run by whoever runs the participants
	log      *slog.Logger
	run      string // names this run's rooms
}

// A Config is what an environment is made of.
type Config struct {
	URLs            []string // of the server, one at least: participants choose anew for each try
	Key, Secret     string
	Run             string // names the run's rooms
	Media           media.Maker
	Seed            uint64
	NoData, AESCM   bool // see peer.Setting
	Waiting, Singly bool // see socket.Config
	Two             bool // connections for each participant: the older form of the protocol
	Returns         bool // participants who lose their session come back, as the stock clients do
	Balanced        bool // a door that is shut leads to the next at once, as load balancers have it
	// Silence of a track that counts as a gap; 0: only what lies between two lives of a participant. Media with pauses has none.
	Silence time.Duration
}

// NewEnvironment finds the way to the server and prepares what participants share. The environment's Window is closed,
// and nobody runs its Pace.
func NewEnvironment(cfg Config, log *slog.Logger) (*Environment, error) {
	doors, local, err := findDoors(cfg.URLs)
	if err != nil {
		return nil, err
	}
	well := socket.NewWell(socket.Config{Waiting: cfg.Waiting, Singly: cfg.Singly})
	peers, err := peer.NewSetting(peer.Setting{Local: local, Video: cfg.Media.VideoCodec(), NoData: cfg.NoData, AESCM: cfg.AESCM, Well: well, Log: log})
	if err != nil {
		return nil, err
	}
	return &Environment{
		doors: doors, keys: token.Keys{cfg.Key: cfg.Secret}, key: cfg.Key, media: cfg.Media, seed: cfg.Seed, two: cfg.Two,
		peers: peers, Well: well, Window: measure.NewWindow(), Pace: newPace(), log: log, run: cfg.Run,
		returns: cfg.Returns, balanced: cfg.Balanced, silence: cfg.Silence,
	}, nil
}

// room names a room of this run.
func (e *Environment) room(n int) string { return fmt.Sprintf("%s-%d", e.run, n) }

// Shut says whether a door, by its host:port, is one that a load balancer has found not to be ready: nobody is led there, unless
// all are shut. Only with Config.Balanced; anybody may call it at any time.
func (e *Environment) Shut(door string, shut bool) {
	if shut {
		e.shut.Store(door, true)
	} else {
		e.shut.Delete(door)
	}
}

// knock chooses the doors at which a participant tries, one after another until one opens.
func (e *Environment) knock(rng *rand.Rand) []*url.URL {
	if !e.balanced {
		return []*url.URL{e.doors[rng.IntN(len(e.doors))]}
	}
	list := slices.Clone(e.doors)
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	ready := slices.DeleteFunc(slices.Clone(list), func(u *url.URL) bool {
		_, shut := e.shut.Load(u.Host)
		return shut
	})
	if len(ready) > 0 {
		return ready
	}
	return list
}

// joinURL is where a participant opens its WebSocket: the way of clients with a single connection, who say what they
// want in packed, or of those with two, who say it in query.
func (e *Environment) joinURL(door *url.URL, room, identity, packed string, subscribe bool, now time.Time) (string, error) {
	raw, err := token.Mint(e.keys, token.Claims{
		Key: e.key, Identity: identity, Name: identity, Grant: token.Grant{RoomJoin: true, Room: room},
	}, now)
	if err != nil {
		return "", fmt.Errorf("mint token: %w", err)
	}
	query := url.Values{"access_token": {raw}, "sdk": {"go"}, "protocol": {"17"}, "version": {"2.23.0"}}
	u := *door
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
