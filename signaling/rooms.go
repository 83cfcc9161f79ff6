package signaling

import (
	"context"

	"salon/sfu"
	"salon/sfu/id"
	"salon/sfu/room"
)

// Rooms is where participants are let in: the SFU of this node, or a fake in tests.
type Rooms interface {
	// Join lets j into the room called name, which is made when it isn't there.
	Join(ctx context.Context, name id.Room, j room.Join) (Participant, room.Snapshot, error)
	// List returns the rooms there are.
	List(ctx context.Context) []room.State
}

// Participant is what a Session asks of its presence in a Room; see room.Participant for the contract of each.
type Participant interface {
	presence
	publisher
	subscriber
}

type presence interface {
	SID() id.Participant
	Events() *room.Mailbox
	Start(ctx context.Context) error
	Update(ctx context.Context, u room.Update) error
	SendData(ctx context.Context, to []id.Identity, ch room.Channel, payload []byte) error
	Leave(ctx context.Context, why room.LeaveReason) error
}

type publisher interface {
	AddTrack(ctx context.Context, req room.TrackRequest) (room.TrackState, error)
	Offer(ctx context.Context, sdp string) (room.Answer, error)
	AddCandidate(ctx context.Context, target room.Target, init string, final bool) error
	SetMuted(ctx context.Context, track id.Track, muted bool) error
	UpdateTrack(ctx context.Context, track id.Track, u room.TrackUpdate) error
}

type subscriber interface {
	Answer(ctx context.Context, offerID uint32, sdp string) error
	Subscribe(ctx context.Context, tracks []id.Track, on bool) error
	SetWish(ctx context.Context, tracks []id.Track, w room.Wish) error
}

// Local gives the rooms of this node's SFU.
func Local(s *sfu.Server) Rooms { return local{s} }

type local struct{ server *sfu.Server }

func (l local) Join(ctx context.Context, name id.Room, j room.Join) (Participant, room.Snapshot, error) {
	p, snap, err := l.server.Join(ctx, name, j)
	if err != nil {
		return nil, room.Snapshot{}, err
	}
	return p, snap, nil
}

func (l local) List(ctx context.Context) []room.State { return l.server.Rooms(ctx) }
