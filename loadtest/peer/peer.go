// Package peer is the media side of a client: one connection with ICE, DTLS, SRTP, data channels and the feedback that
// browsers send.
//
// Two kinds speak the same offers. A lean peer has ICE and DTLS by pion and the RTP by us, decrypted by pion/srtp,
// because what a packet costs here must not be what a run measures. Its times of arrival are the
// kernel's (see socket), so that what the generator itself is slow at is not measured as the server's. A plain peer is
// pion/webrtc as it comes: an independent stack that confirms the count.
//
// What the package decides: what is offered, when feedback is due (feedback.go, as libwebrtc does it). What it never
// does: signalling, pacing, or judging what arrived (measure). A peer is owned by its participant's goroutine; sending
// belongs to the pace's, receiving to the reader's.
package peer

import (
	"time"

	"salon/loadtest/media"
)

// A Role is what a connection is for.
type Role uint8

// The roles. Clients with one connection have a Whole one, which they offer; those with two offer one that Sends and
// answer the server's offers of one that Receives.
const (
	Whole Role = iota
	Sends
	Receives
)

// A Peer is one media connection. Its methods but send are called by the participant's goroutine, send by the pace's.
type Peer interface {
	// Offer describes the connection as it should be.
	Offer() (string, error)
	// Answer takes the server's answer to the last offer.
	Answer(sdp string) error
	// Accept answers an offer of the server's, on a connection that Receives.
	Accept(sdp string) (string, error)
	// Candidate takes an RTCIceCandidateInit as JSON.
	Candidate(init string) error
	// Receive makes room for so many more tracks of the server's; the next offer says so.
	Receive(audio, video int)
	// Ready is closed when media can flow, failed when it can't, or does no more.
	Ready() <-chan struct{}
	Failed() <-chan struct{}
	// Send sends one burst of a layer of a published track.
	Send(t *media.Track, layer int, b media.Burst, now time.Time)
	// Close ends it all; it may be called once.
	Close()
}
