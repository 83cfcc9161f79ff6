package baseline

import (
	"crypto/rand"

	"salon/signaling/wire"
)

// What clients are told. The version and the protocol are those of the least that every client takes.
const (
	claimedVersion  = "1.13.0"
	claimedProtocol = 17
	pingInterval    = 5  // s
	pingTimeout     = 15 // s
)

func joinResponse(room string, m *member, others []*wire.ParticipantInfo) *wire.SignalResponse {
	self := describe(m)
	self.Permission = &wire.ParticipantPermission{CanSubscribe: true, CanPublish: true, CanPublishData: true}
	return &wire.SignalResponse{Message: &wire.SignalResponse_Join{Join: &wire.JoinResponse{
		Room:                 &wire.Room{Sid: "RM_" + room, Name: room},
		Participant:          self,
		OtherParticipants:    others,
		ServerInfo:           &wire.ServerInfo{Version: claimedVersion, Protocol: claimedProtocol},
		ServerVersion:        claimedVersion,
		FastPublish:          true,
		PingInterval:         pingInterval,
		PingTimeout:          pingTimeout,
		ClientConfiguration:  &wire.ClientConfiguration{ResumeConnection: wire.ClientConfigSetting_DISABLED},
		EnabledPublishCodecs: []*wire.Codec{{Mime: "audio/opus"}, {Mime: "video/VP8"}},
	}}}
}

// describe tells of a member. The caller holds the room's lock, or the member is in none.
func describe(m *member) *wire.ParticipantInfo {
	w := &wire.ParticipantInfo{
		Sid: m.sid, Identity: m.identity, Name: m.identity, State: wire.ParticipantInfo_ACTIVE, Version: m.version,
		IsPublisher: len(m.tracks) > 0,
	}
	for _, p := range m.tracks {
		w.Tracks = append(w.Tracks, p.track)
	}
	return w
}

func describeTrack(r *wire.AddTrackRequest) *wire.TrackInfo {
	return &wire.TrackInfo{
		Sid: "TR_" + rand.Text()[:12], Type: r.GetType(), Name: r.GetName(), Source: r.GetSource(), Stream: r.GetStream(),
		Width: r.GetWidth(), Height: r.GetHeight(), Layers: r.GetLayers(),
	}
}

func trackPublished(cid string, t *wire.TrackInfo) *wire.SignalResponse {
	return &wire.SignalResponse{Message: &wire.SignalResponse_TrackPublished{
		TrackPublished: &wire.TrackPublishedResponse{Cid: cid, Track: t},
	}}
}

func update(people []*wire.ParticipantInfo) *wire.SignalResponse {
	return &wire.SignalResponse{Message: &wire.SignalResponse_Update{
		Update: &wire.ParticipantUpdate{Participants: people},
	}}
}

func answer(id uint32, sdp string, tracks map[string]string) *wire.SignalResponse {
	return &wire.SignalResponse{Message: &wire.SignalResponse_Answer{
		Answer: &wire.SessionDescription{Type: "answer", Sdp: sdp, Id: id, MidToTrackId: tracks},
	}}
}

// sectionsWanted asks the client for an offer with so many more sections to receive in; none is fine.
func sectionsWanted(audios, videos uint32) *wire.SignalResponse {
	return &wire.SignalResponse{Message: &wire.SignalResponse_MediaSectionsRequirement{
		MediaSectionsRequirement: &wire.MediaSectionsRequirement{NumAudios: audios, NumVideos: videos},
	}}
}

func pong(timestamp int64) *wire.SignalResponse {
	return &wire.SignalResponse{Message: &wire.SignalResponse_Pong{Pong: timestamp}}
}

func pongTo(ping *wire.Ping) *wire.SignalResponse {
	return &wire.SignalResponse{Message: &wire.SignalResponse_PongResp{
		PongResp: &wire.Pong{LastPingTimestamp: ping.GetTimestamp(), Timestamp: ping.GetTimestamp()},
	}}
}
