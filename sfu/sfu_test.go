package sfu

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"go.uber.org/goleak"

	"salon/sfu/id"
	"salon/sfu/room"
	"salon/sfu/sfutest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction(clientsUndeclared), goleak.IgnoreAnyFunction(clientsReceiver))
}

// Where the stack that plays the clients sometimes waits for ever when it is closed while an SSRC begins: one that no description
// has told it of, or one that has just got its receiver. The server never runs either.
const (
	clientsUndeclared = "github.com/pion/webrtc/v4.(*PeerConnection).undeclaredRTPMediaProcessor.func1"
	clientsReceiver   = "github.com/pion/webrtc/v4.(*PeerConnection).startReceiver.func1"
)

// bound is how long anything that should happen at once may take on a busy machine.
const bound = 20 * time.Second

func serve(t *testing.T, cfg Config) *Server {
	t.Helper()
	return serveLogged(t, cfg, slog.DiscardHandler)
}

// serveLogged has the server's log go to h.
func serveLogged(t *testing.T, cfg Config, h slog.Handler) *Server {
	t.Helper()
	cfg.Port = -1
	s, err := New(cfg, slog.New(h))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	for {
		s.mu.Lock()
		open := s.open
		s.mu.Unlock()
		if open {
			return s
		}
	}
}

// client is a browser by pion: it drives its Participant as a session would.
type client struct {
	t      *testing.T
	p      *room.Participant
	pub    *webrtc.PeerConnection
	sub    *webrtc.PeerConnection // the same with one connection
	snap   room.Snapshot
	single bool
	tune   func(*webrtc.SettingEngine)

	mu     sync.Mutex // what changes pub comes one after the other, as in a browser
	events chan room.Event
	tracks chan *webrtc.TrackRemote
	mids   atomic.Pointer[map[string]id.Track]
	done   sync.WaitGroup

	leaving atomic.Bool // rounds under way may break off from now on
}

func everything() room.Grants { return room.Grants{Publish: true, Subscribe: true, PublishData: true} }

func join(t *testing.T, s *Server, name id.Room, identity id.Identity, single bool) *client {
	t.Helper()
	return joinTuned(t, s, name, identity, single, func(*webrtc.SettingEngine) {})
}

// joinOver has the client's datagrams go through conn.
func joinOver(t *testing.T, s *Server, name id.Room, identity id.Identity, single bool, conn net.PacketConn) *client {
	t.Helper()
	return joinTuned(t, s, name, identity, single, func(settings *webrtc.SettingEngine) {
		settings.SetICEUDPMux(webrtc.NewICEUDPMux(nil, conn))
	})
}

// joinTuned has tune change what the client's stack does usually.
func joinTuned(t *testing.T, s *Server, name id.Room, identity id.Identity, single bool, tune func(*webrtc.SettingEngine)) *client {
	t.Helper()
	ctx := t.Context()
	p, snap, err := s.Join(ctx, name, room.Join{
		Identity: identity, Name: string(identity), Grants: everything(), Single: single, AutoSubscribe: true, Protocol: 17,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{tune: tune, t: t, p: p, snap: snap, single: single, events: make(chan room.Event, 256), tracks: make(chan *webrtc.TrackRemote, 16)}
	c.pub = c.connection(room.Publisher)
	c.sub = c.pub
	if single {
		for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
			c.addReceiver(kind)
		}
	} else {
		c.sub = c.connection(room.Subscriber)
	}
	for _, label := range []string{"_reliable", "_lossy"} {
		if _, err := c.pub.CreateDataChannel(label, nil); err != nil {
			t.Fatal(err)
		}
	}
	c.done.Go(c.listen)
	if err := p.Start(ctx); err != nil {
		t.Fatal(err)
	}
	c.offer()
	t.Cleanup(func() {
		c.leaving.Store(true)
		c.begun()
		_ = p.Leave(context.Background(), room.ReasonClientInitiated)
		c.done.Wait()
		_ = c.pub.GracefulClose()
		if !single {
			_ = c.sub.GracefulClose()
		}
	})
	return c
}

func (c *client) addReceiver(kind webrtc.RTPCodecType) {
	_, err := c.pub.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	c.check(err)
}

func (c *client) connection(target room.Target) *webrtc.PeerConnection {
	c.t.Helper()
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	c.tune(&settings)
	var media webrtc.MediaEngine
	if err := media.RegisterDefaultCodecs(); err != nil {
		c.t.Fatal(err)
	}
	for _, uri := range []string{"urn:ietf:params:rtp-hdrext:sdes:mid", "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"} {
		if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeVideo); err != nil {
			c.t.Fatal(err)
		}
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(&media)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		c.t.Fatal(err)
	}
	pc.OnICECandidate(func(ic *webrtc.ICECandidate) {
		if ic != nil {
			_ = c.p.AddCandidate(context.Background(), target, `{"candidate":"`+ic.ToJSON().Candidate+`"}`, false)
		}
	})
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { c.tracks <- track })
	return pc
}

