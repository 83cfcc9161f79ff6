package signaling

import (
	"salon/sfu/room"
	"salon/signaling/wire"
)

// simulate misbehaves as a client's test asks for, where the configuration allows it.
func (s *session) simulate(m *wire.SimulateScenario) {
	if !s.cfg.Dev {
		s.refuse(0, errUnsupported, nil)
		return
	}
	switch m.GetScenario().(type) {
	case *wire.SimulateScenario_ServerLeave:
		s.finish(room.ReasonRoomClosed)
	case *wire.SimulateScenario_LeaveRequestFullReconnect:
		s.finish(room.ReasonServerShutdown)
	case *wire.SimulateScenario_Migration:
		s.finish(room.ReasonMigration)
	case *wire.SimulateScenario_NodeFailure:
		s.over = true // without a word
	case *wire.SimulateScenario_SpeakerUpdate:
		s.send(inWords(room.SpeakersChanged{Speakers: []room.Speaker{{SID: s.self.SID, Level: 1, Active: true}}}))
	default:
		s.refuse(0, errUnsupported, nil)
	}
}
