package signaling

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"salon/sfu/id"
	"salon/sfu/room"
	"salon/sfu/sfutest"
	"salon/signaling/token"
	"salon/signaling/wire"
)

// stage plays golden conversations: lines with ">" are calls to the room, lines with "<" messages to the client.
type stage struct {
	t        *testing.T
	s        *session
	p        *fakeParticipant
	counters counters
	file     string
}

func TestSessions(t *testing.T) {
	st := &stage{t: t}
	sfutest.Golden(t, "testdata/*.txt", func(c sfutest.Command) string {
		if c.File != st.file {
			st = &stage{t: t, file: c.File}
		}
		return st.play(c)
	})
}

func (st *stage) play(c sfutest.Command) string {
	st.t.Helper()
	ctx := context.Background()
	switch c.Name {
	case "join":
		return st.join(c)
	case "room":
		return st.prepare(c)
	case "client":
		var request wire.SignalRequest
		if err := wire.Unmarshal(wire.Text, []byte(c.Input), &request); err != nil {
			st.t.Fatalf("%s:%d: %v", c.File, c.Line, err)
		}
		return st.trace(st.s.request(ctx, noon(), &request))
	case "garbage":
		return st.trace(st.s.unreadable())
	case "huge":
		return st.trace(st.s.oversized())
	case "event":
		return st.trace(st.s.hear(ctx, st.event(c)))
	case "packet":
		return st.trace(st.s.hear(ctx, st.packet(c)))
	case "token":
		return st.token()
	default:
		st.t.Fatalf("%s:%d: no such command", c.File, c.Line)
		return ""
	}
}

// join: single, js and dev are words; grants=publish,subscribe,data,metadata,agent; offer=... comes with the request,
// and so do the tracks in its input.
func (st *stage) join(c sfutest.Command) string {
	st.t.Helper()
	words := map[string]bool{}
	for _, w := range append(c.Args, strings.Split(c.Value("grants", "publish,subscribe,data"), ",")...) {
		words[w] = true
	}
	who := &admission{
		room: "book",
		join: room.Join{
			Identity: "mina", Name: "Mina", Single: words["single"], AutoSubscribe: true, Protocol: 17, ClientProtocol: 2,
			Grants: room.Grants{
				Publish: words["publish"], Subscribe: words["subscribe"], PublishData: words["data"],
				UpdateOwnMetadata: words["metadata"], Agent: words["agent"],
			},
		},
		claims: token.Claims{
			Key: "APIone", Identity: "mina", Name: "Mina", Expires: noon().Add(tokenLife / 2),
			Grant: token.Grant{RoomJoin: true, Room: "book"},
		},
		tellsAll: words["js"],
	}
	if sdp := c.Value("offer", ""); sdp != "" {
		who.offer = &wire.SessionDescription{Type: "offer", Sdp: sdp, Id: 1}
	}
	for _, line := range strings.Split(c.Input, "\n") {
		if line == "" {
			continue
		}
		var m wire.AddTrackRequest
		if err := wire.Unmarshal(wire.Text, []byte(line), &m); err != nil {
			st.t.Fatal(err)
		}
		who.tracks = append(who.tracks, &m)
	}
	if st.p == nil {
		st.p = newFakeParticipant("PA_mina")
	}
	cfg := Config{Dev: words["dev"], Node: "ND_1", Region: "here"}.withDefaults()
	st.s = newSession(cfg, who, st.p, slog.New(slog.DiscardHandler), &st.counters)
	snap := snapshotFor("book", "PA_mina", who.join)
	if other := c.Value("other", ""); other != "" {
		snap.Others = []room.ParticipantState{st.person(other, room.Active)}
	}
	return st.trace(st.s.begin(context.Background(), snap))
}

func (st *stage) person(identity string, presence room.Presence) room.ParticipantState {
	return room.ParticipantState{
		SID: "PA_" + id.Participant(identity), Identity: id.Identity(identity), Presence: presence, Version: 2,
		JoinedAt: noon(),
		Grants:   room.Grants{Publish: true, Subscribe: true, SubscribeMetrics: strings.HasPrefix(identity, "watcher")},
		Tracks:   []room.TrackState{{SID: "TR_" + id.Track(identity), Kind: room.Audio, MIME: "audio/opus", Stream: "camera"}},
	}
}

// prepare tells the fake room how to answer: METHOD fails with ERROR, or METHOD works; or mids=MID:TRACK.
func (st *stage) prepare(c sfutest.Command) string {
	st.t.Helper()
	if st.p == nil {
		st.p = newFakeParticipant("PA_mina")
	}
	if mids := c.Value("mids", ""); mids != "" {
		mid, track, _ := strings.Cut(mids, ":")
		st.p.mids = map[string]id.Track{mid: id.Track(track)}
		return ""
	}
	method, what := c.Args[0], c.Args[1]
	st.p.fail[method] = map[string]error{
		"works": nil, "bad-sdp": fmt.Errorf("%w: no m-line", room.ErrBadSDP), "left": room.ErrLeft, "not-allowed": room.ErrNotAllowed,
		"duplicate": room.ErrDuplicateTrack, "unknown-track": room.ErrUnknownTrack, "broken": context.DeadlineExceeded,
	}[what]
	return ""
}