// listen does with events what a session and its browser do.
func (c *client) listen() {
	defer close(c.events)
	for {
		<-c.p.Events().Ready()
		ev, ok := c.p.Events().Take()
		if !ok {
			continue
		}
		switch e := ev.(type) {
		case room.Offered:
			c.check(c.sub.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: e.SDP}))
			answer, err := c.sub.CreateAnswer(nil)
			c.check(err)
			c.check(c.sub.SetLocalDescription(answer))
			c.check(c.p.Answer(context.Background(), e.ID, answer.SDP))
		case room.SectionsWanted:
			c.make(e)
			c.offer()
		}
		select {
		case c.events <- ev:
		default:
		}
		if _, left := ev.(room.Left); left {
			return
		}
	}
}

// make makes the sections that the room wants.
func (c *client) make(want room.SectionsWanted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range want.Audio {
		c.addReceiver(webrtc.RTPCodecTypeAudio)
	}
	for range want.Video {
		c.addReceiver(webrtc.RTPCodecTypeVideo)
	}
}

// send makes a section for a track of its own.
func (c *client) send(local webrtc.TrackLocal) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.pub.AddTransceiverFromTrack(local, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	return err //nolint:wrapcheck // for a test to look at
}

// begun waits for a moment until connections that are about to stand do stand. The client's stack waits for itself for ever
// when it is closed, by itself or by the other side, between the end of its handshake and the start of its media: who
// closes holds a lock that the start needs, and waits for the reader of an SSRC that only the start takes in. Data
// channels open behind that.
func (c *client) begun() {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for limit := time.Now().Add(2 * time.Second); time.Now().Before(limit) && (beginning(c.pub) || beginning(c.sub)); {
		<-ticker.C
	}
}

func beginning(pc *webrtc.PeerConnection) bool {
	state := pc.ConnectionState()
	return (state == webrtc.PeerConnectionStateConnecting || state == webrtc.PeerConnectionStateConnected) &&
		pc.SCTP().State() == webrtc.SCTPTransportStateConnecting
}

// hangUp closes the connection that the client publishes over.
func (c *client) hangUp() {
	c.begun()
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.pub.GracefulClose()
}

func (c *client) check(err error) {
	if err != nil && !c.leaving.Load() {
		c.t.Errorf("%s: %v", c.p.Identity(), err)
	}
}

func (c *client) offer() {
	c.mu.Lock()
	defer c.mu.Unlock()
	offer, err := c.pub.CreateOffer(nil)
	c.check(err)
	c.check(c.pub.SetLocalDescription(offer))
	a, err := c.p.Offer(context.Background(), offer.SDP)
	c.check(err)
	c.mids.Store(&a.MIDToTrack)
	c.check(c.pub.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: a.SDP}))
}

// publish sends a track until the test ends: VP8 frames or Opus packets, every 20 ms.
func (c *client) publish(kind room.Kind, source room.Source) room.TrackState {
	c.t.Helper()
	mime, clock := webrtc.MimeTypeVP8, uint32(90000)
	if kind == room.Audio {
		mime, clock = webrtc.MimeTypeOpus, 48000
	}
	cid := "cid-" + mime
	local, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime, ClockRate: clock}, cid, "stream")
	if err != nil {
		c.t.Fatal(err)
	}
	state, err := c.p.AddTrack(c.t.Context(), room.TrackRequest{CID: cid, Kind: kind, Source: source, MIME: mime})
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.send(local); err != nil {
		c.t.Fatal(err)
	}
	c.offer()
	ctx, cancel := context.WithCancel(context.Background())
	var sending sync.WaitGroup
	sending.Go(func() {
		video := sfutest.VP8Stream{RTP: sfutest.RTP{SSRC: 1, PT: 96}}
		audio := sfutest.OpusStream{RTP: sfutest.RTP{SSRC: 2, PT: 111}}
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for n := 0; ; n++ {
			select {
			case <-ctx.Done():
				return
			case now := <-ticker.C:
				pkts := [][]byte{audio.Packet(now, 20, 80)}
				if kind == room.Video {
					pkts = video.Frame(now, n%10 == 0, 3000)
				}
				for _, raw := range pkts {
					var pkt rtp.Packet
					if pkt.Unmarshal(raw) == nil {
						_ = local.WriteRTP(&pkt)
					}
				}
			}
		}
	})
	c.t.Cleanup(func() { cancel(); sending.Wait() })
	return state
}

