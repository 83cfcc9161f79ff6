package signaling

import (
	"context"
	"errors"
	"strings"

	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling/wire"
)

// offer answers a client's offer, in the order in which they come, with its id.
func (s *session) offer(ctx context.Context, m *wire.SessionDescription) {
	answer, err := s.p.Offer(ctx, m.GetSdp())
	if err != nil {
		s.fail("offer", err)
		return
	}
	s.negotiated = true
	sd := &wire.SessionDescription{Type: "answer", Sdp: answer.SDP, Id: m.GetId()}
	if len(answer.MIDToTrack) > 0 {
		sd.MidToTrackId = make(map[string]string, len(answer.MIDToTrack))
		for mid, track := range answer.MIDToTrack {
			sd.MidToTrackId[mid] = string(track)
		}
	}
	s.send(&wire.SignalResponse{Message: &wire.SignalResponse_Answer{Answer: sd}})
	s.retryTracks(ctx)
}

// fail ends a session whose descriptions went wrong, with the sentence that says how: a client without an answer
// would wait and then start anew by itself. It may come back, unless its very first description was useless.
func (s *session) fail(what string, err error) {
	if gone(err) {
		return
	}
	s.log.Warn("description refused", "what", what, "err", err)
	s.refuse(0, err, nil)
	if errors.Is(err, room.ErrBadSDP) && !s.negotiated {
		s.finish(room.ReasonJoinFailure)
		return
	}
	s.finish(room.ReasonStateMismatch)
}

// gone is true of the error that tells that a Left event is on its way.
func gone(err error) bool { return errors.Is(err, room.ErrLeft) || errors.Is(err, room.ErrClosed) }

// note remembers an error that is nobody's business but the operator's.
func (s *session) note(what string, err error) {
	if err != nil && !gone(err) {
		s.log.Debug("request failed", "what", what, "err", err)
	}
}

func (s *session) trickle(ctx context.Context, m *wire.TrickleRequest) {
	target := room.Publisher
	if m.GetTarget() == wire.SignalTarget_SUBSCRIBER && !s.who.join.Single {
		target = room.Subscriber
	}
	if err := s.p.AddCandidate(ctx, target, m.GetCandidateInit(), m.GetFinal()); err != nil && !gone(err) {
		s.counters.candidatesFailed.Add(1)
		s.note("trickle", err)
	}
}

// addTrack announces a track. A client that ends a track and publishes it again may ask before the end has come
// through: such a request waits for the next offer.
func (s *session) addTrack(ctx context.Context, m *wire.AddTrackRequest) {
	request, err := trackRequest(m)
	var state room.TrackState
	if err == nil {
		state, err = s.p.AddTrack(ctx, request)
	}
	switch {
	case err == nil:
		s.send(&wire.SignalResponse{Message: &wire.SignalResponse_TrackPublished{
			TrackPublished: &wire.TrackPublishedResponse{Cid: m.GetCid(), Track: trackInfo(state)},
		}})
	case errors.Is(err, room.ErrDuplicateTrack) && len(s.waiting) < maxWaiting:
		s.waiting = append(s.waiting, m)
	default:
		if errors.Is(err, room.ErrDuplicateTrack) {
			err = errTooMany
		}
		s.check(err, &wire.RequestResponse{Request: &wire.RequestResponse_AddTrack{AddTrack: m}})
	}
}

// retryTracks announces what waited. The client may have offered the track already, in vain: with a single connection
// it can be asked to offer once more.
func (s *session) retryTracks(ctx context.Context) {
	again := s.waiting
	s.waiting = nil
	for _, m := range again {
		s.addTrack(ctx, m)
	}
	if len(again) > len(s.waiting) && s.who.join.Single {
		s.send(inWords(room.SectionsWanted{}))
	}
}

