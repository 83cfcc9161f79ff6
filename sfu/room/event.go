package room

import "salon/sfu/id"

// An Event is something that a Participant's Session has to know or tell its client. The set is closed:
// the types of this file. Events of one Participant arrive in the order in which they happened.
type Event interface{ event() }

// Target names one of a Participant's transports.
type Target uint8

// Targets. With a single connection everything goes over Publisher.
const (
	Publisher Target = iota
	Subscriber
)

// Channel names a data channel.
type Channel uint8

// Channels.
const (
	Reliable Channel = iota
	Lossy
)

// Offered asks the client to answer: only with two connections, for the Subscriber one.
type Offered struct {
	SDP        string
	ID         uint32 // the answer has to carry it
	MIDToTrack map[string]id.Track
}

// ParticipantsChanged tells the present state of the participants listed, the receiver itself among them
// where its own state changed.
type ParticipantsChanged struct{ Participants []ParticipantState }

// Changed tells what the room is like now.
type Changed struct{ Room State }

// SectionsWanted asks a client with a single connection for a new offer with as many more receiving sections.
// Zeros ask for a fresh offer alone.
type SectionsWanted struct{ Audio, Video int }

// SpeakersChanged lists the changes since the last one, not all speakers.
type SpeakersChanged struct{ Speakers []Speaker }

// Speaker is how loud a Participant speaks.
type Speaker struct {
	SID    id.Participant
	Level  float32 // 0..1
	Active bool
}

// TrackTaken tells a publisher that somebody subscribed to its track for the first time.
type TrackTaken struct{ Track id.Track }

// TrackWithdrawn tells a publisher that the server ended its track.
type TrackWithdrawn struct{ Track id.Track }

// SubscriptionRefused tells that a wish for a track can't be met.
type SubscriptionRefused struct {
	Track  id.Track
	Reason RefusalReason
}

// RefusalReason says why a subscription was refused.
type RefusalReason uint8

// Reasons of a refusal.
const (
	TrackNotFound RefusalReason = iota + 1
	CodecUnsupported
)

// DataReceived is a message that this Participant's client sent over a data channel, as it came.
// The session decodes it and calls Room.SendData.
type DataReceived struct {
	Channel Channel
	Payload []byte
}

// Left ends the Participant: it is the last event.
type Left struct{ Reason LeaveReason }

func (Offered) event()             {}
func (ParticipantsChanged) event() {}
func (Changed) event()             {}
func (SectionsWanted) event()      {}
func (SpeakersChanged) event()     {}
func (TrackTaken) event()          {}
func (TrackWithdrawn) event()      {}
func (SubscriptionRefused) event() {}
func (DataReceived) event()        {}
func (Left) event()                {}
