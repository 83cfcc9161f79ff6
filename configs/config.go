// Package configs decides what the salon binary runs with: it merges defaults, one
// YAML file and the SALON_* environment into a typed Config and remembers where each
// value came from. It refuses what it does not know, naming file and line, or the
// nearest known variable. It opens no socket and starts nothing; only the command
// imports it. The values are plain data and belong to whoever loaded them.
//
// The key of a setting is the path of its field names in snake case, joined by dots;
// its variable is the same path in capitals: media.port is SALON_MEDIA_PORT.
package configs

import (
	"fmt"
	"log/slog"
	"time"

	"salon/clubapi"
	"salon/clubapi/gallery"
	"salon/clubapi/httpapi"
	"salon/sfu"
	"salon/signaling"
)

// Config is everything that can be tuned from outside.
type Config struct {
	HTTP  HTTP
	API   API
	Data  Storage
	Log   Log
	Admin Admin
	Media sfu.Config
	// Signaling is the door for clients of the meetings.
	Signaling signaling.Config
	Club      Club
	Cluster   Cluster
}

// Club tunes the clubs: what their rules allow, and how they are served.
type Club struct {
	Rules    clubapi.Config
	HTTP     httpapi.Config
	Pictures gallery.Config
}

// HTTP tunes the one listener for the web app, the API and the WebSockets.
type HTTP struct {
	// Listen is host:port; an empty host means every address. Default ":7880".
	Listen string
	// PublicURL is the address people type, such as https://salon.example. It is
	// given to clients as the place of the media server (http becomes ws). Empty:
	// taken from each request's Host header.
	PublicURL string
	// CertFile and KeyFile make the listener speak TLS. Empty: plain HTTP, which
	// browsers accept for cameras on localhost only, or behind a TLS proxy.
	CertFile string
	KeyFile  string
	// DrainTimeout is how long a shutdown waits for requests under way. Default 10s.
	DrainTimeout time.Duration
}

// API names the pair that signs join tokens.
type API struct {
	// Key is public and names the secret. Empty with Secret: both are generated on the
	// first start and kept in keys.yaml of the data folder.
	Key string
	// Secret signs tokens; whoever knows it may enter every room.
	Secret string `salon:"secret"`
}

// Storage says where the node keeps files.
type Storage struct {
	// Dir holds the SQLite database and the generated keys. Default "./data".
	Dir string
}

// Log tunes the log on standard error.
type Log struct {
	// Level is debug, info, warn or error. Default info.
	Level slog.Level
	// Format is text or json. Default text.
	Format LogFormat
}

// LogFormat is how a log line is written.
type LogFormat string

// The log formats.
const (
	LogText LogFormat = "text" // key=value, for people
	LogJSON LogFormat = "json" // one object per line, for machines
)

// UnmarshalText refuses what is no format.
func (f *LogFormat) UnmarshalText(text []byte) error {
	switch LogFormat(text) {
	case LogText, LogJSON:
		*f = LogFormat(text)
		return nil
	}
	return fmt.Errorf("log format %q: %w", text, ErrUnknownFormat)
}

// Admin is the operator's listener with the runtime profiles.
type Admin struct {
	// Listen is host:port with a loopback host; profiles must not be public.
	// Empty, the default: no such listener.
	Listen string
}

// Defaults are the values in force where neither file nor environment speaks. The parts'
// own defaults are spelled out here, so that what is printed is what is in force; zero
// remains only where it has a meaning of its own (no limit, one per processor).
func Defaults() Config {
	return Config{
		HTTP:      HTTP{Listen: ":7880", DrainTimeout: 10 * time.Second},
		Data:      Storage{Dir: "./data"},
		Log:       Log{Level: slog.LevelInfo, Format: LogText},
		Media:     defaultMedia(),
		Signaling: defaultSignaling(),
		Club:      defaultClub(),
		Cluster:   defaultCluster(),
	}
}

func defaultMedia() sfu.Config {
	c := sfu.Config{Port: sfu.DefaultPort, Offload: "auto"}
	c.Room.EmptyTimeout = 20 * time.Second
	c.Room.MaxTracks = 16
	c.Room.MaxEvents = 1024
	c.Forward.KeyframeInterval = 500 * time.Millisecond
	c.Forward.HistoryAge = time.Second
	c.Forward.IdleAfter = 2 * time.Second
	c.Forward.MaxStreams = 96
	c.Transport.DisconnectAfter = 5 * time.Second
	c.Transport.FailAfter = 20 * time.Second
	c.Transport.KeepAlive = 3 * time.Second
	c.Transport.HandshakeWithin = 20 * time.Second
	c.Transport.MaxMessage = 64 << 10
	c.Transport.MaxBuffered = 1 << 20
	return c
}

func defaultSignaling() signaling.Config {
	return signaling.Config{
		MaxSessions:   10000,
		MaxMessage:    1 << 20,
		SendQueue:     512,
		MessageRate:   100,
		PingInterval:  5 * time.Second,
		PingTimeout:   15 * time.Second,
		TokenRefresh:  5 * time.Minute,
		SearchTimeout: 6 * time.Second,
	}
}

func defaultClub() Club {
	return Club{
		Rules: clubapi.Config{
			PasswordMin: 8,
			PasswordMax: 12,
			MaxUser:     6,
			TimeZone:    "Asia/Seoul",
			JoinEarly:   30 * time.Minute,
			JoinLate:    2 * time.Hour,
			StartGrace:  10 * time.Minute,
			LongestCall: 12 * time.Hour,
		},
		Pictures: gallery.Config{Quota: 50 << 20},
		HTTP: httpapi.Config{
			SessionLifetime:  14 * 24 * time.Hour,
			RequestTimeout:   10 * time.Second,
			MaxBody:          1 << 20,
			AddressAttempts:  httpapi.Attempts{Burst: 60, Every: 2 * time.Second},
			NicknameAttempts: httpapi.Attempts{Burst: 10, Every: 6 * time.Second},
			UploadAttempts:   httpapi.Attempts{Burst: 30, Every: 4 * time.Second},
			ReportAttempts:   httpapi.Attempts{Burst: 20, Every: time.Minute},
			Hashing:          4,
			PasswordCost:     clubapi.PasswordCost{MemoryKiB: 19 * 1024, Iterations: 2},
		},
	}
}
