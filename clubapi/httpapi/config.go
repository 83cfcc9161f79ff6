package httpapi

import (
	"time"

	"salon/clubapi"
)

// Config tunes the HTTP side of the club. Zero fields mean their default.
type Config struct {
	// Secure says that browsers reach this server by https: the session cookie is then
	// Secure and named __Host-salon, and join URLs are wss. Default false.
	Secure bool `yaml:"secure"`
	// SessionLifetime is how long a sign-in lasts. Default 14 days.
	SessionLifetime time.Duration `yaml:"session_lifetime"`
	// RequestTimeout bounds the work on one request; longer ones get 503. Default 10 s.
	// Reading a slow body is bounded by the ReadTimeout of the http.Server around.
	RequestTimeout time.Duration `yaml:"request_timeout"`
	// MaxBody is the most bytes of a request body that is no picture. Default 1 MiB.
	MaxBody int64 `yaml:"max_body"`
	// TrustedOrigins ("https://club.example") may send changing requests from a browser
	// although they are not this server. Default none.
	TrustedOrigins []string `yaml:"trusted_origins"`
	// TrustedProxies (CIDR prefixes) are believed when they say in X-Forwarded-For who is
	// asking. Default none: the peer's address counts.
	TrustedProxies []string `yaml:"trusted_proxies"`
	// AddressAttempts and NicknameAttempts bound sign-ups and sign-ins from one network
	// address (IPv6: one /64) and for one nickname; a sign-in that succeeds does not count.
	// Default 60 at once and one more every
	// 2 s; 10 at once and one more every 6 s.
	AddressAttempts  Attempts `yaml:"address_attempts"`
	NicknameAttempts Attempts `yaml:"nickname_attempts"`
	// UploadAttempts bounds the pictures one person uploads, each of which may cost a second
	// of work. Default 30 at once and one more every 4 s.
	UploadAttempts Attempts `yaml:"upload_attempts"`
	// ReportAttempts bounds the reports one person makes, each of which somebody must read.
	// Default 20 at once and one more every minute.
	ReportAttempts Attempts `yaml:"report_attempts"`
	// Hashing bounds how many passwords are hashed at once, 19 MiB each. Default 4.
	Hashing int `yaml:"hashing"`
	// PasswordCost is the work of one hash of a new password.
	PasswordCost clubapi.PasswordCost `yaml:"password_cost"`
}

// Attempts is a token bucket: Burst at once, then one more every Every.
type Attempts struct {
	Burst int           `yaml:"burst"`
	Every time.Duration `yaml:"every"`
}

func (c Config) withDefaults() Config {
	if c.SessionLifetime == 0 {
		c.SessionLifetime = 14 * 24 * time.Hour
	}
	if c.RequestTimeout == 0 {
		c.RequestTimeout = 10 * time.Second
	}
	if c.MaxBody == 0 {
		c.MaxBody = 1 << 20
	}
	if c.AddressAttempts == (Attempts{}) {
		c.AddressAttempts = Attempts{Burst: 60, Every: 2 * time.Second}
	}
	if c.NicknameAttempts == (Attempts{}) {
		c.NicknameAttempts = Attempts{Burst: 10, Every: 6 * time.Second}
	}
	if c.UploadAttempts == (Attempts{}) {
		c.UploadAttempts = Attempts{Burst: 30, Every: 4 * time.Second}
	}
	if c.ReportAttempts == (Attempts{}) {
		c.ReportAttempts = Attempts{Burst: 20, Every: time.Minute}
	}
	if c.Hashing == 0 {
		c.Hashing = 4
	}
	return c
}
