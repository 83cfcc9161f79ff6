// Package cluster says which Node carries a Room. A Room lives on one node at a time, which holds it by a Lease; the
// Lease's Epoch grows with each holder, so that whoever meets an older one knows it for stale. Signaling asks before
// it lets anybody in: ours, or whose?
//
// The package places and fences; it never carries media, and no state of a room but who holds it. memory.go is the
// registry of a node that is alone. Registries are safe for concurrent use; time is an argument.
package cluster

import (
	"context"
	"errors"
	"time"

	"salon/sfu/id"
)

// A Node is a media process, as the others see it.
type Node struct {
	ID      id.Node
	Address string // host:port at which other nodes reach its signalling
	Region  string
	// Draining nodes get no new rooms.
	Draining bool
}

// A Lease is a node's right to carry a room.
type Lease struct {
	Room    id.Room
	Node    id.Node
	Epoch   uint64    // greater than that of every earlier Lease of this Room
	Expires time.Time // zero: it doesn't
}

// Errors of a Registry.
var (
	// ErrHeld tells that another node holds the room: Owner says which.
	ErrHeld = errors.New("the room is on another node")
	// ErrStale tells that a lease is no longer the room's.
	ErrStale = errors.New("the lease has passed to another holder")
	// ErrUnowned tells that no node holds the room.
	ErrUnowned = errors.New("no node holds the room")
	// ErrUnknownNode tells that a node has not announced itself, or long ago.
	ErrUnknownNode = errors.New("the node is not known")
)

// A Registry knows the nodes and who holds what.
type Registry interface {
	// Announce makes a node known, or its record fresh.
	Announce(ctx context.Context, n Node, now time.Time) error
	// Acquire returns node's lease of room: the one it holds, or one with a new Epoch when nobody holds it.
	// ErrHeld when another node does.
	Acquire(ctx context.Context, room id.Room, node id.Node, now time.Time) (Lease, error)
	// Owner returns the node that holds room, and its lease. ErrUnowned when there is none.
	Owner(ctx context.Context, room id.Room, now time.Time) (Node, Lease, error)
	// Release gives a room up. ErrStale when l isn't its lease any more.
	Release(ctx context.Context, l Lease) error
}
