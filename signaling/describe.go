package signaling

import (
	"salon/sfu/room"
	"salon/signaling/wire"
)

// Our state in the protocol's words.

func participantInfo(p room.ParticipantState) *wire.ParticipantInfo {
	w := &wire.ParticipantInfo{
		Sid:              string(p.SID),
		Identity:         string(p.Identity),
		Name:             p.Name,
		Metadata:         p.Metadata,
		Attributes:       p.Attributes,
		State:            presenceInfo(p.Presence),
		Kind:             wire.ParticipantInfo_Kind(p.Kind),
		JoinedAt:         p.JoinedAt.Unix(),
		JoinedAtMs:       p.JoinedAt.UnixMilli(),
		Version:          p.Version,
		Permission:       permission(p.Grants),
		IsPublisher:      len(p.Tracks) > 0,
		DisconnectReason: wire.DisconnectReason(p.Reason),
		ClientProtocol:   p.ClientProtocol,
	}
	for _, c := range p.Capabilities {
		w.Capabilities = append(w.Capabilities, wire.ClientInfo_Capability(c))
	}
	for _, t := range p.Tracks {
		w.Tracks = append(w.Tracks, trackInfo(t))
	}
	return w
}

func participantInfos(people []room.ParticipantState) []*wire.ParticipantInfo {
	infos := make([]*wire.ParticipantInfo, len(people))
	for i, p := range people {
		infos[i] = participantInfo(p)
	}
	return infos
}

func presenceInfo(p room.Presence) wire.ParticipantInfo_State {
	switch p {
	case room.Joining:
		return wire.ParticipantInfo_JOINING
	case room.Joined:
		return wire.ParticipantInfo_JOINED
	case room.Active:
		return wire.ParticipantInfo_ACTIVE
	case room.Disconnected:
	}
	return wire.ParticipantInfo_DISCONNECTED
}

func permission(g room.Grants) *wire.ParticipantPermission {
	w := &wire.ParticipantPermission{
		CanSubscribe:        g.Subscribe,
		CanPublish:          g.Publish,
		CanPublishData:      g.PublishData,
		CanUpdateMetadata:   g.UpdateOwnMetadata,
		CanSubscribeMetrics: g.SubscribeMetrics,
		Hidden:              g.Hidden,
		Recorder:            g.Recorder,
		Agent:               g.Agent,
	}
	for _, s := range g.Sources {
		w.CanPublishSources = append(w.CanPublishSources, wire.TrackSource(s))
	}
	return w
}

func trackInfo(t room.TrackState) *wire.TrackInfo {
	layers := make([]*wire.VideoLayer, len(t.Encodings))
	for i, e := range t.Encodings {
		layers[i] = &wire.VideoLayer{
			Quality: wire.VideoQuality(e.Quality), Width: e.Width, Height: e.Height, Bitrate: e.Bitrate,
			Ssrc: e.SSRC, Rid: e.RID, SpatialLayer: int32(i),
		}
	}
	w := &wire.TrackInfo{
		Sid:               string(t.SID),
		Name:              t.Name,
		Muted:             t.Muted,
		Width:             t.Width,
		Height:            t.Height,
		Source:            wire.TrackSource(t.Source),
		MimeType:          t.MIME,
		Mid:               t.MID,
		Simulcast:         t.Simulcast,
		Layers:            layers,
		Stream:            t.Stream,
		DisableDtx:        t.DisableDTX,
		Stereo:            t.Stereo,
		DisableRed:        t.DisableRED,
		Encryption:        wire.Encryption_Type(t.Encryption),
		BackupCodecPolicy: wire.BackupCodecPolicy(t.BackupCodecPolicy),
	}
	if t.Kind == room.Video {
		w.Type = wire.TrackType_VIDEO
	}
	if t.MIME != "" {
		w.Codecs = []*wire.SimulcastCodecInfo{{MimeType: t.MIME, Mid: t.MID, Layers: layers}}
	}
	for _, f := range t.AudioFeatures {
		w.AudioFeatures = append(w.AudioFeatures, wire.AudioTrackFeature(f))
	}
	return w
}

func roomInfo(r room.State) *wire.Room {
	return &wire.Room{
		Sid:             string(r.SID),
		Name:            string(r.Name),
		Metadata:        r.Metadata,
		CreationTime:    r.CreatedAt.Unix(),
		CreationTimeMs:  r.CreatedAt.UnixMilli(),
		NumParticipants: count(r.Participants),
		NumPublishers:   count(r.Publishers),
		MaxParticipants: count(r.MaxParticipants),
		EnabledCodecs:   publishCodecs(),
	}
}

func count(n int) uint32 { return uint32(max(n, 0)) }

// publishCodecs are what clients may publish. Those that look for their preferred codec in vain take the first of
// its kind, and VP8 is what everybody can decode.
func publishCodecs() []*wire.Codec {
	var codecs []*wire.Codec
	for _, mime := range []string{"audio/opus", "video/VP8", "video/H264", "video/VP9", "video/AV1", "video/rtx"} {
		codecs = append(codecs, &wire.Codec{Mime: mime})
	}
	return codecs
}

func speakerInfos(speakers []room.Speaker) []*wire.SpeakerInfo {
	infos := make([]*wire.SpeakerInfo, len(speakers))
	for i, s := range speakers {
		infos[i] = &wire.SpeakerInfo{Sid: string(s.SID), Level: s.Level, Active: s.Active}
	}
	return infos
}

func refusalInfo(r room.RefusalReason) wire.SubscriptionError {
	switch r {
	case room.TrackNotFound:
		return wire.SubscriptionError_SE_TRACK_NOTFOUND
	case room.CodecUnsupported:
		return wire.SubscriptionError_SE_CODEC_UNSUPPORTED
	}
	return wire.SubscriptionError_SE_UNKNOWN
}

func sourceOf(s wire.TrackSource) room.Source {
	switch s {
	case wire.TrackSource_CAMERA:
		return room.Camera
	case wire.TrackSource_MICROPHONE:
		return room.Microphone
	case wire.TrackSource_SCREEN_SHARE:
		return room.ScreenShare
	case wire.TrackSource_SCREEN_SHARE_AUDIO:
		return room.ScreenShareAudio
	case wire.TrackSource_UNKNOWN:
	}
	return room.SourceUnknown
}
