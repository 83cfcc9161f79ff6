// Package room is the control plane: who is in a Room, what they publish, who is subscribed to what, and at which
// layer. It decides; it never touches a packet (forward does), a socket or a key (transport does), nor the words of the
// client protocol (signaling does).
//
// One goroutine owns a Room and everything in it: Run, in room_loop.go. Others ask it through a Participant's methods,
// which queue a function and wait, and hear of changes through the Participant's Events. The Room never waits for
// a Session: one that doesn't drain its events is removed.
package room

import (
	"fmt"
	"log/slog"
	"time"

	"salon/sfu/forward"
	"salon/sfu/id"
	"salon/sfu/speaker"
	"salon/sfu/transport"
)

// Config bounds a Room. Zero means default.
type Config struct {
	// MaxParticipants is how many may be in a room unless their token says otherwise; 0: no limit.
	MaxParticipants int
	// EmptyTimeout is how long a room stays after its last participant left, with its metadata; default 20 s.
	EmptyTimeout time.Duration
	// MaxTracks bounds what one participant may publish at a time; default 16.
	MaxTracks int
	// MaxEvents bounds what waits for a session; one that has more is removed. Default 1024.
	MaxEvents int
}

func (c Config) withDefaults() Config {
	if c.EmptyTimeout == 0 {
		c.EmptyTimeout = 20 * time.Second
	}
	if c.MaxTracks == 0 {
		c.MaxTracks = 16
	}
	if c.MaxEvents == 0 {
		c.MaxEvents = 1024
	}
	return c
}

// A Room is one live gathering. Its exported methods may be called from any goroutine.
type Room struct {
	cfg   Config
	log   *slog.Logger
	dial  func(transport.Role, transport.Media) (connection, error)
	shard *forward.Shard

	visits *Visits

	calls      chan func()
	transports chan transport.Event
	done       chan struct{} // closed when Run has ended

	// owned by the loop
	now          time.Time
	state        State
	participants map[id.Identity]*Participant
	publications map[id.Track]*Publication
	links        map[connection]*link
	unsettled    []*Participant // see touch
	speakers     *speaker.Detector
	levels       []forward.Level // scratch of speak
	emptySince   time.Time
	begun        bool // somebody has been in
	ended        bool // nobody comes in any more
}

// New returns a Room whose media belongs to shard and which tells visits who comes and goes. Nothing happens in it
// before Run.
func New(cfg Config, name id.Room, now time.Time, factory *transport.Factory, shard *forward.Shard, visits *Visits, log *slog.Logger) *Room {
	r := &Room{
		cfg:          cfg.withDefaults(),
		log:          log.With("room", string(name)),
		shard:        shard,
		visits:       visits,
		calls:        make(chan func()),
		transports:   make(chan transport.Event, 64),
		done:         make(chan struct{}),
		state:        State{SID: id.NewRoomSession(), Name: name, CreatedAt: now},
		participants: map[id.Identity]*Participant{},
		publications: map[id.Track]*Publication{},
		links:        map[connection]*link{},
		speakers:     speaker.New(speaker.Config{}),
		emptySince:   now,
	}
	r.dial = func(role transport.Role, media transport.Media) (connection, error) {
		t, err := factory.New(role, media, r.transports)
		if err != nil {
			return nil, fmt.Errorf("new connection: %w", err)
		}
		return t, nil
	}
	return r
}

// Snapshot is what a Participant finds when it comes in.
type Snapshot struct {
	Room   State
	Self   ParticipantState
	Others []ParticipantState
}

// admit lets j in. Another presence of the same identity makes room for it, in a full room too.
func (r *Room) admit(j Join) (*Participant, Snapshot, error) {
	old := r.participants[j.Identity]
	limit := r.cfg.MaxParticipants
	if j.MaxParticipants > 0 {
		limit = j.MaxParticipants
	}
	if limit > 0 && old == nil && r.countVisible() >= limit && !j.Grants.Hidden {
		return nil, Snapshot{}, ErrFull
	}
	switch {
	case len(r.participants) == 0 && j.RoomMetadata != "":
		r.state.Metadata = j.RoomMetadata
	case !r.begun:
		r.state.Metadata = j.FormerMetadata
	}
	r.state.MaxParticipants = limit
	p := newParticipant(r, j)
	if err := p.connect(); err != nil {
		return nil, Snapshot{}, err
	}
	if old != nil {
		old.leave(ReasonDuplicateIdentity)
	}
	snap := Snapshot{Self: p.describe()}
	for _, other := range r.participants {
		if other.visible() {
			snap.Others = append(snap.Others, other.describe())
		}
	}
	r.participants[j.Identity] = p
	r.begun = true
	p.came()
	r.count()
	snap.Room = r.state
	r.announce(p)
	for _, pub := range r.publications {
		p.consider(pub)
	}
	r.log.Info("participant joined", "participant", p.sid)
	return p, snap, nil
}

func (r *Room) countVisible() (n int) {
	for _, p := range r.participants {
		if p.visible() {
			n++
		}
	}
	return n
}

// count brings the room's counters up to date.
func (r *Room) count() {
	publishers := map[*Participant]bool{}
	for _, pub := range r.publications {
		publishers[pub.owner] = true
	}
	r.state.Participants, r.state.Publishers, r.state.Tracks = r.countVisible(), len(publishers), len(r.publications)
}

// announce tells everybody else what p is like at the moment.
func (r *Room) announce(p *Participant) {
	if !p.visible() {
		return
	}
	state := p.describe()
	for _, other := range r.participants {
		if other != p {
			other.emit(ParticipantsChanged{Participants: []ParticipantState{state}})
		}
	}
}

// changed gives p's state a new version and tells everybody, p itself too.
func (r *Room) changed(p *Participant) {
	p.state.Version++
	r.announce(p)
	p.emit(ParticipantsChanged{Participants: []ParticipantState{p.describe()}})
}

// forget takes p, which has ended its links and publications, out of the room.
func (r *Room) forget(p *Participant) {
	if r.participants[p.identity] == p {
		delete(r.participants, p.identity)
	}
	r.speakers.Remove(string(p.sid))
	r.count()
	p.state.Version++
	r.announce(p)
	if len(r.participants) == 0 {
		r.emptySince = r.now
	}
}

// speak turns the audio levels since the last call into changes of who speaks.
func (r *Room) speak() {
	for _, pub := range r.publications {
		if pub.state.Kind != Audio || pub.track == nil {
			continue
		}
		r.levels = pub.track.TakeLevels(r.levels[:0])
		for _, l := range r.levels {
			r.speakers.Observe(l.At, string(pub.owner.sid), l.DBov)
		}
	}
	changes := r.speakers.Update(r.now)
	if len(changes) == 0 {
		return
	}
	speakers := make([]Speaker, len(changes))
	for i, c := range changes {
		speakers[i] = Speaker{SID: id.Participant(c.Who), Level: c.Level, Active: c.Active}
	}
	for _, p := range r.participants {
		p.emit(SpeakersChanged{Speakers: speakers})
	}
}

// hasAudio tells whether there is anything to speak about.
func (r *Room) hasAudio() bool {
	for _, pub := range r.publications {
		if pub.state.Kind == Audio {
			return true
		}
	}
	return false
}