func (st *stage) event(c sfutest.Command) room.Event {
	st.t.Helper()
	switch c.Args[0] {
	case "offered":
		return room.Offered{SDP: "server offer", ID: 1, MIDToTrack: map[string]id.Track{"0": "TR_bob"}}
	case "person":
		presence := room.Active
		if len(c.Args) > 1 && c.Args[1] == "gone" {
			presence = room.Disconnected
		}
		return room.ParticipantsChanged{Participants: []room.ParticipantState{st.person(c.Value("who", ""), presence)}}
	case "renamed":
		self := st.s.self
		self.Name, self.Version = c.Value("name", ""), self.Version+1
		return room.ParticipantsChanged{Participants: []room.ParticipantState{self}}
	case "room":
		return room.Changed{Room: room.State{SID: "RM_1", Name: "book", Metadata: "m", CreatedAt: noon(), Participants: 2, Publishers: 1, MaxParticipants: 6}}
	case "sections":
		return room.SectionsWanted{Audio: 1, Video: 2}
	case "speakers":
		return room.SpeakersChanged{Speakers: []room.Speaker{{SID: "PA_bob", Level: 0.5, Active: true}}}
	case "taken":
		return room.TrackTaken{Track: "TR_mine"}
	case "withdrawn":
		return room.TrackWithdrawn{Track: "TR_mine"}
	case "refused":
		return room.SubscriptionRefused{Track: "TR_bob", Reason: room.CodecUnsupported}
	case "left":
		why, err := strconv.Atoi(c.Value("why", "0"))
		if err != nil {
			st.t.Fatal(err)
		}
		return room.Left{Reason: room.LeaveReason(why)}
	default:
		st.t.Fatalf("%s:%d: no such event", c.File, c.Line)
		return nil
	}
}

// packet reads a data packet from proto-JSON, or with hex=... from bytes.
func (st *stage) packet(c sfutest.Command) room.Event {
	st.t.Helper()
	channel := room.Reliable
	if len(c.Args) > 0 && c.Args[0] == "lossy" {
		channel = room.Lossy
	}
	if raw, ok := c.Values["hex"]; ok {
		b, err := hex.DecodeString(raw)
		if err != nil {
			st.t.Fatal(err)
		}
		return room.DataReceived{Channel: channel, Payload: b}
	}
	var m wire.DataPacket
	if err := wire.Unmarshal(wire.Text, []byte(c.Input), &m); err != nil {
		st.t.Fatalf("%s:%d: %v", c.File, c.Line, err)
	}
	b, err := wire.Marshal(wire.Binary, &m)
	if err != nil {
		st.t.Fatal(err)
	}
	return room.DataReceived{Channel: channel, Payload: b}
}

func (st *stage) token() string {
	st.t.Helper()
	keys := token.Keys{"APIone": "a secret for tests"}
	raw, err := st.s.freshToken(keys, noon())
	if err != nil {
		return err.Error()
	}
	c, err := token.Verify(keys, raw, noon())
	if err != nil {
		st.t.Fatal(err)
	}
	return fmt.Sprintf("%s is %q in %s for %v", c.Identity, c.Name, c.Grant.Room, c.Expires.Sub(noon()))
}

// trace writes the room's calls and the client's messages, and how the session stands.
func (st *stage) trace(messages []*wire.SignalResponse) string {
	st.t.Helper()
	var lines []string
	for _, call := range st.p.take() {
		lines = append(lines, "> "+readable(st.t, call))
	}
	for _, m := range messages {
		b, err := wire.Marshal(wire.Text, m)
		if err != nil {
			st.t.Fatal(err)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, b); err != nil { // the library varies its spaces on purpose
			st.t.Fatal(err)
		}
		lines = append(lines, "< "+compact.String())
	}
	if n := st.counters.packetsDropped.Swap(0); n > 0 {
		lines = append(lines, fmt.Sprintf("%d packets dropped", n))
	}
	if st.s.over {
		code, _ := st.s.closing()
		lines = append(lines, fmt.Sprintf("over, reason %d, close %d", st.s.reason(), code))
	}
	return strings.Join(lines, "\n")
}

// readable writes the data packet of a call as proto-JSON.
func readable(t *testing.T, call string) string {
	t.Helper()
	if !strings.HasPrefix(call, "SendData ") {
		return call
	}
	at := strings.LastIndexByte(call, ' ') + 1
	raw, err := hex.DecodeString(strings.Trim(call[at:], `"`))
	if err != nil {
		t.Fatal(err)
	}
	var m wire.DataPacket
	if err := wire.Unmarshal(wire.Binary, raw, &m); err != nil {
		t.Fatal(err)
	}
	b, err := wire.Marshal(wire.Text, &m)
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, b); err != nil {
		t.Fatal(err)
	}
	return call[:at] + compact.String()
}
