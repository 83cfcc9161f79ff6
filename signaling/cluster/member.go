package cluster

import (
	"context"
	"time"

	"salon/sfu/id"
)

// A Standing is how a node stands to the registry.
type Standing int

// Standings of a node.
const (
	Joining  Standing = iota // not announced, or in the quiet time of a fresh cluster: it can't serve yet
	Steady                   // the registry is reached
	Degraded                 // the registry is away; rooms that are held go on
	Draining                 // no new rooms
)

// Rooms is what a Member asks of the rooms of its node.
type Rooms interface {
	// List returns the rooms there are, with their metadata.
	List(ctx context.Context) []Held
	// Close sends everybody in a room away, to come back at once by any node.
	Close(ctx context.Context, room id.Room) error
}

// Held is a room that this node carries.
type Held struct {
	Room         id.Room
	Metadata     string
	Participants int
}

// Peers asks other nodes, by other ways than the registry.
type Peers interface {
	// ReachesRegistry tells whether n says that it reaches the registry. An error: n itself is not reached.
	ReachesRegistry(ctx context.Context, n Node) (bool, error)
}

// An Admission counts somebody who is about to enter a room of this node: its lease stays until Done.
type Admission struct {
	Lease Lease
	Done  func()
}

// A Cluster is what signaling asks of a Member; here it is written down for all who build on it.
type Cluster interface {
	// Locate says where room is carried. When nobody carries it, a node is chosen and, where that is this one, the lease
	// taken. ErrQuiet and ErrAway: come back in a moment.
	Locate(ctx context.Context, room id.Room) (Place, error)
	// Enter takes a place on this node for somebody who enters room now, whom another node sent with the Epoch by which it found
	// us (0: came here directly). ErrHeld, with the holder's Lease: the room is elsewhere. ErrStale: it was handed on by an older
	// Epoch; look again.
	Enter(ctx context.Context, room id.Room, epoch uint64) (Admission, error)
	// Nodes are those that were known lately, this one among them.
	Nodes() []Node
	// Standing is how this node stands at the moment.
	Standing() Standing
	// Drain moves every room to another node within the time, and returns when none is left. Nodes get no rooms afterwards.
	Drain(ctx context.Context, within time.Duration) error
}
