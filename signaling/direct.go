package signaling

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"salon/sfu"
	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling/cluster"
	"salon/signaling/nodes"
)

// A Director says which node a room is on, and takes places on this one.
type Director interface {
	// Locate says where room is carried; where nobody does, a node is chosen. Errors: cluster.ErrQuiet, cluster.ErrAway.
	Locate(ctx context.Context, room id.Room) (cluster.Place, error)
	// Enter takes a place on this node for somebody who comes in, by the Epoch by which they found us, or 0. It is kept until
	// the Admission is Done. Errors: cluster.ErrHeld, cluster.ErrStale (look again), cluster.ErrQuiet, cluster.ErrAway.
	Enter(ctx context.Context, room id.Room, epoch uint64) (cluster.Admission, error)
}

// A Passer has other nodes answer requests.
type Passer interface {
	// Pass has the node at place answer r, a WebSocket to its end. When leave is closed, that node is to send the client away,
	// to come back; when r's context ends, so do the connections. An error tells that w was not answered.
	Pass(w http.ResponseWriter, r *http.Request, place cluster.Place, leave <-chan struct{}) error
}

// alone is the Director of a node that has no others.
type alone struct{}

func (alone) Locate(context.Context, id.Room) (cluster.Place, error) {
	return cluster.Place{Here: true}, nil
}

func (alone) Enter(context.Context, id.Room, uint64) (cluster.Admission, error) {
	return cluster.Admission{Done: func() {}}, nil
}

func (alone) Pass(http.ResponseWriter, *http.Request, cluster.Place, <-chan struct{}) error {
	return errUnreached
}

// join lets who into its room on this node.
//
// Between Enter and Join this node may lose the room, and close it without who in it. So the place is looked at once more
// behind Join: what was lost before shows there; what is lost later closes the room with who in it.
func (s *Server) join(ctx context.Context, who *admission, epoch uint64) (Participant, room.Snapshot, error) {
	place, err := s.director.Enter(ctx, who.room, epoch)
	if err != nil {
		return nil, room.Snapshot{}, fmt.Errorf("enter room: %w", err)
	}
	defer place.Done()
	who.epoch = place.Lease.Epoch
	j := who.join
	j.FormerMetadata = place.Lease.Metadata
	p, snap, err := s.rooms.Join(ctx, who.room, j)
	if err != nil {
		return nil, room.Snapshot{}, err
	}
	again, err := s.director.Enter(ctx, who.room, place.Lease.Epoch)
	if err != nil {
		s.quit(p, room.ReasonMigration)
		return nil, room.Snapshot{}, fmt.Errorf("stay in room: %w", err)
	}
	again.Done()
	return p, snap, nil
}

// try has serve do what a request is about if its room is here, or another node answer it.
func (s *Server) try(w http.ResponseWriter, r *http.Request, name id.Room, serve func(epoch uint64) error) (here bool, err error) {
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.SearchTimeout)
	place, err := s.director.Locate(ctx, name)
	cancel()
	if err != nil {
		return false, fmt.Errorf("locate room: %w", err)
	}
	if place.Here {
		return true, serve(0)
	}
	leave := s.passages.begin()
	defer s.passages.end(leave)
	err = s.passer.Pass(w, r, place, leave)
	if err == nil {
		s.counters.passed.Add(1)
	}
	return false, err
}

// astray is true of errors that tell that a room is not, or no longer, where it was looked for.
func astray(err error) bool {
	return isOne(err, cluster.ErrHeld, cluster.ErrStale, nodes.ErrAstray, nodes.ErrUnreached, nodes.ErrForbidden)
}

// passing is true of errors that may be over in a moment, or at another node.
func passing(err error) bool {
	return isOne(err, cluster.ErrQuiet, cluster.ErrAway, errShuttingDown, sfu.ErrShuttingDown, room.ErrClosed)
}

func isOne(err error, known ...error) bool {
	return slices.ContainsFunc(known, func(k error) bool { return errors.Is(err, k) })
}
