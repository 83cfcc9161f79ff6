package signaling

import (
	"context"

	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling/wire"
)

// hear tells the client what happened in the room.
func (s *session) hear(ctx context.Context, e room.Event) []*wire.SignalResponse {
	if s.over {
		return nil
	}
	switch e := e.(type) {
	case room.ParticipantsChanged:
		s.meet(e.Participants)
		s.send(&wire.SignalResponse{Message: &wire.SignalResponse_Update{
			Update: &wire.ParticipantUpdate{Participants: participantInfos(e.Participants)},
		}})
	case room.DataReceived:
		s.route(ctx, e)
	case room.Left:
		s.finish(e.Reason)
	default:
		s.send(inWords(e))
	}
	return s.flush()
}

// inWords translates the events that change nothing in the session.
func inWords(e room.Event) *wire.SignalResponse {
	switch e := e.(type) {
	case room.Offered:
		return &wire.SignalResponse{Message: &wire.SignalResponse_Offer{Offer: offerInfo(e)}}
	case room.Changed:
		return &wire.SignalResponse{Message: &wire.SignalResponse_RoomUpdate{RoomUpdate: &wire.RoomUpdate{Room: roomInfo(e.Room)}}}
	case room.SectionsWanted:
		return &wire.SignalResponse{Message: &wire.SignalResponse_MediaSectionsRequirement{
			MediaSectionsRequirement: &wire.MediaSectionsRequirement{NumAudios: count(e.Audio), NumVideos: count(e.Video)},
		}}
	case room.SpeakersChanged:
		return &wire.SignalResponse{Message: &wire.SignalResponse_SpeakersChanged{
			SpeakersChanged: &wire.SpeakersChanged{Speakers: speakerInfos(e.Speakers)},
		}}
	case room.TrackTaken:
		return &wire.SignalResponse{Message: &wire.SignalResponse_TrackSubscribed{
			TrackSubscribed: &wire.TrackSubscribed{TrackSid: string(e.Track)},
		}}
	case room.TrackWithdrawn:
		return &wire.SignalResponse{Message: &wire.SignalResponse_TrackUnpublished{
			TrackUnpublished: &wire.TrackUnpublishedResponse{TrackSid: string(e.Track)},
		}}
	case room.SubscriptionRefused:
		return &wire.SignalResponse{Message: &wire.SignalResponse_SubscriptionResponse{
			SubscriptionResponse: &wire.SubscriptionResponse{TrackSid: string(e.Track), Err: refusalInfo(e.Reason)},
		}}
	default:
		panic("an event of package room that its sessions have no words for")
	}
}

func offerInfo(e room.Offered) *wire.SessionDescription {
	sd := &wire.SessionDescription{Type: "offer", Sdp: e.SDP, Id: e.ID}
	if len(e.MIDToTrack) > 0 {
		sd.MidToTrackId = make(map[string]string, len(e.MIDToTrack))
		for mid, track := range e.MIDToTrack {
			sd.MidToTrackId[mid] = string(track)
		}
	}
	return sd
}

// meet remembers who is there, under which name.
func (s *session) meet(people []room.ParticipantState) {
	for _, p := range people {
		switch {
		case p.SID == s.self.SID:
			s.self = p
		case p.Presence == room.Disconnected:
			delete(s.people, p.SID)
		default:
			s.people[p.SID] = person{identity: id.Identity(p.Identity), metrics: p.Grants.SubscribeMetrics}
		}
	}
}
