// Package nodes is how the nodes of a cluster speak to each other: HTTP over an inside address that nobody else has to
// reach. It decides whether a request comes from a node (hop.go), and carries requests of clients to the node that
// answers for their room (pass.go). It never decides which one that is (package cluster), nor reads what a client says.
//
// The inside door (door.go) answers how its node stands to the registry, routes of the program's own, and what other nodes pass
// on: to whoever serves that, such a request looks as it did to the node that it came to, with a Hop in its context.
//
// What two nodes say is not encrypted: the network between them is taken for private. A stranger there can read, but
// can't speak: each request carries a code over all that matters of it, by a key that comes from the API secret.
//
// All values are safe for concurrent use. The goroutines that carry a WebSocket are in tunnel_loop.go.
package nodes

import (
	"errors"
	"fmt"
	"time"
)

// Config is what an operator may tune. Zero means default.
type Config struct {
	// DialTimeout bounds how long it takes to connect to another node; default 1 s. A client waits for it.
	DialTimeout time.Duration
	// AnswerTimeout bounds how long another node may think about a request before it counts as lost; default 4 s. Two of
	// them, and the dialing, have to fit into the 15 s after which clients give up.
	AnswerTimeout time.Duration
}

func (c Config) withDefaults() Config {
	if c.DialTimeout == 0 {
		c.DialTimeout = time.Second
	}
	if c.AnswerTimeout == 0 {
		c.AnswerTimeout = 4 * time.Second
	}
	return c
}

func (c Config) validate() error {
	if c.DialTimeout < 0 || c.AnswerTimeout < 0 {
		return fmt.Errorf("%w: dial timeout %v, answer timeout %v", ErrConfig, c.DialTimeout, c.AnswerTimeout)
	}
	return nil
}

// MaxHeader is what an inside listener has to allow for the header of a request: that of a client, whose join request
// may carry a session description in its query, and the hop.
const MaxHeader = 160 << 10

// StatusAstray is how a node answers a request that was passed on to it by mistake: it doesn't hold the room, or not by
// that Epoch. Whoever passed it on looks again; clients never see it.
const StatusAstray = 421

// Errors of a request to another node.
var (
	// ErrConfig is wrapped by constructors with what is wrong.
	ErrConfig = errors.New("invalid configuration")
	// ErrUnreached tells that the other node can't be reached, or doesn't answer in time.
	ErrUnreached = errors.New("the other node is not reached")
	// ErrAstray tells that the other node doesn't hold the room by the Epoch by which it was found.
	ErrAstray = errors.New("the room is not where it was looked for")
	// ErrForbidden tells that the other node doesn't believe that we are one: another secret, or clocks that are more
	// than half a minute apart. Or that at its address lives another one by now.
	ErrForbidden = errors.New("the other node does not know us")
	// ErrLoop tells that a request was passed on before: that happens once at most.
	ErrLoop = errors.New("the request was passed on before")
	// ErrTooLarge tells that an answer or a message is larger than nodes send.
	ErrTooLarge = errors.New("the message is too large")
)
