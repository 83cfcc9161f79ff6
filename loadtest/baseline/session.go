package baseline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"

	"salon/signaling/wire"
)

// errBye tells that the client has said goodbye.
var errBye = errors.New("the client leaves")

// A session is one participant's WebSocket and connection. The goroutine that serves it owns its fields.
type session struct {
	room      *room
	self      *member
	sock      *websocket.Conn
	pc        *webrtc.PeerConnection
	subscribe bool

	known    map[string]uint32 // versions of the others that the client knows, by sid
	sending  map[*publication]*webrtc.RTPSender
	sections struct{ audios, videos uint32 } // asked for since the last offer
	fresh    []*reader                       // senders that nobody reads yet
}

// A reader reads what a subscriber says of a track.
type reader struct {
	sender *webrtc.RTPSender
	of     *publication
}

// begin opens the conversation.
func (s *session) begin(ctx context.Context, request *wire.JoinRequest) error {
	people, _ := s.room.others(s.self)
	if err := s.write(ctx, joinResponse(s.room.name, s.self, people)); err != nil {
		return err
	}
	for _, p := range people {
		s.known[p.GetSid()] = p.GetVersion()
	}
	for _, t := range request.GetAddTrackRequests() {
		if err := s.addTrack(ctx, t); err != nil {
			return err
		}
	}
	if o := request.GetPublisherOffer(); o != nil {
		return s.offered(ctx, o)
	}
	return nil
}

// hear does what a message asks for. Those that a load has no use for are ignored.
func (s *session) hear(ctx context.Context, m *wire.SignalRequest) error {
	switch m := m.GetMessage().(type) {
	case *wire.SignalRequest_Offer:
		return s.offered(ctx, m.Offer)
	case *wire.SignalRequest_AddTrack:
		return s.addTrack(ctx, m.AddTrack)
	case *wire.SignalRequest_Trickle:
		var c webrtc.ICECandidateInit
		if err := json.Unmarshal([]byte(m.Trickle.GetCandidateInit()), &c); err != nil {
			return fmt.Errorf("read candidate: %w", err)
		}
		if err := s.pc.AddICECandidate(c); err != nil {
			return fmt.Errorf("add candidate: %w", err)
		}
	case *wire.SignalRequest_Ping:
		return s.write(ctx, pong(m.Ping))
	case *wire.SignalRequest_PingReq:
		return s.write(ctx, pongTo(m.PingReq))
	case *wire.SignalRequest_Leave:
		return errBye
	}
	return nil
}

func (s *session) addTrack(ctx context.Context, request *wire.AddTrackRequest) error {
	return s.write(ctx, trackPublished(request.GetCid(), s.room.await(s.self, request)))
}

// offered answers an offer, with everything in it that there is to receive.
func (s *session) offered(ctx context.Context, o *wire.SessionDescription) error {
	err := s.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: o.GetSdp()})
	if err != nil {
		return fmt.Errorf("take offer: %w", err)
	}
	s.sections.audios, s.sections.videos = 0, 0
	if _, err := s.follow(ctx); err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(s.pc)
	a, err := s.pc.CreateAnswer(nil)
	if err != nil {
		return fmt.Errorf("create answer: %w", err)
	}
	if err := s.pc.SetLocalDescription(a); err != nil {
		return fmt.Errorf("set answer: %w", err)
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return ctx.Err()
	}
	tracks := make(map[string]string)
	for _, t := range s.pc.GetTransceivers() {
		if sender := t.Sender(); sender != nil && sender.Track() != nil && t.Mid() != "" {
			tracks[t.Mid()] = sender.Track().ID()
		}
	}
	if err := s.write(ctx, answer(o.GetId(), s.pc.LocalDescription().SDP, tracks)); err != nil {
		return err
	}
	if audios, videos := s.lacking(); audios+videos > 0 {
		return s.wantSections(ctx)
	}
	return nil
}

// look follows the room when it has changed, and asks for an offer where that changes the connection.
func (s *session) look(ctx context.Context) error {
	changed, err := s.follow(ctx)
	if err != nil || !changed {
		return err
	}
	return s.wantSections(ctx)
}

// follow tells the client who is here and gives it what they publish. changed: the connection needs another offer.
func (s *session) follow(ctx context.Context) (changed bool, err error) {
	people, tracks := s.room.others(s.self)
	if news := s.news(people); len(news) > 0 {
		if err := s.write(ctx, update(news)); err != nil {
			return false, err
		}
	}
	if !s.subscribe {
		return false, nil
	}
	stays := make(map[*publication]bool, len(tracks))
	for _, t := range tracks {
		stays[t] = true
		if s.sending[t] != nil {
			continue
		}
		sender, err := s.pc.AddTrack(t.local)
		if err != nil {
			return changed, fmt.Errorf("add track: %w", err)
		}
		s.sending[t] = sender
		s.fresh = append(s.fresh, &reader{sender: sender, of: t})
		changed = true
	}
	for t, sender := range s.sending {
		if stays[t] {
			continue
		}
		delete(s.sending, t)
		if err := s.pc.RemoveTrack(sender); err != nil {
			return changed, fmt.Errorf("remove track: %w", err)
		}
		changed = true
	}
	return changed, nil
}

// news returns those of whom the client does not know the latest, and those who are gone.
func (s *session) news(people []*wire.ParticipantInfo) (list []*wire.ParticipantInfo) {
	here := make(map[string]uint32, len(people))
	for _, p := range people {
		here[p.GetSid()] = p.GetVersion()
		if s.known[p.GetSid()] < p.GetVersion() {
			list = append(list, p)
		}
	}
	for sid := range s.known {
		if _, ok := here[sid]; !ok {
			list = append(list, &wire.ParticipantInfo{Sid: sid, State: wire.ParticipantInfo_DISCONNECTED})
		}
	}
	s.known = here
	return list
}

// lacking counts the tracks for which the client's offers have no section yet.
func (s *session) lacking() (audios, videos uint32) {
	for _, t := range s.pc.GetTransceivers() {
		switch {
		case t.Mid() != "":
		case t.Kind() == webrtc.RTPCodecTypeAudio:
			audios++
		default:
			videos++
		}
	}
	return audios, videos
}

// wantSections asks for an offer with those sections that are lacking and were not asked for.
func (s *session) wantSections(ctx context.Context) error {
	audios, videos := s.lacking()
	audios, videos = audios-min(audios, s.sections.audios), videos-min(videos, s.sections.videos)
	s.sections.audios += audios
	s.sections.videos += videos
	return s.write(ctx, sectionsWanted(audios, videos))
}

func (s *session) write(ctx context.Context, m *wire.SignalResponse) error {
	b, err := wire.Marshal(wire.Binary, m)
	if err != nil {
		return err
	}
	if err := s.sock.Write(ctx, websocket.MessageBinary, b); err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	return nil
}
