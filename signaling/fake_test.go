package signaling

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"salon/sfu/id"
	"salon/sfu/room"
)

func noon() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) }

// fakeParticipant notes the calls that it gets and answers as it was told to.
type fakeParticipant struct {
	sid    id.Participant
	events *room.Mailbox

	calls []string
	fail  map[string]error // by method, until taken away
	mids  map[string]id.Track
	left  bool

	mu sync.Mutex
}

func newFakeParticipant(sid id.Participant) *fakeParticipant {
	events := room.NewMailbox(64)
	events.Open()
	return &fakeParticipant{sid: sid, events: events, fail: map[string]error{}}
}

// called notes a call; arguments are written as JSON.
func (f *fakeParticipant) called(method string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	line := method
	for _, a := range args {
		b, err := json.Marshal(a)
		if err != nil {
			panic(err)
		}
		line += " " + string(b)
	}
	f.calls = append(f.calls, line)
	return f.fail[method]
}

func (f *fakeParticipant) take() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := f.calls
	f.calls = nil
	return calls
}

func (f *fakeParticipant) SID() id.Participant           { return f.sid }
func (f *fakeParticipant) Events() *room.Mailbox         { return f.events }
func (f *fakeParticipant) Start(_ context.Context) error { return f.called("Start") }

func (f *fakeParticipant) Update(_ context.Context, u room.Update) error {
	return f.called("Update", u)
}

func (f *fakeParticipant) SendData(_ context.Context, to []id.Identity, ch room.Channel, payload []byte) error {
	return f.called("SendData", to, ch, fmt.Sprintf("%x", payload))
}

func (f *fakeParticipant) AddTrack(_ context.Context, r room.TrackRequest) (room.TrackState, error) {
	err := f.called("AddTrack", r)
	return room.TrackState{
		SID: "TR_" + id.Track(r.CID), Kind: r.Kind, Source: r.Source, Name: r.Name, MIME: r.MIME, Muted: r.Muted,
		Width: r.Width, Height: r.Height, Encodings: r.Encodings, Stream: r.Stream, Encryption: r.Encryption,
		Stereo: r.Stereo, DisableDTX: r.DisableDTX, AudioFeatures: r.AudioFeatures,
	}, err
}

func (f *fakeParticipant) Offer(_ context.Context, sdp string) (room.Answer, error) {
	err := f.called("Offer", sdp)
	return room.Answer{SDP: "answer to " + sdp, MIDToTrack: f.mids}, err
}

func (f *fakeParticipant) AddCandidate(_ context.Context, t room.Target, init string, final bool) error {
	return f.called("AddCandidate", t, init, final)
}

func (f *fakeParticipant) SetMuted(_ context.Context, track id.Track, muted bool) error {
	return f.called("SetMuted", track, muted)
}

func (f *fakeParticipant) UpdateTrack(_ context.Context, track id.Track, u room.TrackUpdate) error {
	return f.called("UpdateTrack", track, u)
}

func (f *fakeParticipant) Answer(_ context.Context, offerID uint32, sdp string) error {
	return f.called("Answer", offerID, sdp)
}

func (f *fakeParticipant) Subscribe(_ context.Context, tracks []id.Track, on bool) error {
	return f.called("Subscribe", tracks, on)
}

func (f *fakeParticipant) SetWish(_ context.Context, tracks []id.Track, w room.Wish) error {
	return f.called("SetWish", tracks, w)
}

// Leave ends the events as a room does.
func (f *fakeParticipant) Leave(_ context.Context, why room.LeaveReason) error {
	err := f.called("Leave", why)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left {
		return room.ErrLeft
	}
	f.left = true
	f.events.End(room.Left{Reason: why})
	return err
}

// emit lets something happen in the room; false when there is no place for it, or nobody to hear it.
func (f *fakeParticipant) emit(e room.Event) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.events.Put(e)
}

// fakeRooms lets everybody in, unless err is set.
type fakeRooms struct {
	err       error
	rooms     []room.State
	meanwhile func() // happens while somebody joins; may be nil

	joined chan *fakeParticipant
	joins  []room.Join

	mu sync.Mutex
}

func newFakeRooms() *fakeRooms { return &fakeRooms{joined: make(chan *fakeParticipant, 64)} }

func (f *fakeRooms) Join(_ context.Context, name id.Room, j room.Join) (Participant, room.Snapshot, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.meanwhile != nil {
		f.meanwhile()
	}
	if f.err != nil {
		return nil, room.Snapshot{}, fmt.Errorf("join: %w", f.err)
	}
	f.joins = append(f.joins, j)
	p := newFakeParticipant(id.Participant(fmt.Sprintf("PA_%d", len(f.joins))))
	f.joined <- p
	return p, snapshotFor(name, p.sid, j), nil
}

func (f *fakeRooms) List(context.Context) []room.State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rooms
}

func (f *fakeRooms) last() room.Join {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.joins[len(f.joins)-1]
}

func snapshotFor(name id.Room, sid id.Participant, j room.Join) room.Snapshot {
	return room.Snapshot{
		Room: room.State{SID: "RM_1", Name: name, CreatedAt: noon(), Participants: 1},
		Self: room.ParticipantState{
			SID: sid, Identity: j.Identity, Name: j.Name, Metadata: j.Metadata, Attributes: j.Attributes,
			Kind: j.Kind, Presence: room.Joined, JoinedAt: noon(), Version: 1, Grants: j.Grants,
			ClientProtocol: j.ClientProtocol, Capabilities: j.Capabilities,
		},
	}
}
