package client

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/coder/websocket"
	"google.golang.org/protobuf/proto"

	"salon/loadtest/media"
	"salon/signaling/wire"
)

const (
	clientProtocol = 17 // what the current clients for browsers say
	maxMessage     = 4 << 20
)

// A session is one participant's signalling connection. Writing is safe from several goroutines.
type session struct {
	sock *websocket.Conn
}

// dial opens the WebSocket. A refusal is told with the server's words.
func dial(ctx context.Context, url string) (*session, error) {
	sock, resp, err := websocket.Dial(ctx, url, &websocket.DialOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		if resp != nil && (resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden) {
			return nil, fmt.Errorf("%w: status %d: %w", errForbidden, resp.StatusCode, err)
		}
		if resp != nil {
			return nil, fmt.Errorf("%w: status %d: %w", errRefused, resp.StatusCode, err)
		}
		return nil, fmt.Errorf("open websocket: %w", err)
	}
	sock.SetReadLimit(maxMessage)
	return &session{sock: sock}, nil
}

func (s *session) read(ctx context.Context) (*wire.SignalResponse, error) {
	kind, b, err := s.sock.Read(ctx)
	if err != nil {
		return nil, fmt.Errorf("read message: %w", err)
	}
	form := wire.Binary
	if kind == websocket.MessageText {
		form = wire.Text
	}
	m := &wire.SignalResponse{}
	if err := wire.Unmarshal(form, b, m); err != nil {
		return nil, fmt.Errorf("read message: %w", err)
	}
	return m, nil
}

func (s *session) write(ctx context.Context, m proto.Message) error {
	b, err := wire.Marshal(wire.Binary, m)
	if err != nil {
		return err
	}
	if err := s.sock.Write(ctx, websocket.MessageBinary, b); err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	return nil
}

// leave says goodbye and closes the connection.
func (s *session) leave(ctx context.Context) {
	_ = s.write(ctx, &wire.SignalRequest{Message: &wire.SignalRequest_Leave{
		Leave: &wire.LeaveRequest{Reason: wire.DisconnectReason_CLIENT_INITIATED, Action: wire.LeaveRequest_DISCONNECT},
	}}) // the server may be gone
	_ = s.sock.Close(websocket.StatusNormalClosure, "")
}

// drop closes the connection without a word: nobody is there to hear it.
func (s *session) drop() { _ = s.sock.CloseNow() }

// joinRequest is what a participant says of itself in the URL: an offer and the tracks in it.
func joinRequest(subscribe bool, tracks []*media.Track, sdp string) *wire.JoinRequest {
	r := &wire.JoinRequest{
		ClientInfo:         &wire.ClientInfo{Sdk: wire.ClientInfo_GO, Version: "2.23.0", Protocol: clientProtocol},
		ConnectionSettings: &wire.ConnectionSettings{AutoSubscribe: subscribe},
	}
	if sdp != "" {
		r.PublisherOffer = &wire.SessionDescription{Type: "offer", Sdp: sdp, Id: 1}
	}
	for _, t := range tracks {
		r.AddTrackRequests = append(r.AddTrackRequests, addTrack(t))
	}
	return r
}

func addTrack(t *media.Track) *wire.AddTrackRequest {
	r := &wire.AddTrackRequest{Cid: t.CID, Name: "microphone", Type: wire.TrackType_AUDIO, Source: wire.TrackSource_MICROPHONE, Stream: "camera"}
	if !t.Kind.Video() {
		r.DisableRed = true
		return r
	}
	r.Name, r.Type, r.Source, r.Width, r.Height = "camera", wire.TrackType_VIDEO, wire.TrackSource_CAMERA, 1280, 720
	if t.Kind == media.Screen {
		r.Name, r.Source, r.Stream = "screen", wire.TrackSource_SCREEN_SHARE, "screen"
	}
	r.Layers = videoLayers(t)
	r.SimulcastCodecs = []*wire.SimulcastCodec{{Codec: strings.ToLower(string(t.Codec)), Cid: t.CID, Layers: r.Layers}}
	return r
}

// videoLayers describes the layers of a track: qualities from low, as far as they go (the protocol's rule), each twice
// as large as the one below.
func videoLayers(t *media.Track) (list []*wire.VideoLayer) {
	for i := range t.Layers {
		quality, shrink := wire.VideoQuality(i), uint32(1)<<(len(t.Layers)-1-i) //nolint:gosec // at most three
		if len(t.Layers) == 1 {
			quality = wire.VideoQuality_HIGH
		}
		list = append(list, &wire.VideoLayer{
			Quality: quality, Width: 1280 / shrink, Height: 720 / shrink, Bitrate: 1_200_000 / shrink / shrink, Rid: t.RID(i),
		})
	}
	return list
}

func offerMessage(sdp string, id uint32) *wire.SignalRequest {
	return &wire.SignalRequest{Message: &wire.SignalRequest_Offer{
		Offer: &wire.SessionDescription{Type: "offer", Sdp: sdp, Id: id},
	}}
}

func answerMessage(sdp string, id uint32) *wire.SignalRequest {
	return &wire.SignalRequest{Message: &wire.SignalRequest_Answer{
		Answer: &wire.SessionDescription{Type: "answer", Sdp: sdp, Id: id},
	}}
}

func trackMessage(t *media.Track) *wire.SignalRequest {
	return &wire.SignalRequest{Message: &wire.SignalRequest_AddTrack{AddTrack: addTrack(t)}}
}
