package main

import (
	"errors"
	"fmt"
	"time"

	"salon/signaling/token"
)

// errLifetime refuses a token nobody could use.
var errLifetime = errors.New("--ttl must be positive")

type tokenCommand struct {
	configFlag
	Room     string        `help:"Room to join." required:""`
	Identity string        `help:"Who joins; joining twice under one identity replaces the first." required:""`
	Name     string        `help:"Name shown to others."`
	TTL      time.Duration `help:"How long the token opens the door." name:"ttl" default:"6h"`
}

// Run prints a join token signed with the pair in force.
func (c tokenCommand) Run(con *console) error {
	if c.TTL <= 0 {
		return errLifetime
	}
	loaded, err := c.load(con)
	if err != nil {
		return err
	}
	pair, err := findPair(loaded.Config)
	if err != nil {
		return err
	}
	now := time.Now()
	raw, err := token.Mint(pair.keys(), token.Claims{
		Identity: c.Identity,
		Name:     c.Name,
		Grant:    token.Grant{RoomJoin: true, Room: c.Room},
		Expires:  now.Add(c.TTL),
	}, now)
	if err != nil {
		return fmt.Errorf("make token: %w", err)
	}
	fmt.Fprintln(con.out, raw)
	return nil
}

// keys is the pair as the token package takes it.
func (p keyPair) keys() token.Keys { return token.Keys{p.Key: p.Secret} }
