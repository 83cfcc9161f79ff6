package room

import (
	"fmt"
	"maps"

	"salon/sfu/transport/jsep"
)

// sections remembers what became of the sections that lead to a client, round by round.
//
// A section that carried a track has to be inactive for one round before it may carry another: browsers announce a
// new track only where a section that was inactive begins to send.
type sections struct {
	free   map[string]Kind // receiving sections that carry nothing and may carry any track of their kind
	ending map[string]Kind // those whose track ended: free after the next round
	bound  map[string]Kind

	asked     map[Kind]int // sections that the client was asked for since its last offer
	fresh     bool         // a fresh offer was asked for since then
	described bool         // there was an offer: before it, nothing needs to be asked for
}

func (s *sections) bind(mid string, kind Kind) {
	if s.bound == nil {
		s.bound = map[string]Kind{}
	}
	delete(s.free, mid)
	s.bound[mid] = kind
}

func (s *sections) release(mid string) {
	kind, ok := s.bound[mid]
	if !ok {
		return
	}
	delete(s.bound, mid)
	if s.ending == nil {
		s.ending = map[string]Kind{}
	}
	s.ending[mid] = kind
}

// round begins a new description: what ended before is inactive in it, and free afterwards.
func (s *sections) round() (inactive map[string]Kind) {
	inactive = s.ending
	s.ending = nil
	s.free = map[string]Kind{}
	s.asked = map[Kind]int{}
	s.fresh = false
	s.described = true
	return inactive
}

func (s *sections) freeOf(kind Kind) (n int) {
	for _, k := range s.free {
		if k == kind {
			n++
		}
	}
	return n
}

// answer takes an offer of the publisher link, which is the only one where there is one connection.
func (p *Participant) answer(sdp string) (Answer, error) {
	l := p.publisher
	offer, err := l.transport.SetOffer(sdp)
	if err != nil {
		return Answer{}, fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	inactive := l.sections.round()
	l.peer.SetExtensions(extensionsOf(offer))
	var opened []*Publication
	replies := make([]jsep.Reply, len(offer.Sections))
	flows := map[*Subscription]*jsep.Sending{}
	for i := range offer.Sections {
		s := &offer.Sections[i]
		if s.Rejected || s.Kind == jsep.Application {
			continue
		}
		pub, isNew := p.publicationOn(l, s)
		switch {
		case pub != nil:
			replies[i].Receive = pub.receiving(s)
			if isNew {
				opened = append(opened, pub)
			}
		case s.Receives && !s.Sends && l == p.receiver:
			if _, ends := inactive[s.MID]; ends {
				l.sections.free[s.MID] = kindOf(s.Kind)
				continue
			}
			replies[i].Send = p.sendOn(s, flows)
		}
	}
	p.withdrawMissing(offer)
	out, err := l.transport.CreateAnswer(replies)
	if err != nil {
		return Answer{}, fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	for sub, send := range flows {
		sub.flow(sub.mid, send)
	}
	for _, pub := range opened {
		p.room.publish(pub)
	}
	a := Answer{SDP: out}
	if l == p.receiver {
		a.MIDToTrack = midsOf(p)
		p.renegotiate()
	}
	return a, nil
}

// publicationOn returns what p publishes on a section: what it did before, or a track that it has announced since.
func (p *Participant) publicationOn(l *link, s *jsep.Section) (pub *Publication, isNew bool) {
	if !s.Sends {
		return nil, false
	}
	for _, pub := range p.published {
		if pub.state.MID != s.MID {
			continue
		}
		if announced := p.announced(s.TrackID); announced == nil {
			return pub, false
		}
		p.room.withdraw(pub) // the section goes on with another track
		break
	}
	pub = p.claim(s)
	if pub == nil || !pub.open(l, s) {
		return nil, false
	}
	return pub, true
}

func (p *Participant) announced(cid string) *Publication {
	for _, pub := range p.pending {
		if pub.cid == cid {
			return pub
		}
	}
	return nil
}

// withdrawMissing ends what p published on sections that no longer send.
func (p *Participant) withdrawMissing(offer *jsep.Description) {
	sends := map[string]bool{}
	for i := range offer.Sections {
		s := &offer.Sections[i]
		sends[s.MID] = s.Sends && !s.Rejected
	}
	for i := len(p.published) - 1; i >= 0; i-- {
		if pub := p.published[i]; !sends[pub.state.MID] {
			p.room.withdraw(pub)
		}
	}
}

// receiving says how we take a publication.
func (pub *Publication) receiving(s *jsep.Section) *jsep.Receiving {
	return &jsep.Receiving{
		Codecs: []jsep.Codec{pub.codec}, Extensions: pub.upstream(s.Extensions), RIDs: pub.rids,
		Stereo: pub.state.Stereo, DTX: pub.state.Kind == Audio && !pub.state.DisableDTX,
	}
}

// sendOn returns what goes over a receiving section of a client with one connection: its subscription, or one that
// waits for a section of its kind.
func (p *Participant) sendOn(s *jsep.Section, flows map[*Subscription]*jsep.Sending) *jsep.Sending {
	l, kind := p.receiver, kindOf(s.Kind)
	var sub *Subscription
	for _, candidate := range p.subscriptions {
		if candidate.mid == s.MID {
			sub = candidate
		}
	}
	if sub == nil {
		for _, candidate := range p.waiting(kind) {
			if _, ok := candidate.fits(s.Codecs); ok {
				sub = candidate
				break
			}
			candidate.refuse()
		}
	}
	if sub == nil {
		l.sections.free[s.MID] = kind
		return nil
	}
	codec, ok := sub.fits(s.Codecs)
	if !ok {
		sub.refuse()
		return nil
	}
	sub.mid = s.MID
	l.sections.bind(s.MID, kind)
	send := sub.sending(codec, s.Extensions)
	flows[sub] = send
	return send
}

// renegotiate starts a round of descriptions where subscriptions wait for a section, or sections for their end.
func (p *Participant) renegotiate() {
	if p.left || !p.started || !p.join.Grants.Subscribe {
		return
	}
	if !p.join.Single {
		p.offer()
		return
	}
	s := &p.receiver.sections
	if !s.described {
		return
	}
	want := SectionsWanted{Audio: p.lacking(Audio), Video: p.lacking(Video)}
	waiting := len(p.waiting(Audio))+len(p.waiting(Video)) > 0
	switch {
	case want.Audio > 0 || want.Video > 0:
		s.asked[Audio] += want.Audio
		s.asked[Video] += want.Video
	case (waiting || len(s.ending) > 0) && !s.fresh && s.asked[Audio]+s.asked[Video] == 0:
	default:
		return
	}
	s.fresh = true
	p.emit(want)
}

// lacking counts the sections of a kind that the client still has to be asked for.
func (p *Participant) lacking(kind Kind) int {
	s := &p.receiver.sections
	return max(0, len(p.waiting(kind))-s.freeOf(kind)-s.asked[kind])
}

// extensionsOf returns the numbers of header extensions: within a bundle, one number means one thing.
func extensionsOf(d *jsep.Description) map[string]uint8 {
	all := map[string]uint8{}
	for i := range d.Sections {
		maps.Copy(all, d.Sections[i].Extensions)
	}
	return all
}