func trackRequest(m *wire.AddTrackRequest) (room.TrackRequest, error) {
	r := room.TrackRequest{
		CID:               m.GetCid(),
		SID:               id.Track(m.GetSid()),
		Source:            sourceOf(m.GetSource()),
		Name:              m.GetName(),
		Muted:             m.GetMuted(),
		Width:             m.GetWidth(),
		Height:            m.GetHeight(),
		Stream:            m.GetStream(),
		DisableDTX:        m.GetDisableDtx(),
		Stereo:            m.GetStereo(),
		DisableRED:        m.GetDisableRed(),
		Encryption:        int32(m.GetEncryption()),
		BackupCodecPolicy: int32(m.GetBackupCodecPolicy()),
	}
	switch m.GetType() {
	case wire.TrackType_AUDIO:
		r.Kind = room.Audio
	case wire.TrackType_VIDEO:
		r.Kind = room.Video
	case wire.TrackType_DATA:
	}
	if r.Kind == 0 || r.CID == "" || len(r.CID) > maxName || len(r.Name) > maxName || len(r.Stream) > maxName {
		return r, errBadRequest
	}
	features(&r, m.GetAudioFeatures())
	layers := m.GetLayers()
	if codecs := m.GetSimulcastCodecs(); len(codecs) > 0 {
		r.MIME = mime(r.Kind, codecs[0].GetCodec())
		if len(codecs[0].GetLayers()) > 0 {
			layers = codecs[0].GetLayers()
		}
	}
	if len(layers) > 4 || len(r.MIME) > maxName {
		return r, errBadRequest // three spatial layers are the most that codecs and browsers know
	}
	for _, l := range layers {
		r.Encodings = append(r.Encodings, room.Encoding{
			Quality: qualityOf(l.GetQuality()), Width: l.GetWidth(), Height: l.GetHeight(),
			Bitrate: l.GetBitrate(), RID: l.GetRid(), SSRC: l.GetSsrc(),
		})
	}
	return r, nil
}

// features takes the audio features, two of which older clients say in fields of their own.
func features(r *room.TrackRequest, list []wire.AudioTrackFeature) {
	for _, f := range dedupe(list) {
		r.AudioFeatures = append(r.AudioFeatures, int32(f))
		switch f { //nolint:exhaustive // the others change nothing here
		case wire.AudioTrackFeature_TF_STEREO:
			r.Stereo = true
		case wire.AudioTrackFeature_TF_NO_DTX:
			r.DisableDTX = true
		}
	}
}

// mime returns the media type of a codec that browsers call "vp8" and others "video/vp8"; empty for none.
func mime(kind room.Kind, codec string) string {
	_, name, ok := strings.Cut(codec, "/")
	if !ok {
		name = codec
	}
	if name == "" {
		return ""
	}
	if kind == room.Audio {
		return "audio/" + strings.ToLower(name)
	}
	return "video/" + strings.ToUpper(name) // RFC 6381 writes them so: VP8, VP9, H264, AV1
}

func qualityOf(q wire.VideoQuality) room.Quality {
	switch q {
	case wire.VideoQuality_LOW:
		return room.Low
	case wire.VideoQuality_MEDIUM:
		return room.Medium
	case wire.VideoQuality_OFF:
		return room.Off
	case wire.VideoQuality_HIGH:
	}
	return room.High
}

func (s *session) updateAudio(ctx context.Context, m *wire.UpdateLocalAudioTrack) {
	u := room.TrackUpdate{AudioFeatures: []int32{}}
	for _, f := range dedupe(m.GetFeatures()) {
		u.AudioFeatures = append(u.AudioFeatures, int32(f))
	}
	s.check(s.p.UpdateTrack(ctx, id.Track(m.GetTrackSid()), u), &wire.RequestResponse{
		Request: &wire.RequestResponse_UpdateAudioTrack{UpdateAudioTrack: m},
	})
}

func (s *session) updateVideo(ctx context.Context, m *wire.UpdateLocalVideoTrack) {
	width, height := m.GetWidth(), m.GetHeight()
	s.check(s.p.UpdateTrack(ctx, id.Track(m.GetTrackSid()), room.TrackUpdate{Width: &width, Height: &height}), &wire.RequestResponse{
		Request: &wire.RequestResponse_UpdateVideoTrack{UpdateVideoTrack: m},
	})
}

// dedupe keeps the first of equals. The lists it is for come from enums, but from strangers.
func dedupe[T comparable](list []T) []T {
	seen := make(map[T]bool, len(list))
	var once []T
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			once = append(once, v)
		}
	}
	return once
}