// probed is how many packets at the beginning of a stream the client's stack may read side by side with the track, to find out whose they
// are: where media is quicker than the answer that tells of it (simulcastProbeCount in pion/webrtc, and one).
const probed = 11

// receive waits for a track of that id and reads some of its packets.
func (c *client) receive(want room.TrackState) {
	c.t.Helper()
	track := c.track(want)
	var last uint16
	probe := 0
	if c.single {
		probe = probed
	}
	for i, missed := 0, 0; i < 50+3*probe; i++ {
		_ = track.SetReadDeadline(time.Now().Add(bound))
		pkt, _, err := track.ReadRTP()
		if err != nil {
			c.t.Fatalf("packet %d: %v", i, err)
		}
		if i > 0 && pkt.SequenceNumber != last+1 {
			if missed += int(pkt.SequenceNumber - last - 1); missed > probe || i >= 3*probe {
				c.t.Fatalf("packet %d: number %d after %d, %d missing", i, pkt.SequenceNumber, last, missed)
			}
		}
		last = pkt.SequenceNumber
	}
}

// track waits for a track of that id, by stream or by section.
func (c *client) track(want room.TrackState) *webrtc.TrackRemote {
	c.t.Helper()
	select {
	case track := <-c.tracks:
		if !c.single {
			if track.ID() != string(want.SID) {
				c.t.Fatalf("track %q, want %q", track.ID(), want.SID)
			}
			return track
		}
		for _, sid := range *c.mids.Load() {
			if sid == want.SID {
				return track
			}
		}
		c.t.Fatalf("track %q is in no section: %v", want.SID, *c.mids.Load())
	case <-time.After(bound):
		c.t.Fatalf("no track %s", want.SID)
	}
	return nil
}

// await waits for an event that satisfies ok.
func await[E room.Event](c *client, ok func(E) bool) E {
	c.t.Helper()
	limit := time.After(bound)
	for {
		select {
		case ev, open := <-c.events:
			if !open {
				c.t.Fatal("left before it happened")
			}
			if e, is := ev.(E); is && ok(e) {
				return e
			}
		case <-limit:
			c.t.Fatalf("no %T in time", *new(E))
		}
	}
}

func TestMediaFlowsBothWaysOverBothProtocolVersions(t *testing.T) {
	for name, versions := range map[string][2]bool{
		"one connection":            {true, true},
		"two connections":           {false, false},
		"one meets two connections": {true, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, Config{})
			a := join(t, s, "club", "anna", versions[0])
			sound := a.publish(room.Audio, room.Microphone)
			b := join(t, s, "club", "boris", versions[1])
			if len(b.snap.Others) != 1 || len(b.snap.Others[0].Tracks) != 1 {
				t.Fatalf("boris finds %+v", b.snap.Others)
			}
			b.receive(sound)
			picture := b.publish(room.Video, room.Camera)
			a.receive(picture)
			await(a, func(e room.ParticipantsChanged) bool { return e.Participants[0].Presence == room.Active })
		})
	}
}

func TestTheSameIdentityReplacesItself(t *testing.T) {
	s := serve(t, Config{})
	first := join(t, s, "club", "anna", true)
	first.leaving.Store(true)
	second := join(t, s, "club", "anna", true)
	if left := await(first, func(room.Left) bool { return true }); left.Reason != room.ReasonDuplicateIdentity {
		t.Fatalf("reason %d", left.Reason)
	}
	if len(second.snap.Others) != 0 || second.snap.Room.Participants != 1 {
		t.Fatalf("found %+v", second.snap)
	}
}

func TestAFullRoomRefuses(t *testing.T) {
	s := serve(t, Config{MaxParticipants: 1})
	join(t, s, "club", "anna", true)
	_, _, err := s.Join(t.Context(), "club", room.Join{Identity: "boris", Grants: everything()})
	if !errors.Is(err, room.ErrFull) {
		t.Fatalf("error %v", err)
	}
}

func TestWhatIsWithdrawnIsGoneFromAll(t *testing.T) {
	s := serve(t, Config{})
	a := join(t, s, "club", "anna", true)
	sound := a.publish(room.Audio, room.Microphone)
	b := join(t, s, "club", "boris", false)
	b.receive(sound)
	for _, sender := range a.pub.GetSenders() {
		if sender.Track() != nil {
			if err := a.pub.RemoveTrack(sender); err != nil {
				t.Fatal(err)
			}
		}
	}
	a.offer()
	await(b, func(e room.ParticipantsChanged) bool {
		return e.Participants[0].Identity == "anna" && len(e.Participants[0].Tracks) == 0
	})
	a.leaving.Store(true)
	if err := a.p.Leave(t.Context(), room.ReasonClientInitiated); err != nil {
		t.Fatal(err)
	}
	await(b, func(e room.ParticipantsChanged) bool { return e.Participants[0].Presence == room.Disconnected })
}

