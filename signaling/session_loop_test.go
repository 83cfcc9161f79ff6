package signaling

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"salon/sfu/room"
	"salon/signaling/token"
	"salon/signaling/wire"
)

func TestSingleConnectionJoins(t *testing.T) {
	d := open(t, Config{Node: "ND_1"})
	c := d.join("/rtc/v1", url.Values{
		"access_token": {entry(t, nil)},
		"join_request": {packed(t, &wire.JoinRequest{
			ClientInfo:         &wire.ClientInfo{Sdk: wire.ClientInfo_JS, Protocol: 17, ClientProtocol: 2, Capabilities: []wire.ClientInfo_Capability{2}},
			ConnectionSettings: &wire.ConnectionSettings{AutoSubscribe: true},
			PublisherOffer:     &wire.SessionDescription{Type: "offer", Sdp: "v=0", Id: 1},
			AddTrackRequests:   []*wire.AddTrackRequest{{Cid: "mic", Type: wire.TrackType_AUDIO, Source: wire.TrackSource_MICROPHONE}},
		})},
	})
	join := c.next().GetJoin()
	if join.GetParticipant().GetSid() != "PA_1" || join.GetSubscriberPrimary() || join.GetServerInfo().GetNodeId() != "ND_1" {
		t.Errorf("join response: %v", join)
	}
	if published := c.next().GetTrackPublished(); published.GetCid() != "mic" {
		t.Errorf("got %v", published)
	}
	if answer := c.next().GetAnswer(); answer.GetId() != 1 || answer.GetSdp() != "answer to v=0" {
		t.Errorf("got %v", answer)
	}
	fresh := c.next().GetRefreshToken()
	if claims, err := token.Verify(keys(), fresh, time.Now()); err != nil || claims.Grant.Room != "book" {
		t.Errorf("token for %+v, %v", claims, err)
	}
	c.waitFor("Start")
	j := d.rooms.last()
	if !j.Single || !j.AutoSubscribe || j.ClientProtocol != 2 || len(j.Capabilities) != 1 || j.Identity != "mina" {
		t.Errorf("joined as %+v", j)
	}
}

func TestTwoConnectionsJoin(t *testing.T) {
	d := open(t, Config{})
	no := false
	c := d.join("/rtc", url.Values{
		"access_token": {entry(t, func(c *token.Claims) {
			c.Grant.CanSubscribe = &no
			c.Grant.CanPublishSources = []string{"camera", "microphone", "nonsense"}
			c.Kind = "agent"
			c.Room.MaxParticipants = 6
		})},
		"protocol": {"15"}, "client_protocol": {"1"}, "auto_subscribe": {"0"}, "sdk": {"go"},
	})
	if join := c.next().GetJoin(); join.GetSubscriberPrimary() || join.GetParticipant().GetKind() != wire.ParticipantInfo_AGENT {
		t.Errorf("join response: %v", join)
	}
	j := d.rooms.last()
	if j.Single || j.AutoSubscribe || j.Protocol != 15 || j.ClientProtocol != 1 || j.MaxParticipants != 6 || j.Grants.Subscribe {
		t.Errorf("joined as %+v", j)
	}
	if len(j.Grants.Sources) != 3 || j.Grants.Sources[0] != room.Camera || j.Grants.Sources[2] != room.SourceUnknown {
		t.Errorf("sources %v", j.Grants.Sources)
	}
}

// The native SDKs say join_request at the old path when they want a single connection.
func TestJoinRequestMakesASingleConnectionAnywhere(t *testing.T) {
	d := open(t, Config{})
	yes := true
	c := d.join("/rtc", url.Values{
		"access_token": {entry(t, func(c *token.Claims) {
			c.Grant.CanUpdateOwnMetadata = &yes
			c.Attributes = map[string]string{"a": "token", "b": "token"}
		})},
		"join_request": {packed(t, &wire.JoinRequest{Metadata: "mine", ParticipantAttributes: map[string]string{"a": "mine"}})},
	})
	c.next()
	j := d.rooms.last()
	if !j.Single || j.Metadata != "mine" || j.Attributes["a"] != "mine" || j.Attributes["b"] != "token" {
		t.Errorf("joined as %+v", j)
	}
}

func TestReconnectingClientIsToldToJoin(t *testing.T) {
	d := open(t, Config{})
	for path, query := range map[string]url.Values{
		"/rtc":    {"access_token": {entry(t, nil)}, "protocol": {"17"}, "reconnect": {"1"}, "sid": {"PA_old"}},
		"/rtc/v1": {"access_token": {entry(t, nil)}, "join_request": {packed(t, &wire.JoinRequest{Reconnect: true, ParticipantSid: "PA_old"})}},
	} {
		conn, _, err := d.dial(path, query)
		if err != nil {
			t.Fatal(err)
		}
		last, code := (&caller{t: t, conn: conn}).closed()
		leave := last.GetLeave()
		if leave.GetAction() != wire.LeaveRequest_RECONNECT || leave.GetReason() != wire.DisconnectReason_STATE_MISMATCH || code != websocket.StatusNormalClosure {
			t.Errorf("%s: %v, closed with %d", path, leave, code)
		}
	}
	if len(d.rooms.joined) != 0 {
		t.Error("somebody was let in")
	}
}

func TestAnswersComeInTheFormOfTheQuestion(t *testing.T) {
	d := open(t, Config{})
	c := d.v0()
	c.write(websocket.MessageText, []byte(`{"ping": "1", "unknownThing": 3}`))
	kind, b, err := c.read()
	if err != nil || kind != websocket.MessageText || !strings.Contains(string(b), `"pong"`) {
		t.Errorf("got %v %s, %v", kind, b, err)
	}
	c.send(&wire.SignalRequest{Message: &wire.SignalRequest_Ping{Ping: 1}})
	if kind, _, err := c.read(); err != nil || kind != websocket.MessageBinary {
		t.Errorf("got %v, %v", kind, err)
	}
}

