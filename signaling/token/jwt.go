package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// payload is a token's JSON: the registered claims of RFC 7519 and the client protocol's own.
type payload struct {
	jwt.RegisteredClaims
	Name       string            `json:"name,omitempty"`
	Kind       string            `json:"kind,omitempty"`
	Metadata   string            `json:"metadata,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Video      *Grant            `json:"video,omitempty"`
	RoomConfig *roomConfig       `json:"roomConfig,omitempty"`
}

// roomConfig is proto-JSON: a number may come as a string, a name in either of two spellings.
type roomConfig struct {
	Name            string      `json:"name,omitempty"`
	Metadata        string      `json:"metadata,omitempty"`
	MaxParticipants json.Number `json:"maxParticipants,omitempty"`
	MaxSnake        json.Number `json:"max_participants,omitempty"`
}

func sign(c Claims, secret string) (string, error) {
	p := payload{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    c.Key,
			Subject:   c.Identity,
			IssuedAt:  jwt.NewNumericDate(c.IssuedAt),
			NotBefore: jwt.NewNumericDate(c.NotBefore),
			ExpiresAt: jwt.NewNumericDate(c.Expires),
		},
		Name:       c.Name,
		Kind:       c.Kind,
		Metadata:   c.Metadata,
		Attributes: c.Attributes,
		Video:      &c.Grant,
	}
	if c.Room != (RoomSettings{}) {
		p.RoomConfig = &roomConfig{Name: c.Room.Name, Metadata: c.Room.Metadata}
		if n := c.Room.MaxParticipants; n != 0 {
			p.RoomConfig.MaxParticipants = json.Number(fmt.Sprint(n))
		}
	}
	raw, err := jwt.NewWithClaims(jwt.SigningMethodHS256, p).SignedString([]byte(secret))
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	if len(raw) > MaxSize {
		return "", fmt.Errorf("sign token: %w", ErrTooLong)
	}
	return raw, nil
}

func parse(keys Keys, raw string, now time.Time) (Claims, error) {
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithLeeway(Leeway),
		jwt.WithTimeFunc(func() time.Time { return now }),
	)
	var p payload
	_, err := parser.ParseWithClaims(raw, &p, func(*jwt.Token) (any, error) {
		secret, ok := keys.Lookup(p.Issuer)
		if !ok {
			return nil, ErrUnknownKey
		}
		return []byte(secret), nil
	})
	if err != nil {
		return Claims{}, refusal(err)
	}
	return p.claims()
}

// refusal says in our words what the library found. The order matters: a library error may be several at once.
func refusal(err error) error {
	switch {
	case errors.Is(err, ErrUnknownKey):
		return ErrUnknownKey
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return ErrSignature
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return ErrNoExpiry
	case errors.Is(err, jwt.ErrTokenExpired):
		return ErrExpired
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return ErrNotYetValid
	default:
		return ErrMalformed
	}
}

func (p payload) claims() (Claims, error) {
	c := Claims{
		Key:        p.Issuer,
		Identity:   p.Subject,
		Name:       p.Name,
		Kind:       p.Kind,
		Metadata:   p.Metadata,
		Attributes: p.Attributes,
		Expires:    p.ExpiresAt.Time,
	}
	if c.Identity == "" {
		c.Identity = p.ID // older issuers put the identity there
	}
	if p.IssuedAt != nil {
		c.IssuedAt = p.IssuedAt.Time
	}
	if p.NotBefore != nil {
		c.NotBefore = p.NotBefore.Time
	}
	if p.Video != nil {
		c.Grant = *p.Video
	}
	if p.RoomConfig != nil {
		limit, err := p.RoomConfig.limit()
		if err != nil {
			return Claims{}, err
		}
		c.Room = RoomSettings{Name: p.RoomConfig.Name, Metadata: p.RoomConfig.Metadata, MaxParticipants: limit}
	}
	return c, nil
}

func (r roomConfig) limit() (uint32, error) {
	text := r.MaxParticipants
	if text == "" {
		text = r.MaxSnake
	}
	if text == "" {
		return 0, nil
	}
	n, err := text.Int64()
	if err != nil || n < 0 || n > 1<<31-1 {
		return 0, ErrMalformed
	}
	return uint32(n), nil
}
