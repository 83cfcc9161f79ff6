package clubapi

import "time"

// Config tunes the rules of the club. Zero fields mean their default.
type Config struct {
	// PasswordMin and PasswordMax bound a password in code points. Default 8 and 12.
	// PasswordMax is at most 200, the bound of the contract.
	PasswordMin int `yaml:"password_min"`
	PasswordMax int `yaml:"password_max"`
	// PasswordAnyCharacters lifts the rule that a password mixes English letters and
	// special characters. Default false.
	PasswordAnyCharacters bool `yaml:"password_any_characters"`
	// MaxUser is the most seats a club may have; also the seats of a club that does not
	// say. Default 6.
	MaxUser int `yaml:"max_user"`
	// TimeZone is the IANA zone of a club that does not say. Default Asia/Seoul.
	TimeZone string `yaml:"time_zone"`
	// JoinEarly is how long before its start a conference may be joined. Default 30 min.
	JoinEarly time.Duration `yaml:"join_early"`
	// JoinLate is how long after its end a conference may still be joined, because
	// meetings overrun. Default 2 h.
	JoinLate time.Duration `yaml:"join_late"`
	// StartGrace is how far in the past the start of a conference may lie when it is
	// scheduled: people fill in forms slowly. Default 10 min.
	StartGrace time.Duration `yaml:"start_grace"`
	// LongestCall bounds a conference from start to end. Default 12 h.
	LongestCall time.Duration `yaml:"longest_call"`
}

// Bounds fixed by the contract, in code points.
const (
	maxNickname    = 20
	maxTitle       = 100
	maxSummary     = 150
	maxDetail      = 10000
	maxTimeZone    = 100
	maxURL         = 2048
	maxNote        = 4000
	maxPassword    = 200
	maxCredential  = 200
	defaultMaxUser = 6
)

func (c Config) withDefaults() Config {
	if c.PasswordMin == 0 {
		c.PasswordMin = 8
	}
	if c.PasswordMax == 0 {
		c.PasswordMax = max(12, c.PasswordMin)
	}
	if c.MaxUser == 0 {
		c.MaxUser = defaultMaxUser
	}
	if c.TimeZone == "" {
		c.TimeZone = "Asia/Seoul"
	}
	if c.JoinEarly == 0 {
		c.JoinEarly = 30 * time.Minute
	}
	if c.JoinLate == 0 {
		c.JoinLate = 2 * time.Hour
	}
	if c.StartGrace == 0 {
		c.StartGrace = 10 * time.Minute
	}
	if c.LongestCall == 0 {
		c.LongestCall = 12 * time.Hour
	}
	return c
}

func (c Config) validate() error {
	switch {
	case c.PasswordMin < 1, c.PasswordMax < c.PasswordMin, c.PasswordMax > maxPassword:
		return configError("password_min and password_max must satisfy 1 <= min <= max <= 200")
	case c.MaxUser < 1:
		return configError("max_user must be at least 1")
	case c.JoinEarly < 0, c.JoinLate < 0, c.StartGrace < 0:
		return configError("join_early, join_late and start_grace must not be negative")
	case c.LongestCall < 0:
		return configError("longest_call must not be negative")
	}
	if !knownTimeZone(c.TimeZone) {
		return configError("time_zone must be an IANA name")
	}
	return nil
}

// Rules decides on everything that needs no store. Its methods are pure and safe for
// concurrent use.
type Rules struct{ cfg Config }

// NewRules fills in defaults and refuses a Config that contradicts itself with an
// error that wraps ErrConfig.
func NewRules(cfg Config) (Rules, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return Rules{}, err
	}
	return Rules{cfg: cfg}, nil
}

// TimeZone is the IANA zone of what belongs to no club.
func (r Rules) TimeZone() string { return r.cfg.TimeZone }
