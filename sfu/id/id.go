// Package id gives the things of a media server their names: a Room, the Participants in it, the Tracks
// they publish, the Node that carries them. Names are strings with a type of their own, so that one
// can't be passed for another. The prefixes are part of the client protocol: clients look at them.
package id

import (
	"crypto/rand"
)

// Room is the name of a room as its users chose it, at most 255 bytes.
type Room string

// RoomSession is the server's id ("RM_...") of one life of a Room: a room that ended and began again has another.
type RoomSession string

// Identity is the key that the application chose for a person; unique within a Room.
type Identity string

// Participant is the server's id ("PA_...") of one presence of an Identity in a Room. Joining again gives another.
type Participant string

// Track is the server's id ("TR_...") of a published track.
type Track string

// Node is the server's id ("ND_...") of a media process.
type Node string

// alphabet has 32 letters, so that five random bits choose one without bias.
const alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGH"

// suffixLen gives 60 random bits: two of 10^6 living ids collide with a probability below 10^-6.
const suffixLen = 12

func random(prefix string) string {
	var raw [suffixLen]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand ends the process rather than return an error
	b := make([]byte, 0, len(prefix)+suffixLen)
	b = append(b, prefix...)
	for _, r := range raw {
		b = append(b, alphabet[r&31])
	}
	return string(b)
}

// NewRoomSession returns a fresh id.
func NewRoomSession() RoomSession { return RoomSession(random("RM_")) }

// NewParticipant returns a fresh id.
func NewParticipant() Participant { return Participant(random("PA_")) }

// NewTrack returns a fresh id.
func NewTrack() Track { return Track(random("TR_")) }

// NewNode returns a fresh id.
func NewNode() Node { return Node(random("ND_")) }
