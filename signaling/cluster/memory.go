package cluster

import (
	"context"
	"fmt"
	"sync"
	"time"

	"salon/sfu/id"
)

// Memory is the registry of a process that is alone: its leases don't expire, because nobody else could take them.
// Epochs grow for as long as the process lives, which is as long as anybody could remember them.
type Memory struct {
	nodes  map[id.Node]Node
	leases map[id.Room]Lease
	epoch  uint64 // the last one given

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

// Acquire satisfies Registry. One counter serves all rooms: an Epoch need not follow its predecessor closely.
func (m *Memory) Acquire(_ context.Context, room id.Room, node id.Node, _ time.Time) (Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.nodes[node]; !known {
		return Lease{}, fmt.Errorf("acquire room for node %s: %w", node, ErrUnknownNode)
	}
	if l, held := m.leases[room]; held {
		if l.Node != node {
			return Lease{}, fmt.Errorf("acquire room for node %s: %w", node, ErrHeld)
		}
		return l, nil
	}
	m.epoch++
	l := Lease{Room: room, Node: node, Epoch: m.epoch}
	m.leases[room] = l
	return l, nil
}

// Owner satisfies Registry.
func (m *Memory) Owner(_ context.Context, room id.Room, _ time.Time) (Node, Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, held := m.leases[room]
	if !held {
		return Node{}, Lease{}, fmt.Errorf("owner: %w", ErrUnowned)
	}
	return m.nodes[l.Node], l, nil
}

// Release satisfies Registry.
func (m *Memory) Release(_ context.Context, l Lease) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.leases[l.Room] != l {
		return fmt.Errorf("release epoch %d: %w", l.Epoch, ErrStale)
	}
	delete(m.leases, l.Room)
	return nil
}
