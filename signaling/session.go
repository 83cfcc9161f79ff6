package signaling

import (
	"context"
	"log/slog"
	"time"

	"github.com/coder/websocket"

	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling/token"
	"salon/signaling/wire"
)

// A session is the conversation with one client: it turns requests into calls to the Participant, and answers and
// events into messages. Each method returns what the client has to hear, in order.
//
// It reads no clock, starts no goroutine and touches no socket; its loop (session_loop.go) owns it.
type session struct {
	cfg      Config
	who      *admission
	p        Participant
	log      *slog.Logger
	counters *counters

	outbox     []*wire.SignalResponse
	over       bool // nothing follows the outbox but the end
	why        room.LeaveReason
	closeCode  websocket.StatusCode // zero: a normal end
	closeWhy   string
	negotiated bool // an offer of the client was answered
	garbled    int  // messages that couldn't be read

	self    room.ParticipantState
	people  map[id.Participant]person // the others
	waiting []*wire.AddTrackRequest   // for a track with the same client id to end
}

// person is what addressing needs to know of somebody in the room.
type person struct {
	identity id.Identity
	metrics  bool // may see metrics
}

// Bounds of what a client may make its session remember or do at once.
const (
	maxGarbled = 10
	maxWaiting = 16
	maxNamed   = 4096 // tracks in one request
)

func newSession(cfg Config, who *admission, p Participant, log *slog.Logger, c *counters) *session {
	return &session{cfg: cfg, who: who, p: p, log: log, counters: c, people: map[id.Participant]person{}}
}

func (s *session) send(m *wire.SignalResponse) { s.outbox = append(s.outbox, m) }

// flush empties the outbox.
func (s *session) flush() []*wire.SignalResponse {
	out := s.outbox
	s.outbox = nil
	return out
}

// finish says goodbye: the session is over behind it.
func (s *session) finish(why room.LeaveReason) {
	if s.over {
		return
	}
	s.over, s.why = true, why
	s.send(&wire.SignalResponse{Message: &wire.SignalResponse_Leave{Leave: goodbye(why)}})
}

// end sends the client away for a reason that its loop has.
func (s *session) end(why room.LeaveReason) []*wire.SignalResponse {
	s.finish(why)
	return s.flush()
}

// unreadable takes note of a message that isn't one. A client that goes on like that has to go.
func (s *session) unreadable() []*wire.SignalResponse {
	s.counters.malformed.Add(1)
	s.garbled++
	s.refuse(0, wire.ErrMalformed, nil)
	if s.garbled >= maxGarbled {
		s.closeCode, s.closeWhy = websocket.StatusInvalidFramePayloadData, wire.ErrMalformed.Error()
		s.finish(room.ReasonParticipantRemoved)
	}
	return s.flush()
}

// oversized ends the session of a client whose message is beyond the limit: the rest of it won't be read.
func (s *session) oversized() []*wire.SignalResponse {
	s.closeCode, s.closeWhy = websocket.StatusMessageTooBig, errOversized.Error()
	s.refuse(0, errOversized, nil)
	s.finish(room.ReasonParticipantRemoved)
	return s.flush()
}

// reason says why the session ended: because the connection did, unless somebody had another one.
func (s *session) reason() room.LeaveReason {
	if s.why == room.ReasonUnknown {
		return room.ReasonSignalClose
	}
	return s.why
}

// closing returns how the WebSocket is to be closed.
func (s *session) closing() (code websocket.StatusCode, why string) {
	if s.closeCode == 0 {
		return websocket.StatusNormalClosure, ""
	}
	return s.closeCode, s.closeWhy
}

// isPing tells requests that the session answers by itself from those that may wait for the room.
func isPing(req *wire.SignalRequest) bool {
	switch req.GetMessage().(type) {
	case *wire.SignalRequest_Ping, *wire.SignalRequest_PingReq:
		return true
	default:
		return false
	}
}

