// Package clubapi holds the types and the rules of the book clubs: users, clubs,
// conferences and the notes of what was said. It decides what a valid text, time or
// change is and who may do what; it reads no clock and opens no file or socket: time
// and stored values come in as arguments. Rules that must see the store at the moment
// of writing (seats, membership) are kept by the store inside one transaction.
//
// Folder sqlite keeps the values, folder httpapi serves them as openapi.yaml says.
// The only thing asked of the media side is a place in a room, through Admitter.
package clubapi

import _ "embed"

//go:embed openapi.yaml
var contract []byte

// Contract returns a copy of openapi.yaml, the contract of the API.
func Contract() []byte { return append([]byte(nil), contract...) }
