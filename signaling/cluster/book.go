package cluster

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"salon/sfu/id"
)

// gap is how long nobody may ask before a registry counts as having been away, and what its clock may be put back by
// without anybody noticing. lua/rules.lua has the same.
const gap = 2 * time.Second

// A book is what a registry remembers, and the rules by which that changes: those of lua/rules.lua and the scripts beside
// it, said once more in Go. Memory keeps one, and model tests take one for Redis. conformance_test.go holds both
// together.
//
// It reads no clock: now is the registry's hour, and the Expires of what it returns is by that clock. Not safe for
// concurrent use.
type book struct {
	length time.Duration // of a lease; zero: leases don't end, and nothing is ever quiet
	memory time.Duration // how long what has ended is remembered

	nodes map[id.Node]announced
	rooms map[id.Room]*entry
	last  uint64 // Epoch

	seen  time.Time // when somebody asked last
	quiet time.Time // until when nobody gets a new room
}

type announced struct {
	node  Node
	until time.Time
}

// An entry is the last lease of a room.
type entry struct {
	lease    Lease
	at, ends time.Time // ends: of the lease, or when it was released
	released bool
	from     uint64 // the Epoch before a handover
}

func newBook(length, memory time.Duration) *book {
	return &book{length: length, memory: memory, nodes: map[id.Node]announced{}, rooms: map[id.Room]*entry{}}
}

// open begins each step: whoever finds that nobody came for long declares quiet.
func (b *book) open(now time.Time) {
	if b.length > 0 && (b.seen.IsZero() || now.Sub(b.seen).Abs() > gap) {
		b.quiet = now.Add(b.length)
	}
	b.seen = now
}

func (b *book) calm(now time.Time) bool { return !now.Before(b.quiet) }

// remembered is the last lease of a room, or nil.
func (b *book) remembered(now time.Time, room id.Room) *entry {
	e := b.rooms[room]
	if e != nil && b.forgets(now, e) {
		delete(b.rooms, room)
		return nil
	}
	return e
}

func (b *book) forgets(now time.Time, e *entry) bool {
	return (e.released || b.length > 0) && now.After(e.ends.Add(b.memory))
}

// holds tells whether e is a lease now. A clock that was put back makes no lease longer.
func (b *book) holds(now time.Time, e *entry) bool {
	return !e.released && (b.length == 0 || now.Before(e.ends) && !now.Before(e.at.Add(-gap)))
}

// fresh tells whether what was written until then is valid, by a clock that may have been put back.
func (b *book) fresh(now, until time.Time) bool {
	return b.length == 0 || now.Before(until) && !until.After(now.Add(b.length+gap))
}

// hold makes e last from now.
func (b *book) hold(now time.Time, e *entry) Lease {
	e.at, e.ends, e.released = now, now.Add(b.length), false
	b.rooms[e.lease.Room] = e
	return b.tell(e)
}

// tell is the lease as others see it.
func (b *book) tell(e *entry) Lease {
	l := e.lease
	if b.length > 0 && !e.released {
		l.Expires = e.ends
	}
	return l
}

// grant gives a room to a node.
func (b *book) grant(now time.Time, l Lease, from uint64) Lease {
	b.last = max(b.last+1, uint64(max(now.UnixMilli(), 0)))
	return b.hold(now, &entry{lease: Lease{Room: l.Room, Node: l.Node, Epoch: b.last, Metadata: l.Metadata}, from: from})
}

// claimed is the entry of a room by which l's node claims to hold it, or nil: see lua/rules.lua.
func (b *book) claimed(now time.Time, l Lease) *entry {
	e, calm := b.remembered(now, l.Room), b.calm(now)
	switch {
	case e != nil && e.lease.Node == l.Node && e.lease.Epoch == l.Epoch:
		if e.released {
			return nil
		}
		return e
	case l.Epoch == 0:
		return nil
	case e == nil && (!calm || l.Epoch > b.last),
		e != nil && l.Epoch > e.lease.Epoch && (!calm || !b.holds(now, e)):
		b.last = max(b.last, l.Epoch)
		return &entry{lease: Lease{Room: l.Room, Node: l.Node, Epoch: l.Epoch}}
	}
	return nil
}

