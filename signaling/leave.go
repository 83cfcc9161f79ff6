package signaling

import (
	"salon/sfu/room"
	"salon/signaling/wire"
)

// goodbye tells a client to go, and whether to come back.
//
// Clients with resume disabled (as we ask them to) join from scratch on RECONNECT, at once and then up to nine times
// in the next 45 s, which bridges a restart of this server or leads to another node; DISCONNECT ends the meeting for
// the person. So whatever is no decision about the person is RECONNECT, a shutdown among them.
func goodbye(why room.LeaveReason) *wire.LeaveRequest {
	action := wire.LeaveRequest_RECONNECT
	switch why {
	case room.ReasonClientInitiated, room.ReasonDuplicateIdentity, room.ReasonParticipantRemoved,
		room.ReasonRoomDeleted, room.ReasonRoomClosed, room.ReasonJoinFailure:
		action = wire.LeaveRequest_DISCONNECT
	case room.ReasonUnknown, room.ReasonServerShutdown, room.ReasonStateMismatch, room.ReasonMigration,
		room.ReasonSignalClose, room.ReasonConnectionTimeout, room.ReasonMediaFailure:
	}
	return &wire.LeaveRequest{
		Action:       action,
		Reason:       wire.DisconnectReason(why),
		CanReconnect: action != wire.LeaveRequest_DISCONNECT, // clients below protocol 13 read this
	}
}
