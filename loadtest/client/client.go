// Package client is one participant of a run: it joins with a token, keeps the signalling connection alive, negotiates
// its peer's tracks, and sends its media at the pace that all participants share.
//
// What it decides: the order of messages of the client protocol as browsers send them, and when a frame is due
// (pace.go). What it never does: decide who joins when (scenario, and the run above), or touch packets (peer).
package client
