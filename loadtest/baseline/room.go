package baseline

import (
	"crypto/rand"
	"maps"
	"slices"
	"sync"

	"github.com/pion/webrtc/v4"

	"salon/signaling/wire"
)

// A room is who is here and what they publish. Sessions look at it when they are told that it changed.
type room struct {
	name string

	members map[string]*member // by sid; guarded by mu, with what members hold
	mu      sync.Mutex
}

// A member is one participant. Its fields below changed belong to the room.
type member struct {
	sid, identity string
	changed       chan struct{} // one slot: the room is another since the session looked

	version uint32
	awaited map[string]*wire.TrackInfo // announced, by client id
	tracks  []*publication
}

// A publication is one track that flows. Nothing in it changes.
type publication struct {
	track *wire.TrackInfo
	local *webrtc.TrackLocalStaticRTP
	ask   *asker
}

func newMember(identity string) *member {
	return &member{
		sid: "PA_" + rand.Text()[:12], identity: identity, changed: make(chan struct{}, 1), version: 1,
		awaited: make(map[string]*wire.TrackInfo),
	}
}

func (r *room) enter(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.members[m.sid] = m
	r.tell(m)
}

func (r *room) leave(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.members, m.sid)
	r.tell(m)
}

// tell lets all but one look again. The caller holds mu.
func (r *room) tell(but *member) {
	for _, m := range r.members {
		if m == but {
			continue
		}
		select {
		case m.changed <- struct{}{}:
		default: // it has not looked yet since the last time
		}
	}
}

// await notes a track that m announces; its media comes later.
func (r *room) await(m *member, request *wire.AddTrackRequest) *wire.TrackInfo {
	t := describeTrack(request)
	r.mu.Lock()
	defer r.mu.Unlock()
	m.awaited[request.GetCid()] = t
	return t
}

// claim returns what was announced under a client id, once; nil: nothing.
func (r *room) claim(m *member, cid string) *wire.TrackInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := m.awaited[cid]
	delete(m.awaited, cid)
	return t
}

// publish offers a track to everybody.
func (r *room) publish(m *member, p *publication) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m.tracks = append(m.tracks, p)
	m.version++
	r.tell(m)
}

// others returns everybody but m as clients are told, and what they publish, in a steady order.
func (r *room) others(m *member) (people []*wire.ParticipantInfo, tracks []*publication) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, sid := range slices.Sorted(maps.Keys(r.members)) {
		if other := r.members[sid]; other != m {
			people = append(people, describe(other))
			tracks = append(tracks, other.tracks...)
		}
	}
	return people, tracks
}