func TestEveryoneHearsOfAShutdown(t *testing.T) {
	s, err := New(Config{Port: -1}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	for {
		_, _, err := s.Join(ctx, "club", room.Join{Identity: "boris", Grants: everything()})
		if err == nil {
			break
		}
		if !errors.Is(err, ErrShuttingDown) {
			t.Fatal(err)
		}
	}
	a := join(t, s, "club", "anna", true)
	a.leaving.Store(true)
	cancel()
	if left := await(a, func(room.Left) bool { return true }); left.Reason != room.ReasonServerShutdown {
		t.Fatalf("reason %d", left.Reason)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Join(t.Context(), "club", room.Join{Identity: "carl"}); !errors.Is(err, ErrShuttingDown) {
		t.Fatalf("error %v", err)
	}
}

func TestAnUnusableDescriptionIsRefusedAndNothingElseNotices(t *testing.T) {
	s := serve(t, Config{})
	a := join(t, s, "club", "anna", true)
	sound := a.publish(room.Audio, room.Microphone)
	b := join(t, s, "club", "boris", true)
	for _, sdp := range []string{"", "v=0", strings.Repeat("a=x\r\n", 1<<17)} {
		if _, err := b.p.Offer(t.Context(), sdp); !errors.Is(err, room.ErrBadSDP) {
			t.Errorf("error %v", err)
		}
	}
	b.receive(sound)
}

func TestMessagesGoToThoseTheyAreFor(t *testing.T) {
	s := serve(t, Config{})
	a := join(t, s, "club", "anna", true)
	b := join(t, s, "club", "boris", false)
	got := make(chan string, 16)
	b.sub.OnDataChannel(func(ch *webrtc.DataChannel) {
		ch.OnMessage(func(m webrtc.DataChannelMessage) { got <- ch.Label() + " " + string(m.Data) })
	})
	limit := time.After(bound)
	// Channels open in their own time; what is sent before is lost, so say it until it is heard.
	for {
		if err := a.p.SendData(t.Context(), []id.Identity{"boris"}, room.Reliable, []byte("hello")); err != nil {
			t.Fatal(err)
		}
		select {
		case m := <-got:
			if m != "_reliable hello" {
				t.Fatalf("got %q", m)
			}
			return
		case <-time.After(50 * time.Millisecond):
		case <-limit:
			t.Fatal("not heard")
		}
	}
}

func TestEveryoneOfAClosedRoomHearsWhy(t *testing.T) {
	s := serve(t, Config{})
	a := join(t, s, "club", "anna", true)
	b := join(t, s, "club", "boris", false)
	other := join(t, s, "other", "carl", true)
	for _, c := range []*client{a, b} {
		c.leaving.Store(true)
	}
	if err := s.Close(t.Context(), "club", room.ReasonMigration); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*client{a, b} {
		if left := await(c, func(room.Left) bool { return true }); left.Reason != room.ReasonMigration {
			t.Errorf("reason %d", left.Reason)
		}
	}
	if rooms := s.Rooms(t.Context()); len(rooms) != 1 || rooms[0].Name != "other" {
		t.Errorf("rooms %+v", rooms)
	}
	other.publish(room.Audio, room.Microphone) // lives on
	if err := s.Close(t.Context(), "club", room.ReasonMigration); err != nil {
		t.Errorf("a room that isn't there: %v", err)
	}
}

func TestMetadataOutlivesAClosedRoom(t *testing.T) {
	s := serve(t, Config{})
	enter := func(j room.Join) string {
		t.Helper()
		j.Identity, j.Grants = "anna", everything()
		_, snap, err := s.Join(t.Context(), "club", j)
		if err != nil {
			t.Fatal(err)
		}
		return snap.Room.Metadata
	}
	if m := enter(room.Join{FormerMetadata: "former"}); m != "former" {
		t.Errorf("begun with %q", m)
	}
	if m := enter(room.Join{FormerMetadata: "older"}); m != "former" {
		t.Errorf("went on with %q", m)
	}
	if err := s.Close(t.Context(), "club", room.ReasonMigration); err != nil {
		t.Fatal(err)
	}
	if m := enter(room.Join{RoomMetadata: "token's", FormerMetadata: "former"}); m != "token's" {
		t.Errorf("begun again with %q", m)
	}
}
