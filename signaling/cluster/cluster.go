// Package cluster says which Node carries a Room. A Room lives on one node at a time, which holds it by a Lease; the
// Lease's Epoch grows with each holder, so that whoever meets an older one knows it for stale. Signaling asks before
// it lets anybody in: ours, or whose?
//
// Registry: Memory is that of a node that is alone, Redis that of many. Their rules stand in book.go and, the same, in lua/
// (conformance_test.go).
// placement.go chooses a node for a new room. tenure.go is the machine that decides what this node still holds, when it
// renews, whom it asks when it can't, and when it lets go; member_loop.go drives it. Decisions: docs/adr/0012.
//
// The package places and fences; it never carries media, and no state of a room but who holds it and what the next
// holder has to know. Registries and Members are safe for concurrent use.
package cluster

import (
	"context"
	"errors"
	"time"

	"salon/sfu/id"
)

// A Role is what a node does for others.
type Role string

// The roles. A node that is alone has both.
const (
	Media Role = "media" // carries rooms
	API   Role = "api"   // keeps the club's data
)

// A Load is how busy a node is.
type Load struct {
	Rooms, Participants, Tracks int
	PacketsPerSecond            float64 // sent
	CPU                         float64 // of all it may use, 0 to 1
	Memory                      uint64  // resident, in bytes
}

// A Node is a process of the cluster, as the others see it.
type Node struct {
	ID      id.Node
	Address string // host:port at which other nodes reach it
	Region  string
	Roles   []Role
	// Draining nodes get no new rooms.
	Draining bool
	Load     Load
	// Leases is how many rooms it holds at the moment, which the registry counts; nobody announces it.
	Leases int
}

// A Lease is a node's right to carry a room.
type Lease struct {
	Room  id.Room
	Node  id.Node
	Epoch uint64 // greater than that of every earlier Lease of this Room
	// Expires is by the clock of whoever asked, counted from before it asked; zero: it doesn't.
	Expires time.Time
	// Metadata of the room, for its next holder.
	Metadata string
}

// Errors of a Registry.
var (
	// ErrHeld tells that another node holds the room: the Lease returned with it says which.
	ErrHeld = errors.New("the room is on another node")
	// ErrStale tells that a lease is no longer the room's.
	ErrStale = errors.New("the lease has passed to another holder")
	// ErrUnowned tells that no node holds the room. The Lease returned with it is the last one, if that is remembered.
	ErrUnowned = errors.New("no node holds the room")
	// ErrUnknownNode tells that a node has not announced itself, or long ago.
	ErrUnknownNode = errors.New("the node is not known")
	// ErrDraining tells that a node is known and takes no more rooms.
	ErrDraining = errors.New("the node takes no more rooms")
	// ErrQuiet tells that the registry was away and nobody gets a new room for a moment.
	ErrQuiet = errors.New("the registry was away: no new rooms for a moment")
	// ErrAway tells that the registry can't be reached.
	ErrAway = errors.New("the registry can't be reached")
)

// A Registry knows the nodes and who holds what. now is the caller's clock, from before it asked.
//
// Every method may return ErrAway; then it may have taken effect. When it returned because its time was over, ctx's or
// the registry's own, it won't any more: who asks afterwards hears what became of it. To ask again is harmless, too: each
// method does nothing the second time.
type Registry interface {
	// Announce makes a node known, or its record fresh, for the length of a lease. ErrQuiet: that is done, and for a
	// moment nobody gets a new room; a node that has just begun isn't ready before that is over.
	Announce(ctx context.Context, n Node, now time.Time) error
	// Withdraw forgets a node. Its leases stay.
	Withdraw(ctx context.Context, node id.Node) error
	// Nodes returns those whose record is fresh, ordered by ID, with their Leases.
	Nodes(ctx context.Context, now time.Time) ([]Node, error)
	// Acquire returns node's lease of room: the one it holds, as it is, or one with a new Epoch when nobody holds it.
	// Anybody may ask it for any node: who has chosen a node for a room takes the lease for it, and the node hears of it
	// with the first who comes. A node whose lease has ended, which it didn't release and nobody else got, has its old
	// Epoch again. The Metadata is what the last holder left.
	// ErrHeld when another node does, ErrQuiet when nobody does and nobody gets it now, ErrUnknownNode, ErrDraining.
	Acquire(ctx context.Context, room id.Room, node id.Node, now time.Time) (Lease, error)
	// Owner returns the lease of room. ErrUnowned when nobody holds it.
	Owner(ctx context.Context, room id.Room, now time.Time) (Lease, error)
	// Renew makes leases last from now, with the Metadata they carry. It returns those that are theirs, renewed; what
	// is missing has passed to another holder, or was released. A lease that ended is taken up again when nobody else
	// has had it since. It may return some together with ErrAway: those are renewed, of the others nothing is known.
	Renew(ctx context.Context, leases []Lease, now time.Time) ([]Lease, error)
	// Release gives a room up; the next holder begins with l's Metadata, which is empty for a room that is over.
	// ErrStale when l isn't its lease any more.
	Release(ctx context.Context, l Lease, now time.Time) error
	// Handover gives a room to another node, with a new Epoch and l's Metadata. ErrStale, ErrUnknownNode, ErrDraining.
	// While that node holds the room by it, the same Handover returns the same Lease.
	Handover(ctx context.Context, l Lease, to id.Node, now time.Time) (Lease, error)
}

// A Place is where a room is carried.
type Place struct {
	Here  bool // on this node
	Lease Lease
	Node  Node // who holds it
}