func TestEventsReachTheClientInOrder(t *testing.T) {
	d := open(t, Config{})
	c := d.v0()
	for i := range 20 {
		c.p.emit(room.Offered{SDP: "x", ID: uint32(i)})
	}
	for i := range 20 {
		if got := c.next().GetOffer().GetId(); got != uint32(i) {
			t.Fatalf("offer %d came as number %d", got, i)
		}
	}
}

func TestLostConnectionEndsThePresence(t *testing.T) {
	d := open(t, Config{})
	c := d.v0()
	if err := c.conn.CloseNow(); err != nil {
		t.Fatal(err)
	}
	c.waitFor("Leave 9")
}

func TestClientThatLeavesIsGoneAtOnce(t *testing.T) {
	d := open(t, Config{})
	c := d.v0()
	c.send(&wire.SignalRequest{Message: &wire.SignalRequest_Leave{Leave: &wire.LeaveRequest{Reason: wire.DisconnectReason_CLIENT_INITIATED}}})
	if last, code := c.closed(); last != nil || code != websocket.StatusNormalClosure {
		t.Errorf("%v, closed with %d", last, code)
	}
	c.waitFor("Leave 1")
}

func TestReplacedParticipantIsToldSo(t *testing.T) {
	d := open(t, Config{})
	c := d.v0()
	if err := c.p.Leave(context.Background(), room.ReasonDuplicateIdentity); err != nil {
		t.Fatal(err)
	}
	last, _ := c.closed()
	if l := last.GetLeave(); l.GetAction() != wire.LeaveRequest_DISCONNECT || l.GetReason() != wire.DisconnectReason_DUPLICATE_IDENTITY {
		t.Errorf("got %v", last)
	}
}

func TestOversizedMessageEndsTheSession(t *testing.T) {
	d := open(t, Config{MaxMessage: 1000})
	c := d.v0()
	c.write(websocket.MessageBinary, make([]byte, 1001))
	last, code := c.closed()
	if last.GetLeave().GetAction() != wire.LeaveRequest_DISCONNECT || code != websocket.StatusMessageTooBig {
		t.Errorf("%v, closed with %d", last, code)
	}
	if n := d.server.Stats().Oversized; n != 1 {
		t.Errorf("%d counted", n)
	}
	c.waitFor("Leave 4")
}

func TestGarbageIsRefusedAndInTheEndNotBorne(t *testing.T) {
	d := open(t, Config{})
	c := d.v0()
	for range maxGarbled {
		c.write(websocket.MessageBinary, []byte{0x0a, 0xff})
		if r := c.next().GetRequestResponse(); r.GetReason() != wire.RequestResponse_INVALID_REQUEST {
			t.Fatalf("got %v", r)
		}
	}
	last, code := c.closed()
	if last.GetLeave().GetAction() != wire.LeaveRequest_DISCONNECT || code != websocket.StatusInvalidFramePayloadData {
		t.Errorf("%v, closed with %d", last, code)
	}
	if n := d.server.Stats().Malformed; n != maxGarbled {
		t.Errorf("%d counted", n)
	}
}

func TestSilentClientIsSentAway(t *testing.T) {
	d := open(t, Config{PingInterval: time.Second, PingTimeout: 2 * time.Second})
	c := d.v0()
	last, _ := c.closed()
	if l := last.GetLeave(); l.GetAction() != wire.LeaveRequest_RECONNECT || l.GetReason() != wire.DisconnectReason_CONNECTION_TIMEOUT {
		t.Errorf("got %v", last)
	}
	if n := d.server.Stats().Silent; n != 1 {
		t.Errorf("%d counted", n)
	}
}

func TestClientThatDoesNotReadIsCutOff(t *testing.T) {
	d := open(t, Config{SendQueue: 8})
	c := d.v0()
	// More than the sockets' buffers hold, in messages of their own.
	big := room.Changed{Room: room.State{Name: "book", Metadata: strings.Repeat("m", 1<<20)}}
	end := time.After(patience)
	for d.server.Stats().Slow == 0 {
		c.p.emit(big)
		select {
		case <-end:
			t.Fatal("it was borne")
		case <-time.After(time.Millisecond):
		}
	}
	end = time.After(patience)
	for d.server.Stats().Sessions != 0 {
		select {
		case <-end:
			t.Fatal("the session goes on")
		case <-time.After(time.Millisecond):
		}
	}
}

func TestShutdownTellsEverybody(t *testing.T) {
	d := open(t, Config{})
	callers := []*caller{d.v0(), d.v0(), d.v0()}
	done := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		done <- d.server.Shutdown(ctx)
	}()
	for _, c := range callers {
		last, code := c.closed()
		if l := last.GetLeave(); l.GetAction() != wire.LeaveRequest_RECONNECT || l.GetReason() != wire.DisconnectReason_SERVER_SHUTDOWN || code != websocket.StatusNormalClosure {
			t.Errorf("%v, closed with %d", l, code)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if res, body := d.get("GET", "/rtc/validate", url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}); res.StatusCode != 503 {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func TestShutdownDoesNotWaitForThoseWhoDontRead(t *testing.T) {
	d := open(t, Config{})
	c := d.v0()
	big := room.Changed{Room: room.State{Name: "book", Metadata: strings.Repeat("m", 1<<20)}}
	for range 32 {
		c.p.emit(big)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := d.server.Shutdown(ctx); err == nil {
		t.Error("it says that all went well")
	}
	if n := d.server.Stats().Sessions; n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}
