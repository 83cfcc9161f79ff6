package signaling

import (
	"context"
	"errors"
	"fmt"

	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling/wire"
)

// Reasons to drop a data packet. Nobody is told but the counter: a client has no place to hear of it.
var (
	errPacketNotAllowed = errors.New("the sender may not send this packet")
	errNobodyAddressed  = errors.New("the packet is for nobody who is here")
)

// route passes a data packet on to those it is for.
func (s *session) route(ctx context.Context, e room.DataReceived) {
	to, payload, err := s.stamp(e)
	if err == nil {
		err = s.p.SendData(ctx, to, e.Channel, payload)
	}
	if err != nil && !gone(err) {
		s.counters.packetsDropped.Add(1)
		s.note("data packet", err)
	}
}

// stamp reads a packet's address and writes the sender on it, who might have written another's name. The letter
// inside stays as it is, and so do fields that we don't know.
func (s *session) stamp(e room.DataReceived) (to []id.Identity, payload []byte, err error) {
	if !s.self.Grants.PublishData {
		return nil, nil, errPacketNotAllowed
	}
	var m wire.DataPacket
	if err := wire.Unmarshal(wire.Binary, e.Payload, &m); err != nil {
		return nil, nil, fmt.Errorf("data packet: %w", err)
	}
	to, err = s.addressees(&m)
	if err != nil {
		return nil, nil, err
	}
	m.ParticipantSid, m.ParticipantIdentity = string(s.self.SID), string(s.self.Identity)
	m.Kind = wire.DataPacket_RELIABLE
	if e.Channel == room.Lossy {
		m.Kind = wire.DataPacket_LOSSY
	}
	if user := m.GetUser(); user != nil {
		user.ParticipantSid, user.ParticipantIdentity = m.ParticipantSid, m.ParticipantIdentity
	}
	payload, err = wire.Marshal(wire.Binary, &m)
	return to, payload, err
}

// addressees returns who a packet is for; none is everybody. Old clients write addresses into the letter, and some
// address sids.
func (s *session) addressees(m *wire.DataPacket) ([]id.Identity, error) {
	switch m.GetValue().(type) {
	case *wire.DataPacket_Speaker:
		return nil, errPacketNotAllowed // the server's own word
	case *wire.DataPacket_Transcription:
		if !s.self.Grants.Agent && wire.ParticipantInfo_Kind(s.self.Kind) != wire.ParticipantInfo_AGENT {
			return nil, errPacketNotAllowed
		}
	case *wire.DataPacket_Metrics:
		return s.metricsReaders()
	}
	identities := append([]string{}, m.GetDestinationIdentities()...)
	identities = append(identities, m.GetUser().GetDestinationIdentities()...)
	sids := m.GetUser().GetDestinationSids()
	if len(identities)+len(sids) == 0 {
		return nil, nil
	}
	for _, sid := range sids {
		if p, here := s.people[id.Participant(sid)]; here {
			identities = append(identities, string(p.identity))
		}
	}
	var to []id.Identity
	for _, identity := range dedupe(identities) {
		to = append(to, id.Identity(identity))
	}
	if len(to) == 0 {
		return nil, errNobodyAddressed // and not everybody, as an empty list would say
	}
	return to, nil
}

func (s *session) metricsReaders() ([]id.Identity, error) {
	var to []id.Identity
	for _, p := range s.people {
		if p.metrics {
			to = append(to, p.identity)
		}
	}
	if len(to) == 0 {
		return nil, errNobodyAddressed
	}
	return to, nil
}
