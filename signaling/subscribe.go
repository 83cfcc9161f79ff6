package signaling

import (
	"context"
	"maps"

	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling/wire"
)

// answer takes the client's answer to an offer of ours: only clients with two connections get one.
func (s *session) answer(ctx context.Context, m *wire.SessionDescription) {
	if s.who.join.Single {
		s.refuse(0, errBadRequest, nil)
		return
	}
	if err := s.p.Answer(ctx, m.GetId(), m.GetSdp()); err != nil {
		s.fail("answer", err)
	}
}

// subscribe takes the client's wish for tracks, which it names twice.
func (s *session) subscribe(ctx context.Context, m *wire.UpdateSubscription) {
	sids := m.GetTrackSids()
	for _, of := range m.GetParticipantTracks() {
		sids = append(sids, of.GetTrackSids()...)
	}
	tracks, err := named(sids)
	if err != nil {
		s.refuse(0, err, nil)
		return
	}
	s.note("subscribe", s.p.Subscribe(ctx, tracks, m.GetSubscribe()))
}

// wish takes in which quality the client wants tracks.
func (s *session) wish(ctx context.Context, m *wire.UpdateTrackSettings) {
	tracks, err := named(m.GetTrackSids())
	if err != nil {
		s.refuse(0, err, nil)
		return
	}
	s.note("track setting", s.p.SetWish(ctx, tracks, room.Wish{
		Disabled: m.GetDisabled() || m.GetQuality() == wire.VideoQuality_OFF,
		Quality:  qualityOf(m.GetQuality()),
		// The quality always comes; width and height take its place where they are given.
		HasQuality: m.GetWidth() == 0 || m.GetHeight() == 0,
		Width:      m.GetWidth(),
		Height:     m.GetHeight(),
		FPS:        m.GetFps(),
		Priority:   m.GetPriority(),
	}))
}

// named returns each track once.
func named(sids []string) ([]id.Track, error) {
	if len(sids) > maxNamed {
		return nil, errTooMany
	}
	var tracks []id.Track
	for _, sid := range dedupe(sids) {
		tracks = append(tracks, id.Track(sid))
	}
	return tracks, nil
}

// updateSelf changes what others see of the client, which takes the update that follows for the answer.
func (s *session) updateSelf(ctx context.Context, m *wire.UpdateParticipantMetadata) {
	echo := &wire.RequestResponse{Request: &wire.RequestResponse_UpdateMetadata{UpdateMetadata: m}}
	u := room.Update{Attributes: m.GetAttributes()}
	name, metadata := m.GetName(), m.GetMetadata()
	if name != "" || s.who.tellsAll {
		u.Name = &name
	}
	if metadata != "" || s.who.tellsAll {
		u.Metadata = &metadata
	}
	attributes := merge(s.self.Attributes, u.Attributes)
	if len(name) > maxName || tooLarge(metadata, attributes) {
		s.refuse(m.GetRequestId(), errMetadataTooLarge, echo)
		return
	}
	if err := s.p.Update(ctx, u); err != nil {
		if !gone(err) {
			s.refuse(m.GetRequestId(), err, echo)
		}
		return
	}
	s.self.Attributes = attributes // before the event comes: the next request is measured by it
}

// merge applies changes, in which an empty value takes its key away.
func merge(attributes, changes map[string]string) map[string]string {
	merged := maps.Clone(attributes)
	if merged == nil {
		merged = map[string]string{}
	}
	for k, v := range changes {
		if v == "" {
			delete(merged, k)
		} else {
			merged[k] = v
		}
	}
	return merged
}
