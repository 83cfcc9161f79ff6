package room

import (
	"fmt"
	"maps"

	"salon/sfu/id"
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
	first  map[string]id.Track // what each section carried first: browsers call its track by that for ever

	asked     map[Kind]int // sections that the client was asked for since its last offer
	fresh     bool         // a fresh offer was asked for since then
	described bool         // there was an offer: before it, nothing needs to be asked for
}

func (s *sections) bind(mid string, kind Kind, track id.Track) {
	if s.bound == nil {
		s.bound = map[string]Kind{}
		s.first = map[string]id.Track{}
	}
	if s.first[mid] == "" {
		s.first[mid] = track
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
	l.peer.SetExtensions(extensionsOf(offer))
	var opened []*Publication
	replies := make([]jsep.Reply, len(offer.Sections))
	var n *round // of the subscriptions; nil where they have a connection of their own
	if l == p.receiver {
		n = p.newRound()
	}
	for i := range offer.Sections {
		s := &offer.Sections[i]
		if s.Rejected || s.Kind == jsep.Application {
			continue
		}
		pub, isNew := p.publicationOn(l, s)
		if pub != nil {
			replies[i].Receive = pub.receiving(s)
		}
		if isNew {
			opened = append(opened, pub)
		}
		if n != nil {
			replies[i].Send = n.sendOn(s)
		}
	}
	p.withdrawMissing(offer)
	out, err := l.transport.CreateAnswer(replies)
	switch {
	case p.left:
		return Answer{}, ErrLeft // its queue of events ran over meanwhile
	case err != nil:
		// What was opened for this answer can't be told apart from what was there: begin anew.
		p.leave(ReasonMediaFailure)
		return Answer{}, fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	if n != nil {
		n.settle()
	}
	for _, pub := range opened {
		p.room.publish(pub)
	}
	if p.left {
		return Answer{}, ErrLeft
	}
	a := Answer{SDP: out}
	if n != nil {
		a.MIDToTrack = midsOf(p)
		p.touch()
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
	if pub == nil {
		return nil, false
	}
	if !pub.open(l, s) {
		p.emit(TrackWithdrawn{Track: pub.state.SID}) // no codec that we can forward
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

// A round is what an offer of a client with one connection means for its subscriptions.
type round struct {
	p        *Participant
	inactive map[string]Kind
	bound    map[string]*Subscription // by section; those that the offer still has are taken out
	flows    []flow
}

// A flow is a subscription that a description gave a section.
type flow struct {
	sub  *Subscription
	send *jsep.Sending
}

func (p *Participant) newRound() *round {
	n := &round{p: p, inactive: p.receiver.sections.round(), bound: map[string]*Subscription{}}
	for _, sub := range p.subscriptions {
		if sub.mid != "" {
			n.bound[sub.mid] = sub
		}
	}
	return n
}

// sendOn returns what goes over a section: its subscription, or, where the client only receives, one that waits for
// a section of its kind.
func (n *round) sendOn(s *jsep.Section) *jsep.Sending {
	sections, kind := &n.p.receiver.sections, kindOf(s.Kind)
	if !s.Receives {
		return nil
	}
	sub := n.bound[s.MID]
	if sub == nil {
		if s.Sends {
			return nil
		}
		if _, ends := n.inactive[s.MID]; !ends {
			sub = n.p.firstThatFits(kind, s.Codecs)
		}
	}
	if sub == nil {
		sections.free[s.MID] = kind
		return nil
	}
	delete(n.bound, s.MID)
	codec, ok := sub.fits(s.Codecs)
	if !ok {
		sub.refuse()
		return nil
	}
	sub.mid = s.MID
	sections.bind(s.MID, kind, sub.pub.state.SID)
	send := sub.sending(codec, s.Extensions)
	n.flows = append(n.flows, flow{sub, send})
	return send
}

// firstThatFits returns the first subscription that waits for a section with these codecs. Those before it that
// the client can't take are refused.
func (p *Participant) firstThatFits(kind Kind, codecs []jsep.Codec) *Subscription {
	for _, sub := range p.waiting(kind) {
		if _, ok := sub.fits(codecs); ok {
			return sub
		}
		sub.refuse()
	}
	return nil
}

// settle lets everything flow that got a section. What lost its section waits for another.
func (n *round) settle() {
	for mid, sub := range n.bound {
		delete(n.p.receiver.sections.bound, mid)
		sub.detach()
	}
	for _, f := range n.flows {
		if f.sub.mid != "" && !n.p.left {
			f.sub.flow(f.sub.mid, f.send)
		}
	}
}

// touch has p's descriptions looked at when the call or event of the moment is through, once for all that it changes.
func (p *Participant) touch() {
	if !p.touched {
		p.touched = true
		p.room.unsettled = append(p.room.unsettled, p)
	}
}

// settle starts the rounds of descriptions that have become necessary.
func (r *Room) settle() {
	for len(r.unsettled) > 0 { // rounds may touch others
		p := r.unsettled[0]
		r.unsettled = r.unsettled[1:]
		p.touched = false
		p.renegotiate()
	}
	r.unsettled = nil
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
	audio, video := p.countWaiting()
	want := SectionsWanted{Audio: s.lacking(Audio, audio), Video: s.lacking(Video, video)}
	switch {
	case want.Audio > 0 || want.Video > 0:
		s.asked[Audio] += want.Audio
		s.asked[Video] += want.Video
	case (audio+video > 0 || len(s.ending) > 0) && !s.fresh && s.asked[Audio]+s.asked[Video] == 0:
	default:
		return
	}
	s.fresh = true
	p.emit(want)
}

// lacking counts the sections of a kind that the client still has to be asked for when so many wait for one.
func (s *sections) lacking(kind Kind, waiting int) int {
	return max(0, waiting-s.freeOf(kind)-s.asked[kind])
}

// extensionsOf returns the numbers of header extensions: within a bundle, one number means one thing.
func extensionsOf(d *jsep.Description) map[string]uint8 {
	all := map[string]uint8{}
	for i := range d.Sections {
		maps.Copy(all, d.Sections[i].Extensions)
	}
	return all
}
