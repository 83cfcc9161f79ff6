package main

import (
	"context"
	"errors"

	"salon/sfu"
	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling"
	"salon/signaling/cluster"
)

// carrier carries the rooms of a node.
type carrier interface {
	signaling.Rooms
	media
	visitors
	Close(ctx context.Context, name id.Room, why room.LeaveReason) error
	Run(ctx context.Context) error
}

// openMedia opens the media port of this node, if it carries rooms.
func (n *node) openMedia() error {
	if !n.cfg.Cluster.Has(cluster.Media) {
		n.media = noMedia{}
		return nil
	}
	server, err := sfu.New(n.cfg.Media, n.log)
	if err != nil {
		return err
	}
	n.media = local{server, signaling.Local(server)}
	return nil
}

// local is the media server of this node, with its participants as signalling knows them.
type local struct {
	*sfu.Server
	door signaling.Rooms
}

// Join satisfies signaling.Rooms.
func (l local) Join(ctx context.Context, name id.Room, j room.Join) (signaling.Participant, room.Snapshot, error) {
	return l.door.Join(ctx, name, j)
}

// List satisfies signaling.Rooms.
func (l local) List(ctx context.Context) []room.State { return l.door.List(ctx) }

// errNoMedia is for those who are let in at a node that no room can be on: nobody is led to it.
var errNoMedia = errors.New("this node carries no rooms")

// noMedia is the carrier of a node without the role media.
type noMedia struct{}

func (noMedia) Join(context.Context, id.Room, room.Join) (signaling.Participant, room.Snapshot, error) {
	return nil, room.Snapshot{}, errNoMedia
}
func (noMedia) List(context.Context) []room.State                      { return nil }
func (noMedia) Rooms(context.Context) []room.State                     { return nil }
func (noMedia) Stats() sfu.Stats                                       { return sfu.Stats{} }
func (noMedia) Visits() <-chan room.Visit                              { return nil }
func (noMedia) Visitors(context.Context) ([]room.Visit, error)         { return nil, nil }
func (noMedia) VisitsDropped() uint64                                  { return 0 }
func (noMedia) Close(context.Context, id.Room, room.LeaveReason) error { return nil }
func (noMedia) Run(ctx context.Context) error                          { <-ctx.Done(); return nil }

// carried shows a Member the rooms of its node.
type carried struct{ media carrier }

// List satisfies cluster.Rooms.
func (c carried) List(ctx context.Context) []cluster.Held {
	states := c.media.Rooms(ctx)
	rooms := make([]cluster.Held, len(states))
	for i, s := range states {
		rooms[i] = cluster.Held{Room: s.Name, Metadata: s.Metadata, Participants: s.Participants}
	}
	return rooms
}

// Close satisfies cluster.Rooms.
func (c carried) Close(ctx context.Context, name id.Room) error {
	return c.media.Close(ctx, name, room.ReasonMigration)
}
