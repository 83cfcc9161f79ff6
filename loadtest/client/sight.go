package client

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"salon/signaling/wire"
)

// A Life is one session of a participant, from joining to losing it.
type Life struct {
	Door  string // host:port at which it came in
	Node  string // that carries the room, as the server says
	Epoch uint64 // of the room's lease; 0: the server doesn't say
	// Lost is when the life before was lost; zero: there was none. Then came so many tries, the one that stood among them.
	Lost  time.Time
	Tries int
	// Joined is when the session stood, Connected when media could flow, Ended when it was lost, all zero for not yet.
	Joined, Connected, Ended time.Time
	Cause                    error // of the end; nil: on purpose
}

// A Sight is what a participant sees at a moment.
type Sight struct {
	Identity string
	Room     string
	In       bool // a session stands
	Life     Life // the present one, or the last
	Others   []string
}

// A view is whom a participant sees in the room, by the server's word: sid to identity.
type view map[string]string

// meet takes whom the join response names.
func (v view) meet(others []*wire.ParticipantInfo) {
	for _, o := range others {
		v.update(o)
	}
}

func (v view) update(o *wire.ParticipantInfo) {
	if o.GetState() == wire.ParticipantInfo_DISCONNECTED {
		delete(v, o.GetSid())
		return
	}
	v[o.GetSid()] = o.GetIdentity()
}

// identities lists whom the view holds; somebody who is there twice stands there twice.
func (v view) identities() []string { return slices.Sorted(maps.Values(v)) }

// Sight tells what the participant sees. Anybody may ask at any time.
func (p *Participant) Sight() Sight {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Sight{Identity: p.identity, Room: p.env.room(p.Seat.Room), Others: p.seen.identities()}
	if n := len(p.outcome.Lives); n > 0 {
		s.Life = p.outcome.Lives[n-1]
		s.In = !s.Life.Joined.IsZero() && s.Life.Ended.IsZero()
	}
	return s
}

// see takes a change of the view from the server's message. The participant itself is not in it.
func (p *Participant) see(people []*wire.ParticipantInfo) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range people {
		if o.GetSid() != p.sid {
			p.seen.update(o)
		}
	}
}

// arrive begins a life with the server's first word.
func (p *Participant) arrive(door string, lost, now time.Time, m *wire.JoinResponse) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sid = m.GetParticipant().GetSid()
	p.seen = view{}
	p.seen.meet(m.GetOtherParticipants())
	if p.outcome.Joined.IsZero() {
		p.outcome.Joined = now
	}
	p.outcome.Lives = append(p.outcome.Lives, Life{
		Door: door, Node: m.GetServerInfo().GetNodeId(), Epoch: epochIn(m.GetServerInfo().GetDebugInfo()), Lost: lost, Tries: p.ladder.tried, Joined: now,
	})
}

// connected notes that media can flow.
func (p *Participant) connected(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outcome.Connected.IsZero() {
		p.outcome.Connected = now
	}
	p.outcome.Lives[len(p.outcome.Lives)-1].Connected = now
}

// lives is how many there were, the present one among them.
func (p *Participant) lives() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.outcome.Lives)
}

// depart ends the present life, if there is one.
func (p *Participant) depart(now time.Time, cause error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = view{}
	if n := len(p.outcome.Lives); n > 0 && p.outcome.Lives[n-1].Ended.IsZero() {
		l := &p.outcome.Lives[n-1]
		l.Ended, l.Cause = now, cause
	}
}

// epochIn reads what the server says of the room's lease: "epoch=7" among other words; 0: nothing.
func epochIn(text string) uint64 {
	for _, word := range strings.Fields(text) {
		if number, ok := strings.CutPrefix(word, "epoch="); ok {
			n, err := strconv.ParseUint(number, 10, 64)
			if err != nil {
				return 0
			}
			return n
		}
	}
	return 0
}
