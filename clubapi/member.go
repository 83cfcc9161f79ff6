package clubapi

import "time"

// Member is one seat of a club that is taken.
type Member struct {
	User     Person
	Role     Role
	JoinedAt time.Time
}

// WaitingState says what somebody waits for.
type WaitingState string

// States of waiting: for the owner's word, or for a seat.
const (
	WaitingAsked WaitingState = "asked"
	WaitingSeat  WaitingState = "waiting"
)

// Waiting is somebody's place in the line for a seat of a club.
type Waiting struct {
	ID       int64 // grows in the order of asking
	User     Person
	State    WaitingState
	Position int // from 1
	Since    time.Time
}

// Membership is what somebody is in a club: a member since JoinedAt, or nobody, who may
// be waiting to become one.
type Membership struct {
	User     Person
	Role     Role
	JoinedAt time.Time // zero for whoever is not a member
	Waiting  *Waiting
}
