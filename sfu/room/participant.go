package room

import (
	"maps"
	"slices"

	"salon/sfu/id"
)

// Join is what a Session knows of a participant that wants to come in.
type Join struct {
	Identity   id.Identity
	Name       string
	Metadata   string
	Attributes map[string]string
	Kind       int32 // the client protocol's numbers
	Grants     Grants

	Single        bool // one connection for both directions, which the client offers; else two
	AutoSubscribe bool

	Protocol       int32
	ClientProtocol int32
	Capabilities   []int32

	MaxParticipants int    // from the token; 0: the server's default
	RoomMetadata    string // from the token; used when the room is empty
	FormerMetadata  string // that of the room in its life before; used when it begins and the token says nothing
}

// A Participant is a person's presence in a Room, and the handle by which its Session acts. Its exported methods
// may be called from any goroutine.
type Participant struct {
	room     *Room
	sid      id.Participant
	identity id.Identity
	join     Join
	mailbox  *Mailbox

	// owned by the room's loop
	state     ParticipantState
	started   bool
	left      bool
	touched   bool // stands among the room's unsettled
	publisher *link
	receiver  *link // where its subscriptions go: the publisher link when there is one connection
	offered   offering

	pending       []*Publication // announced, not yet in a session description
	published     []*Publication
	subscriptions map[id.Track]*Subscription
	wants         map[id.Track]bool // said by its client, against the AutoSubscribe default
	wishes        map[id.Track]Wish
}

// Bounds of what a client may make us remember about tracks that don't exist.
const maxRemembered = 1024

// remember notes what p's client says of a track. Room is always for a track that is there: what was said of it is
// forgotten when it goes.
func remember[V any](p *Participant, notes map[id.Track]V, track id.Track, v V) {
	_, known := notes[track]
	if known || p.room.publications[track] != nil || len(notes) < maxRemembered {
		notes[track] = v
	}
}

func newParticipant(r *Room, j Join) *Participant {
	p := &Participant{
		room: r, sid: id.NewParticipant(), identity: j.Identity, join: j,
		mailbox:       NewMailbox(r.cfg.MaxEvents),
		subscriptions: map[id.Track]*Subscription{},
		wants:         map[id.Track]bool{},
		wishes:        map[id.Track]Wish{},
	}
	p.state = ParticipantState{
		SID: p.sid, Identity: j.Identity, Name: j.Name, Metadata: j.Metadata, Attributes: maps.Clone(j.Attributes),
		Kind: j.Kind, Presence: Joined, JoinedAt: r.now, Version: 1, Grants: j.Grants,
		ClientProtocol: j.ClientProtocol, Capabilities: slices.Clone(j.Capabilities),
	}
	return p
}

func (p *Participant) visible() bool { return !p.join.Grants.Hidden }

// describe returns a copy of what others may know of p.
func (p *Participant) describe() ParticipantState {
	s := p.state
	s.Attributes = maps.Clone(s.Attributes)
	s.Tracks = nil
	for _, pub := range p.published {
		s.Tracks = append(s.Tracks, pub.state)
	}
	return s
}

// emit queues an event for the session. One whose queue is full doesn't listen any more: it is removed.
func (p *Participant) emit(e Event) {
	if !p.left && !p.mailbox.Put(e) {
		p.room.log.Warn("session does not take its events", "participant", p.sid)
		p.leave(ReasonConnectionTimeout)
	}
}

// start lets the events flow that have been waiting for the join response.
func (p *Participant) start() {
	if p.started {
		return
	}
	p.started = true
	p.mailbox.Open()
	p.touch()
}

// leave ends p: what it published and subscribed to, its links, its presence. It may happen within any emit: of
// another's, and of p's own.
func (p *Participant) leave(why LeaveReason) {
	if p.left {
		return
	}
	p.left, p.started = true, true
	for len(p.published) > 0 {
		p.room.withdraw(p.published[len(p.published)-1])
	}
	for _, sub := range p.subscriptions {
		sub.end()
	}
	p.disconnect()
	p.state.Presence, p.state.Reason = Disconnected, why
	p.room.forget(p)
	p.went()
	p.mailbox.End(Left{Reason: why})
	p.room.log.Info("participant left", "participant", p.sid, "reason", int(why))
}

// activate notes that p's primary connection stands.
func (p *Participant) activate() {
	if p.state.Presence != Joined {
		return
	}
	p.state.Presence = Active
	p.room.changed(p)
}

func (p *Participant) mayPublish(source Source) bool {
	g := &p.join.Grants
	return g.Publish && (len(g.Sources) == 0 || slices.Contains(g.Sources, source))
}

// update changes what p says of itself. The grants were checked.
func (p *Participant) update(u Update) {
	if u.Name != nil {
		p.state.Name = *u.Name
	}
	if u.Metadata != nil {
		p.state.Metadata = *u.Metadata
	}
	for k, v := range u.Attributes {
		if p.state.Attributes == nil {
			p.state.Attributes = map[string]string{}
		}
		if v == "" {
			delete(p.state.Attributes, k)
		} else {
			p.state.Attributes[k] = v
		}
	}
	p.room.changed(p)
}
