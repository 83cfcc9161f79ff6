package cluster

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"salon/sfu/id"
)

// Memory is the registry of a process that is alone: its leases don't expire, because nobody else could take them.
// Epochs grow for as long as the process lives, which is as long as anybody could remember them.
type Memory struct {
	nodes  map[id.Node]Node
	leases map[id.Room]Lease // Node is empty in those that were released
	epoch  uint64            // the last one given

	mu sync.Mutex
}

// NewMemory returns an empty registry.
func NewMemory() *Memory {
	return &Memory{nodes: map[id.Node]Node{}, leases: map[id.Room]Lease{}}
}

var _ Registry = (*Memory)(nil)

// Announce satisfies Registry.
func (m *Memory) Announce(_ context.Context, n Node, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.nodes[n.ID] = n
	return nil
}

// Withdraw satisfies Registry.
func (m *Memory) Withdraw(_ context.Context, node id.Node) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.nodes, node)
	return nil
}

// Nodes satisfies Registry.
func (m *Memory) Nodes(_ context.Context, _ time.Time) ([]Node, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	nodes := slices.Collect(maps.Values(m.nodes))
	sortNodes(nodes)
	return nodes, nil
}

// Acquire satisfies Registry. One counter serves all rooms: an Epoch need not follow its predecessor closely.
func (m *Memory) Acquire(_ context.Context, room id.Room, node id.Node, _ time.Time) (Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.nodes[node]; !known {
		return Lease{}, fmt.Errorf("acquire room for node %s: %w", node, ErrUnknownNode)
	}
	if l, held := m.leases[room]; held {
		if l.Node != node {
			return l, fmt.Errorf("acquire room for node %s: %w", node, ErrHeld)
		}
		return l, nil
	}
	m.epoch++
	l := Lease{Room: room, Node: node, Epoch: m.epoch}
	m.leases[room] = l
	return l, nil
}

// Owner satisfies Registry.
func (m *Memory) Owner(_ context.Context, room id.Room, _ time.Time) (Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, held := m.leases[room]
	if !held {
		return Lease{}, fmt.Errorf("owner: %w", ErrUnowned)
	}
	return l, nil
}

// Renew satisfies Registry.
func (m *Memory) Renew(_ context.Context, leases []Lease, _ time.Time) ([]Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ours []Lease
	for _, l := range leases {
		if held := m.leases[l.Room]; held.Node == l.Node && held.Epoch == l.Epoch {
			m.leases[l.Room] = l
			ours = append(ours, l)
		}
	}
	return ours, nil
}

// Release satisfies Registry.
func (m *Memory) Release(_ context.Context, l Lease, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if held := m.leases[l.Room]; held.Node != l.Node || held.Epoch != l.Epoch {
		return fmt.Errorf("release epoch %d: %w", l.Epoch, ErrStale)
	}
	delete(m.leases, l.Room)
	return nil
}

// Handover satisfies Registry.
func (m *Memory) Handover(_ context.Context, l Lease, to id.Node, _ time.Time) (Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if held := m.leases[l.Room]; held.Node != l.Node || held.Epoch != l.Epoch {
		return Lease{}, fmt.Errorf("hand over epoch %d: %w", l.Epoch, ErrStale)
	}
	if _, known := m.nodes[to]; !known {
		return Lease{}, fmt.Errorf("hand over to node %s: %w", to, ErrUnknownNode)
	}
	m.epoch++
	next := Lease{Room: l.Room, Node: to, Epoch: m.epoch, Metadata: l.Metadata}
	m.leases[l.Room] = next
	return next, nil
}

// sortNodes puts nodes into the order of their IDs.
func sortNodes(nodes []Node) {
	slices.SortFunc(nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
}
