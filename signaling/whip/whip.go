// Package whip lets media in and out without the client protocol: WHIP (RFC 9725) for encoders that publish, WHEP for
// players that watch. It turns an HTTP request with an offer into a participant of a Room and its answer, and a
// DELETE into its leaving; tokens are those of package token. It decides nothing about media and keeps no state but
// the resources that it has given addresses to.
package whip
