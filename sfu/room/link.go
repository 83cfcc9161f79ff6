package room

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"salon/sfu/forward"
	"salon/sfu/id"
	"salon/sfu/transport"
	"salon/sfu/transport/jsep"
)

// A connection is what a Room needs of a Transport; package transport tells what its methods do.
type connection interface {
	forward.Path
	SetOffer(sdp string) (*jsep.Description, error)
	CreateAnswer(replies []jsep.Reply) (string, error)
	CreateOffer(sections []jsep.OfferSection) (string, error)
	SetAnswer(sdp string) (*jsep.Description, error)
	AddCandidate(init string) error
	SendMessage(ch transport.Channel, data []byte) error
	Close() error
}

// A link is one connection of a Participant: a Transport, and its Peer in the data plane. It passes the media
// that the Transport opened on to the Peer.
type link struct {
	owner     *Participant
	target    Target
	transport connection
	peer      *forward.Peer
	connected bool
	sections  sections // of the last session description
	ssrc      uint32   // the last one given to a stream towards the client
}

// newSSRC returns an SSRC that no stream towards the client has had: numbers begin anew with each stream, and no two packets of an
// SSRC may be sealed under one number with the keys of a connection (RFC 7714 section 9.1 and 10).
func (l *link) newSSRC() uint32 {
	const stride = 0x9E3779B1 // odd: all 2^32 values have their turn; and far from one to the next
	if l.ssrc += stride; l.ssrc == 0 {
		l.ssrc += stride
	}
	return l.ssrc
}

// HandleRTP satisfies transport.Media.
func (l *link) HandleRTP(now time.Time, burst [][]byte, out transport.Out) {
	l.peer.HandleRTP(now, burst, out)
}

// HandleRTCP satisfies transport.Media.
func (l *link) HandleRTCP(now time.Time, pkt []byte, out transport.Out) {
	l.peer.HandleRTCP(now, pkt, out)
}

func (r *Room) newLink(owner *Participant, target Target, role transport.Role) (*link, error) {
	l := &link{owner: owner, target: target, ssrc: rand.Uint32()} //nolint:gosec // where to begin is nobody's secret
	t, err := r.dial(role, l)
	if err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	l.transport = t
	l.peer = r.shard.NewPeer(t)
	r.links[t] = l
	return l, nil
}

func (r *Room) closeLink(l *link) {
	delete(r.links, l.transport)
	l.peer.Close()
	if err := l.transport.Close(); err != nil {
		r.log.Debug("transport close", "err", err)
	}
}

// connect makes p's links: one for both directions, or one for each that its token allows.
func (p *Participant) connect() (err error) {
	if p.publisher, err = p.room.newLink(p, Publisher, transport.Answerer); err != nil {
		return err
	}
	p.receiver = p.publisher
	if !p.join.Single && p.join.Grants.Subscribe {
		if p.receiver, err = p.room.newLink(p, Subscriber, transport.Offerer); err != nil {
			p.room.closeLink(p.publisher)
		}
	}
	return err
}

func (p *Participant) disconnect() {
	p.room.closeLink(p.publisher)
	if p.receiver != p.publisher {
		p.room.closeLink(p.receiver)
	}
}

// end sends everybody away, and ends the room. Nobody has to hear of the others any more.
func (r *Room) end(why LeaveReason) {
	r.ended = true
	all := slices.Collect(maps.Values(r.participants))
	clear(r.participants)
	for _, p := range all {
		p.leave(why)
	}
}

// hear takes an event of a link.
func (r *Room) hear(ev transport.Event) {
	if l := r.links[ev.From]; l != nil { // else closed meanwhile
		l.hear(ev)
	}
}

func (l *link) hear(ev transport.Event) {
	p := l.owner
	switch ev.Kind {
	case transport.Connected:
		l.connected = true
		p.room.log.Info("connected", "participant", p.sid, "target", int(l.target), "network", ev.Network, "srtp", ev.Profile)
		if l == p.receiver {
			p.activate()
			for _, sub := range p.subscriptions {
				sub.apply()
			}
		}
	case transport.Failed, transport.Closed:
		p.room.log.Info("connection failed", "participant", p.sid, "target", int(l.target), "err", ev.Err)
		p.leave(ReasonConnectionTimeout)
	case transport.Message:
		p.emit(DataReceived{Channel: channelOf(ev.Channel), Payload: ev.Data})
	case transport.Disconnected, transport.ChannelsOpen:
	}
}

func channelOf(ch transport.Channel) Channel {
	if ch == transport.Lossy {
		return Lossy
	}
	return Reliable
}

// route sends a message on to those it is for.
func (r *Room) route(from *Participant, to []id.Identity, ch Channel, payload []byte) {
	out := transport.Reliable
	if ch == Lossy {
		out = transport.Lossy
	}
	send := func(p *Participant) {
		if p == nil || p == from || !p.join.Grants.Subscribe {
			return
		}
		if err := p.receiver.transport.SendMessage(out, payload); err != nil {
			r.log.Debug("message not sent", "participant", p.sid, "err", err)
		}
	}
	if len(to) == 0 {
		for _, p := range r.participants {
			send(p)
		}
		return
	}
	for _, identity := range to {
		send(r.participants[identity])
	}
}
