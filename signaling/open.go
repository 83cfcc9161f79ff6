package signaling

import (
	"context"
	"strconv"

	"salon/sfu/room"
	"salon/signaling/wire"
)

// claimedVersion is the server version that clients are told. They switch features by it: remote calls need 1.8.0,
// today's chat more than 1.8.2, and above 1.13.6 VP9 and AV1 may come as simulcast, for which our layer selection
// has no rules; below, they stay SVC. Some refuse an empty one.
const claimedVersion = "1.13.0"

// claimedProtocol is how far the client protocol is understood. 18 would promise negotiated data channels.
const claimedProtocol = 17

// begin opens the conversation: the join response, and the answers to what came with the request. The room's events
// may follow once these messages are on their way (Participant.Start).
func (s *session) begin(ctx context.Context, snap room.Snapshot) []*wire.SignalResponse {
	s.self = snap.Self
	s.meet(snap.Others)
	s.send(&wire.SignalResponse{Message: &wire.SignalResponse_Join{Join: s.joinResponse(snap)}})
	for _, request := range s.who.tracks {
		s.addTrack(ctx, request)
	}
	if s.who.offer != nil {
		s.offer(ctx, s.who.offer)
	}
	return s.flush()
}

func (s *session) joinResponse(snap room.Snapshot) *wire.JoinResponse {
	grants := s.who.join.Grants
	return &wire.JoinResponse{
		Room:              roomInfo(snap.Room),
		Participant:       participantInfo(snap.Self),
		OtherParticipants: participantInfos(snap.Others),
		ServerInfo: &wire.ServerInfo{
			Version: claimedVersion, Protocol: claimedProtocol, Region: s.cfg.Region, NodeId: s.cfg.Node, DebugInfo: carriedBy(s.who.epoch),
		},
		ServerVersion: claimedVersion,
		ServerRegion:  s.cfg.Region,
		IceServers:    iceServers(s.cfg.ICEServers),
		// A client waits for its primary connection: with two of them the one it receives over, if it may receive.
		SubscriberPrimary: !s.who.join.Single && grants.Subscribe,
		FastPublish:       grants.Publish,
		PingInterval:      int32(s.cfg.PingInterval.Seconds()),
		PingTimeout:       int32(s.cfg.PingTimeout.Seconds()),
		// A session can't be taken up again: clients join from scratch instead, and needn't try first.
		ClientConfiguration:  &wire.ClientConfiguration{ResumeConnection: wire.ClientConfigSetting_DISABLED},
		EnabledPublishCodecs: publishCodecs(),
	}
}

// carriedBy tells for logs by which lease the room is here.
func carriedBy(epoch uint64) string {
	if epoch == 0 {
		return ""
	}
	return "epoch=" + strconv.FormatUint(epoch, 10)
}

func iceServers(servers []ICEServer) []*wire.ICEServer {
	infos := make([]*wire.ICEServer, len(servers))
	for i, s := range servers {
		infos[i] = &wire.ICEServer{Urls: s.URLs, Username: s.Username, Credential: s.Credential}
	}
	return infos
}