// request answers the client. Time is for pings alone.
func (s *session) request(ctx context.Context, now time.Time, req *wire.SignalRequest) []*wire.SignalResponse {
	if s.over {
		return nil
	}
	switch m := req.GetMessage().(type) {
	case *wire.SignalRequest_Offer:
		s.offer(ctx, m.Offer)
	case *wire.SignalRequest_Answer:
		s.answer(ctx, m.Answer)
	case *wire.SignalRequest_Trickle:
		s.trickle(ctx, m.Trickle)
	case *wire.SignalRequest_AddTrack:
		s.addTrack(ctx, m.AddTrack)
	case *wire.SignalRequest_Mute:
		s.check(s.p.SetMuted(ctx, id.Track(m.Mute.GetSid()), m.Mute.GetMuted()), &wire.RequestResponse{
			Request: &wire.RequestResponse_Mute{Mute: m.Mute},
		})
	case *wire.SignalRequest_UpdateAudioTrack:
		s.updateAudio(ctx, m.UpdateAudioTrack)
	case *wire.SignalRequest_UpdateVideoTrack:
		s.updateVideo(ctx, m.UpdateVideoTrack)
	case *wire.SignalRequest_Subscription:
		s.subscribe(ctx, m.Subscription)
	case *wire.SignalRequest_TrackSetting:
		s.wish(ctx, m.TrackSetting)
	case *wire.SignalRequest_UpdateMetadata:
		s.updateSelf(ctx, m.UpdateMetadata)
	case *wire.SignalRequest_Ping:
		s.send(&wire.SignalResponse{Message: &wire.SignalResponse_Pong{Pong: now.UnixMilli()}})
	case *wire.SignalRequest_PingReq:
		s.send(&wire.SignalResponse{Message: &wire.SignalResponse_PongResp{PongResp: &wire.Pong{
			LastPingTimestamp: m.PingReq.GetTimestamp(), Timestamp: now.UnixMilli(),
		}}})
	case *wire.SignalRequest_Leave:
		s.leave(ctx)
	case *wire.SignalRequest_SyncState:
		s.finish(room.ReasonStateMismatch) // nothing can be resumed
	case *wire.SignalRequest_Simulate:
		s.simulate(m.Simulate)
	default:
		s.decline(req)
	}
	return s.flush()
}

// decline refuses what the server can't do, so that the client needn't wait for an answer. Requests whose
// absence nobody notices are passed over: subscription permissions, which every browser sends when it has
// connected, and the layer updates of old clients.
func (s *session) decline(req *wire.SignalRequest) {
	switch m := req.GetMessage().(type) {
	case *wire.SignalRequest_PublishDataTrackRequest:
		s.refuse(0, errUnsupported, &wire.RequestResponse{
			Request: &wire.RequestResponse_PublishDataTrack{PublishDataTrack: m.PublishDataTrackRequest},
		})
	case *wire.SignalRequest_UnpublishDataTrackRequest:
		s.refuse(0, errUnsupported, &wire.RequestResponse{
			Request: &wire.RequestResponse_UnpublishDataTrack{UnpublishDataTrack: m.UnpublishDataTrackRequest},
		})
	case *wire.SignalRequest_StoreDataBlobRequest:
		s.refuse(m.StoreDataBlobRequest.GetRequestId(), errUnsupported, nil)
	case *wire.SignalRequest_GetDataBlobRequest:
		s.refuse(m.GetDataBlobRequest.GetRequestId(), errUnsupported, nil)
	}
}

// leave ends the session because the client asked for it; it doesn't wait for an answer.
func (s *session) leave(ctx context.Context) {
	s.over, s.why = true, room.ReasonClientInitiated
	s.note("leave", s.p.Leave(ctx, room.ReasonClientInitiated))
}

// refuse tells the client that a request won't be done. echo may carry the request, and may be nil.
func (s *session) refuse(requestID uint32, err error, echo *wire.RequestResponse) {
	s.counters.requestsRefused.Add(1)
	if echo == nil {
		echo = &wire.RequestResponse{}
	}
	echo.RequestId = requestID
	echo.Reason, echo.Message = refusal(err)
	s.send(&wire.SignalResponse{Message: &wire.SignalResponse_RequestResponse{RequestResponse: echo}})
}

// check refuses a request when err says so. A participant that has left hears of it by another event.
func (s *session) check(err error, echo *wire.RequestResponse) {
	if err != nil && !gone(err) {
		s.refuse(0, err, echo)
	}
}

// freshToken returns a token with which the client can join again as what it has become: the same rights, for ten
// minutes at least and never less than the first one.
func (s *session) freshToken(keys token.Keys, now time.Time) (string, error) {
	c := s.who.claims
	c.Name, c.Metadata, c.Attributes = s.self.Name, s.self.Metadata, s.self.Attributes
	c.IssuedAt, c.NotBefore = now, now
	if soon := now.Add(tokenLife); c.Expires.Before(soon) {
		c.Expires = soon
	}
	return token.Mint(keys, c, now)
}

// tokenLife is twice the default interval of refreshed tokens, so that one is valid until the next has come.
const tokenLife = 10 * time.Minute