// refused says why a node gets no new room, or is nil.
func (b *book) refused(now time.Time, node id.Node) error {
	a, known := b.nodes[node]
	switch {
	case !known || !b.fresh(now, a.until):
		return ErrUnknownNode
	case a.node.Draining:
		return ErrDraining
	}
	return nil
}

func (b *book) announce(now time.Time, n Node) error {
	b.open(now)
	n.Leases, n.Roles = 0, slices.Clone(n.Roles)
	b.nodes[n.ID] = announced{n, now.Add(b.length)}
	if b.length > 0 {
		maps.DeleteFunc(b.nodes, func(_ id.Node, a announced) bool { return !a.until.After(now) })
	}
	maps.DeleteFunc(b.rooms, func(_ id.Room, e *entry) bool { return b.forgets(now, e) })
	if !b.calm(now) {
		return ErrQuiet
	}
	return nil
}

func (b *book) withdraw(now time.Time, node id.Node) {
	b.open(now)
	delete(b.nodes, node)
}

func (b *book) list(now time.Time) []Node {
	b.open(now)
	leases := map[id.Node]int{}
	for _, e := range b.rooms {
		if b.holds(now, e) {
			leases[e.lease.Node]++
		}
	}
	var nodes []Node
	for _, a := range b.nodes {
		if b.fresh(now, a.until) {
			n := a.node
			n.Leases = leases[n.ID]
			nodes = append(nodes, n)
		}
	}
	sortNodes(nodes)
	return nodes
}

func (b *book) acquire(now time.Time, room id.Room, node id.Node) (Lease, error) {
	b.open(now)
	e := b.remembered(now, room)
	if e != nil && b.holds(now, e) {
		if e.lease.Node != node {
			return b.tell(e), ErrHeld
		}
		return b.tell(e), nil
	}
	again := e != nil && e.lease.Node == node && !e.released
	if !b.calm(now) && !again {
		return Lease{}, ErrQuiet
	}
	if why := b.refused(now, node); errors.Is(why, ErrUnknownNode) || why != nil && !again {
		return Lease{}, why
	}
	if again {
		return b.hold(now, e), nil
	}
	l := Lease{Room: room, Node: node}
	if e != nil {
		l.Metadata = e.lease.Metadata
	}
	return b.grant(now, l, 0), nil
}

func (b *book) owner(now time.Time, room id.Room) (Lease, error) {
	b.open(now)
	e := b.remembered(now, room)
	switch {
	case e == nil:
		return Lease{}, ErrUnowned
	case !b.holds(now, e):
		l := b.tell(e)
		l.Expires = time.Time{}
		return l, ErrUnowned
	}
	return b.tell(e), nil
}

func (b *book) renew(now time.Time, leases []Lease) []Lease {
	b.open(now)
	var renewed []Lease
	for _, l := range leases {
		if e := b.claimed(now, l); e != nil {
			e.lease.Metadata = l.Metadata
			renewed = append(renewed, b.hold(now, e))
		}
	}
	return renewed
}

func (b *book) release(now time.Time, l Lease) error {
	b.open(now)
	e := b.remembered(now, l.Room)
	if e != nil && e.released && e.lease.Node == l.Node && e.lease.Epoch == l.Epoch {
		return nil
	}
	if e = b.claimed(now, l); e == nil {
		return ErrStale
	}
	e.lease.Metadata = l.Metadata
	e.ends, e.released = now, true
	b.rooms[l.Room] = e
	return nil
}

func (b *book) handover(now time.Time, l Lease, to id.Node) (Lease, error) {
	b.open(now)
	e := b.remembered(now, l.Room)
	if e != nil && b.holds(now, e) && e.lease.Node == to && e.from == l.Epoch && l.Epoch > 0 {
		return b.tell(e), nil
	}
	if b.claimed(now, l) == nil {
		return Lease{}, ErrStale
	}
	if why := b.refused(now, to); why != nil {
		return Lease{}, why
	}
	return b.grant(now, Lease{Room: l.Room, Node: to, Metadata: l.Metadata}, l.Epoch), nil
}

// sortNodes puts nodes into the order of their IDs.
func sortNodes(nodes []Node) {
	slices.SortFunc(nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
}
