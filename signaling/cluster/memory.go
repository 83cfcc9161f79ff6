package cluster

import (
	"context"
	"fmt"
	"sync"
	"time"

	"salon/sfu/id"
)

// Memory is the registry of a process that is alone: its leases don't end, because nobody else could take them, and it is
// never away or quiet. It remembers who held a room before for a minute, like Redis.
type Memory struct {
	book *book

	mu sync.Mutex
}

// defaultMemory is for how long the last holder of a room is remembered.
const defaultMemory = time.Minute

// NewMemory returns an empty registry.
func NewMemory() *Memory { return &Memory{book: newBook(0, defaultMemory)} }

var _ Registry = (*Memory)(nil)

// Announce satisfies Registry.
func (m *Memory) Announce(_ context.Context, n Node, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.book.announce(now, n); err != nil {
		return fmt.Errorf("announce node %s: %w", n.ID, err)
	}
	return nil
}

// Withdraw satisfies Registry.
func (m *Memory) Withdraw(_ context.Context, node id.Node) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.book.nodes, node)
	return nil
}

// Nodes satisfies Registry.
func (m *Memory) Nodes(_ context.Context, now time.Time) ([]Node, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.book.list(now), nil
}

// Acquire satisfies Registry.
func (m *Memory) Acquire(_ context.Context, room id.Room, node id.Node, now time.Time) (Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, err := m.book.acquire(now, room, node)
	if err != nil {
		return l, fmt.Errorf("acquire room for node %s: %w", node, err)
	}
	return l, nil
}

// Owner satisfies Registry.
func (m *Memory) Owner(_ context.Context, room id.Room, now time.Time) (Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, err := m.book.owner(now, room)
	if err != nil {
		return l, fmt.Errorf("owner: %w", err)
	}
	return l, nil
}

// Renew satisfies Registry.
func (m *Memory) Renew(_ context.Context, leases []Lease, now time.Time) ([]Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.book.renew(now, leases), nil
}

// Release satisfies Registry.
func (m *Memory) Release(_ context.Context, l Lease, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.book.release(now, l); err != nil {
		return fmt.Errorf("release epoch %d: %w", l.Epoch, err)
	}
	return nil
}

// Handover satisfies Registry.
func (m *Memory) Handover(_ context.Context, l Lease, to id.Node, now time.Time) (Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	next, err := m.book.handover(now, l, to)
	if err != nil {
		return Lease{}, fmt.Errorf("hand over epoch %d to node %s: %w", l.Epoch, to, err)
	}
	return next, nil
}
