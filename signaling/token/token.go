// Package token makes and checks join tokens: signed statements that their bearer may enter a Room under an
// Identity, and with which rights. A token is a JWT (RFC 7519) signed with HMAC-SHA256 by the secret of an API
// key; the claims are those of the client protocol, so that tokens made by others' libraries are understood and
// ours by theirs.
//
// The package keeps no state and reads no clock: keys and time are arguments. It never says more of a refused
// token than a stranger may read.
package token

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Limits of ours; the client protocol sets none.
const (
	// MaxSize bounds a token in bytes. Attributes and metadata travel in it, and it travels in a URL.
	MaxSize = 64 << 10
	// Leeway is how far two machines' clocks may differ.
	Leeway = time.Minute
	// DefaultLife is how long a token is valid when Claims.Expires is zero.
	DefaultLife = 6 * time.Hour
)

// Keys holds the secret of each API key. Several keys let an operator change them without a gap.
type Keys map[string]string

// Lookup returns the secret of key.
func (k Keys) Lookup(key string) (secret string, ok bool) {
	secret, ok = k[key]
	return secret, ok && secret != ""
}

// first returns the alphabetically first key: the one that signs when nobody chose.
func (k Keys) first() (string, bool) {
	names := slices.Sorted(maps.Keys(k))
	if len(names) == 0 {
		return "", false
	}
	return names[0], true
}

// Claims are what a token says.
type Claims struct {
	// Key is the API key that signed it. Mint takes the alphabetically first one when it is empty.
	Key string
	// Identity names the person within a Room. It may be empty in a token that isn't for joining.
	Identity string
	// Name is shown to others.
	Name string
	// Kind is the client protocol's lower-case name of the kind of participant. Empty is "standard".
	Kind       string
	Metadata   string
	Attributes map[string]string
	Grant      Grant
	Room       RoomSettings
	// IssuedAt and NotBefore are zero when the token doesn't say; Mint takes now.
	IssuedAt, NotBefore time.Time
	// Expires is now plus DefaultLife in Mint when it is zero.
	Expires time.Time
}

// Grant is what the bearer may do. Pointers are nil where the token is silent; the methods know what that means.
type Grant struct {
	RoomJoin   bool   `json:"roomJoin,omitempty"`
	Room       string `json:"room,omitempty"`
	RoomCreate bool   `json:"roomCreate,omitempty"`
	RoomList   bool   `json:"roomList,omitempty"`
	RoomAdmin  bool   `json:"roomAdmin,omitempty"`
	RoomRecord bool   `json:"roomRecord,omitempty"`

	CanPublish           *bool    `json:"canPublish,omitempty"`
	CanSubscribe         *bool    `json:"canSubscribe,omitempty"`
	CanPublishData       *bool    `json:"canPublishData,omitempty"`
	CanPublishSources    []string `json:"canPublishSources,omitempty"` // "camera", "microphone", "screen_share", "screen_share_audio"; empty: all
	CanUpdateOwnMetadata *bool    `json:"canUpdateOwnMetadata,omitempty"`
	CanSubscribeMetrics  *bool    `json:"canSubscribeMetrics,omitempty"`

	Hidden   bool `json:"hidden,omitempty"`
	Recorder bool `json:"recorder,omitempty"`
	Agent    bool `json:"agent,omitempty"`
}

// Publish tells whether tracks may be published: yes unless denied.
func (g Grant) Publish() bool { return g.CanPublish == nil || *g.CanPublish }

// Subscribe tells whether others' tracks may be received: yes unless denied.
func (g Grant) Subscribe() bool { return g.CanSubscribe == nil || *g.CanSubscribe }

// PublishData tells whether data may be sent: as Publish unless said.
func (g Grant) PublishData() bool {
	if g.CanPublishData == nil {
		return g.Publish()
	}
	return *g.CanPublishData
}

// UpdateOwnMetadata tells whether the bearer may rename itself and the like: no unless allowed.
func (g Grant) UpdateOwnMetadata() bool {
	return g.CanUpdateOwnMetadata != nil && *g.CanUpdateOwnMetadata
}

// SubscribeMetrics tells whether the bearer may see others' metrics: no unless allowed.
func (g Grant) SubscribeMetrics() bool {
	return g.CanSubscribeMetrics != nil && *g.CanSubscribeMetrics
}

// RoomSettings are what a room is made with when the bearer is the first to join.
type RoomSettings struct {
	Name            string
	Metadata        string
	MaxParticipants uint32 // 0: the server's default
}

// Mint signs claims. The token is valid from now (less what Verify allows clocks to differ) until c.Expires.
func Mint(keys Keys, c Claims, now time.Time) (string, error) {
	if c.Key == "" {
		key, ok := keys.first()
		if !ok {
			return "", fmt.Errorf("mint token: %w", ErrNoKeys)
		}
		c.Key = key
	}
	secret, ok := keys.Lookup(c.Key)
	if !ok {
		return "", fmt.Errorf("mint token: %w", ErrUnknownKey)
	}
	if c.Expires.IsZero() {
		c.Expires = now.Add(DefaultLife)
	}
	if c.NotBefore.IsZero() {
		c.NotBefore = now
	}
	if c.IssuedAt.IsZero() {
		c.IssuedAt = now
	}
	return sign(c, secret)
}

// Verify checks raw's signature and times and returns its claims. The error is one of errors.go and can be shown
// to whoever sent the token.
func Verify(keys Keys, raw string, now time.Time) (Claims, error) {
	if raw == "" {
		return Claims{}, ErrMissing
	}
	if len(raw) > MaxSize {
		return Claims{}, ErrTooLong
	}
	return parse(keys, raw, now)
}
