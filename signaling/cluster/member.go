package cluster

import (
	"cmp"
	"context"
	"errors"
	"time"

	"salon/sfu/id"
)

// MemberConfig says how a node lives with the others. All nodes of a cluster have the same.
type MemberConfig struct {
	// Lease is how long the leases of the registry last; zero: 4 s. The rooms of a node that is gone are free again after it.
	Lease time.Duration
	// Interval is how often a node renews; zero: 1 s. It is at most a quarter of Lease.
	Interval time.Duration
	// Patience bounds one question to the registry or to another node; zero: 700 ms. It is less than Interval, so that there is
	// time to ask others before a lease ends.
	Patience time.Duration

	// Alone says that there are no other nodes: nothing is waited for that only they could want. A Memory says so, too.
	Alone bool
}

// The defaults of a MemberConfig: two renewals may get lost, and the others asked twice, before a lease ends.
const (
	defaultLease    = 4 * time.Second
	defaultInterval = time.Second
	defaultPatience = 700 * time.Millisecond
)

var errConfig = errors.New("cluster: Interval is at most a quarter of Lease, and Patience less than Interval")

func (c MemberConfig) validate() (MemberConfig, error) {
	c.Lease = cmp.Or(c.Lease, defaultLease)
	c.Interval = cmp.Or(c.Interval, defaultInterval)
	c.Patience = cmp.Or(c.Patience, defaultPatience)
	if c.Interval > c.Lease/4 || c.Patience >= c.Interval || c.Patience <= 0 {
		return c, errConfig
	}
	return c, nil
}

// A Standing is how a node stands to the registry.
type Standing int

// Standings of a node.
const (
	Joining  Standing = iota // not announced, or in the quiet time of a fresh cluster: it can't serve yet
	Steady                   // the registry is reached
	Degraded                 // the registry is away, or was until a moment ago; rooms that are held go on, and there are no new ones
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
	// Ask asks n how it stands, and about room, where that isn't empty. An error: n itself is not reached.
	Ask(ctx context.Context, n Node, room id.Room) (Answer, error)
}

// An Answer is what a node tells another one that asks it directly: Member.Answer of the node that was asked.
type Answer struct {
	// Reaches tells that the node reached the registry lately. It has for so long without a gap, and began so long ago to ask what
	// was answered last. Settled: for so long that it takes new rooms.
	Reaches bool          `json:"reaches"`
	Settled bool          `json:"settled,omitempty"`
	For     time.Duration `json:"for,omitempty"`
	Ago     time.Duration `json:"ago,omitempty"`
	// Holds tells that the node carries the room that it was asked about, by the lease of this Epoch.
	Holds bool   `json:"holds,omitempty"`
	Epoch uint64 `json:"epoch,omitempty"`
}

// An Admission counts somebody who is about to enter a room of this node: its lease stays until Done.
type Admission struct {
	Lease Lease
	Done  func()
}

// A Cluster is what signaling asks of a Member; here it is written down for all who build on it.
type Cluster interface {
	// Locate says where room is carried. When nobody carries it, a node is chosen and, where that is this one, the lease
	// taken. A node that doesn't answer is waited for until its lease ends. ErrQuiet and ErrAway: come back in a moment.
	Locate(ctx context.Context, room id.Room) (Place, error)
	// Enter takes a place on this node for somebody who enters room now, whom another node sent with the Epoch by which it found
	// us (0: came here directly). ErrHeld, with the holder's Lease: the room is elsewhere. ErrStale: it was handed on by an older
	// Epoch; look again.
	Enter(ctx context.Context, room id.Room, epoch uint64) (Admission, error)
	// Answer is what this node tells another one that asks it: what Peers.Ask returns there.
	Answer(ctx context.Context, room id.Room) (Answer, error)
	// Nodes are those that were known lately, this one among them.
	Nodes() []Node
	// Standing is how this node stands at the moment.
	Standing() Standing
	// Drain moves every room to another node within the time, and returns when none is left. Nodes get no rooms afterwards.
	Drain(ctx context.Context, within time.Duration) error
}
