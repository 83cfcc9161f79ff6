package room

import (
	"fmt"
	"strconv"

	"salon/sfu/transport/jsep"
)

// offering is the state of our offers to a client with two connections. The zero value has offered nothing.
type offering struct {
	id       uint32 // of the last offer
	open     bool   // an answer is due
	again    bool   // something changed meanwhile
	began    bool
	sections []jsep.OfferSection // in the order of the first offer, for ever
	flows    map[*Subscription]*jsep.Sending
}

// offer sends a new description to a client with two connections, or notes that one is due after the open one.
func (p *Participant) offer() {
	o := &p.offered
	if o.open {
		o.again = true
		return
	}
	if o.began && len(p.waiting(Audio))+len(p.waiting(Video)) == 0 && len(p.receiver.sections.ending) == 0 {
		return
	}
	if !o.began {
		o.began = true
		o.sections = append(o.sections, jsep.OfferSection{MID: "0", Kind: jsep.Application})
	}
	p.place()
	sdp, err := p.receiver.transport.CreateOffer(o.sections)
	if err != nil {
		p.room.log.Warn("offer not made", "participant", p.sid, "err", err)
		p.leave(ReasonMediaFailure)
		return
	}
	o.id++
	o.open = true
	p.emit(Offered{SDP: sdp, ID: o.id, MIDToTrack: midsOf(p)})
}

// place gives each waiting subscription a section, a free one where there is one.
func (p *Participant) place() {
	o, s := &p.offered, &p.receiver.sections
	inactive := s.ending
	s.ending = nil
	if s.free == nil {
		s.free = map[string]Kind{}
	}
	o.flows = map[*Subscription]*jsep.Sending{}
	for i := range o.sections {
		sec := &o.sections[i]
		if _, ends := inactive[sec.MID]; ends {
			sec.Send = nil
		}
	}
	for _, kind := range []Kind{Audio, Video} {
		for _, sub := range p.waiting(kind) {
			codec, ok := sub.fits(jsep.OurCodecs(sectionKind(kind)))
			if !ok {
				sub.refuse()
				continue
			}
			sec := p.freeSection(kind)
			sec.Send = sub.sending(codec, jsep.OurExtensions(sectionKind(kind)))
			sub.mid = sec.MID
			s.bind(sec.MID, kind)
			o.flows[sub] = sec.Send
		}
	}
	for mid, kind := range inactive {
		s.free[mid] = kind
	}
}

// freeSection returns a section of our offer that carries nothing, a new one if need be.
func (p *Participant) freeSection(kind Kind) *jsep.OfferSection {
	o, s := &p.offered, &p.receiver.sections
	for i := range o.sections {
		if k, free := s.free[o.sections[i].MID]; free && k == kind {
			return &o.sections[i]
		}
	}
	o.sections = append(o.sections, jsep.OfferSection{MID: strconv.Itoa(len(o.sections)), Kind: sectionKind(kind)})
	return &o.sections[len(o.sections)-1]
}

// answered takes the client's answer to an offer of ours.
func (p *Participant) answered(offerID uint32, sdp string) error {
	o := &p.offered
	if !o.open || offerID != 0 && offerID != o.id {
		return nil // an answer to an older offer
	}
	answer, err := p.receiver.transport.SetAnswer(sdp)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	o.open = false
	flows := o.flows
	o.flows = nil
	for sub, send := range flows {
		if sub.mid == "" || p.subscriptions[sub.pub.state.SID] != sub {
			continue // ended meanwhile
		}
		if s := answer.Section(sub.mid); s == nil || s.Rejected || !s.Receives {
			sub.refuse()
			continue
		}
		sub.flow(sub.mid, send)
	}
	if o.again {
		o.again = false
	}
	p.offer()
	return nil
}

func sectionKind(k Kind) jsep.Kind {
	if k == Audio {
		return jsep.Audio
	}
	return jsep.Video
}
