package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"salon/clubapi"
	"salon/signaling/token"
)

// An admitter gives members of a club their place in a room: the one point where the
// club and the media server meet. Safe for concurrent use.
type admitter struct {
	keys      token.Keys
	publicURL string // http(s)://...; empty: the address the caller used
	now       func() time.Time
}

// Admit mints a token that opens the room until a.Until, and no longer than
// token.DefaultLife.
func (d admitter) Admit(_ context.Context, a clubapi.Admission) (clubapi.Place, error) {
	now := d.now()
	expires := now.Add(token.DefaultLife)
	if a.Until.Before(expires) {
		expires = a.Until
	}
	metadata := ""
	if a.UserImg != "" {
		text, err := json.Marshal(map[string]string{"user_img": a.UserImg})
		if err != nil {
			return clubapi.Place{}, fmt.Errorf("describe participant: %w", err)
		}
		metadata = string(text)
	}
	raw, err := token.Mint(d.keys, token.Claims{
		Identity: a.Identity,
		Name:     a.Name,
		Metadata: metadata,
		Grant:    token.Grant{RoomJoin: true, Room: a.Room},
		Expires:  expires,
	}, now)
	if err != nil {
		return clubapi.Place{}, fmt.Errorf("admit to room: %w", err)
	}
	return clubapi.Place{URL: d.address(a.BaseURL), Token: raw, ExpiresAt: expires}, nil
}

// address turns the public address into one for WebSockets.
func (d admitter) address(used string) string {
	if d.publicURL == "" {
		return used
	}
	return strings.TrimSuffix("ws"+strings.TrimPrefix(d.publicURL, "http"), "/")
}
