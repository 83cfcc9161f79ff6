package room

import (
	"context"
	"sync/atomic"
	"time"

	"salon/sfu/id"
)

// A Visit is one presence of a Participant in a Room, told to whoever keeps account of who was where. Hidden
// participants pay no visits.
type Visit struct {
	Room        id.Room
	Participant id.Participant
	Identity    id.Identity
	JoinedAt    time.Time
	LeftAt      time.Time // zero: has come
}

// Visits is the queue in which all Rooms of a node tell when a Visit begins and ends, in the order in which that
// happened in each of them. No Room ever waits for its reader: what finds no place is dropped and counted, and
// Room.Visitors tells the truth at any time.
type Visits struct {
	queue   chan Visit
	dropped atomic.Uint64
}

// NewVisits returns a queue with that many places.
func NewVisits(places int) *Visits { return &Visits{queue: make(chan Visit, places)} }

// Queue is where the one reader takes them from. It is never closed.
func (v *Visits) Queue() <-chan Visit { return v.queue }

// Dropped is how many found no place so far.
func (v *Visits) Dropped() uint64 { return v.dropped.Load() }

func (v *Visits) tell(one Visit) {
	select {
	case v.queue <- one:
	default:
		v.dropped.Add(1)
	}
}

// Visitors returns the visits that have not ended.
func (r *Room) Visitors(ctx context.Context) (all []Visit, err error) {
	err = r.do(ctx, func() {
		for _, p := range r.participants {
			if p.visible() {
				all = append(all, p.visit())
			}
		}
	})
	return all, err
}

func (p *Participant) visit() Visit {
	return Visit{Room: p.room.state.Name, Participant: p.sid, Identity: p.identity, JoinedAt: p.state.JoinedAt}
}

// came and went tell of p.
func (p *Participant) came() {
	if p.visible() {
		p.room.visits.tell(p.visit())
	}
}

func (p *Participant) went() {
	if p.visible() {
		v := p.visit()
		v.LeftAt = p.room.now
		p.room.visits.tell(v)
	}
}
