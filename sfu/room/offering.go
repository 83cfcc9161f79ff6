package room

import (
	"fmt"
	"strconv"

	"salon/sfu/transport/jsep"
)

// offering is the state of our offers to a client with two connections. The zero value has offered nothing.
type offering struct {
	id       uint32              // of the last offer
	open     bool                // an answer is due
	sections []jsep.OfferSection // in the order of the first offer, for ever
	flows    []flow              // what the open offer has given a section
}

// offer sends a new description to a client with two connections where one is due. While one is open, it waits: what
// its answer leaves to be done is looked at then.
func (p *Participant) offer() {
	o := &p.offered
	began := len(o.sections) > 0
	if o.open {
		return
	}
	if audio, video := p.countWaiting(); began && audio+video+len(p.receiver.sections.ending) == 0 {
		return
	}
	if !began {
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
	o.flows = nil
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
			sub.mid = sec.MID
			s.bind(sec.MID, kind, sub.pub.state.SID)
			sec.Send = sub.sending(codec, jsep.OurExtensions(sectionKind(kind)))
			o.flows = append(o.flows, flow{sub, sec.Send})
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
	p.touch()
	for _, f := range o.flows {
		if f.sub.mid == "" {
			continue // ended meanwhile
		}
		s := answer.Section(f.sub.mid)
		switch {
		case s == nil || s.Rejected:
			p.giveUp(f.sub.mid)
			f.sub.refuse()
		case !s.Receives:
			f.sub.refuse()
		default:
			f.sub.flow(f.sub.mid, f.send)
		}
	}
	o.flows = nil
	return nil
}

// giveUp takes a section that the client has rejected out of use: it stands in our offers for ever, with nothing in it.
func (p *Participant) giveUp(mid string) {
	delete(p.receiver.sections.bound, mid)
	for i := range p.offered.sections {
		if sec := &p.offered.sections[i]; sec.MID == mid {
			sec.Send = nil
		}
	}
}

func sectionKind(k Kind) jsep.Kind {
	if k == Audio {
		return jsep.Audio
	}
	return jsep.Video
}
