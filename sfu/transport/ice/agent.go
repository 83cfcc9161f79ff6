// Package ice finds the way to one peer and watches it: connectivity checks, nomination and consent for one component
// on one socket. It decides which address of the peer we send to and when the peer counts as gone. It opens no socket, reads no clock and
// keeps no goroutine: datagrams and the time come in with each call, what is to be sent is collected with Take.
//
// All our addresses are those of one socket, so a pair of candidates is an address of the peer: where a datagram to it leaves is
// for the routing table to say.
//
// Whoever makes an Agent owns it; it is not safe for concurrent use.
//
// RFC 8445 (ICE), RFC 8489 (STUN), RFC 7675 (consent), RFC 8838 (candidates may come late).
package ice

import (
	"crypto/rand"
	"encoding/binary"
	"hash"
	"net/netip"
	"slices"
	"time"
)

// Config tunes an Agent. All durations must be positive.
type Config struct {
	// DisconnectAfter is how long the peer may be silent before it counts as disconnected.
	DisconnectAfter time.Duration
	// FailAfter is how long it may then stay so before the connection has failed.
	FailAfter time.Duration
	// KeepAlive is how long the peer may be silent before it is asked whether it is there.
	KeepAlive time.Duration
	// Patient is how the numbers of the checks begin whose answers nobody is in a hurry for: whether a peer that is heard still wants
	// what we send. Whoever brings the answers may let those wait for some tenths of a second.
	Patient uint16
}

// Numbers of specifications.
const (
	// consentInterval is the time between two checks of a way that is in use (RFC 7675 section 5.1); it varies by a fifth.
	consentInterval = 5 * time.Second
	// consentLife is how long the last answer allows us to send (RFC 7675 section 5.1).
	consentLife = 30 * time.Second
)

// Our choices.
const (
	// maxPairs is how many addresses of a peer are looked at between two restarts.
	maxPairs = 64
	// maxTries is how often a check is sent; the pauses between double from firstPause to longestPause.
	maxTries     = 7
	firstPause   = 100 * time.Millisecond
	longestPause = 1600 * time.Millisecond
	// reflexiveWait is how long a controlling agent waits for a better way before it takes one to an address it learned.
	reflexiveWait = 100 * time.Millisecond
	// relayWait is the same for a way through a relay of the peer's.
	relayWait = time.Second
	// silentPause is the time between two questions to a peer that has fallen silent, until it counts as disconnected.
	silentPause = 500 * time.Millisecond
	// doubtFor is how long a question may have no answer before the peer is believed to be where it speaks from instead.
	doubtFor = 2 * silentPause
)

// State is what an Agent thinks of the connection.
type State uint8

// States of an Agent. Failed is final but for a restart.
const (
	New State = iota
	Checking
	Connected
	Disconnected
	Failed
)

// Outgoing is a STUN message to be sent.
type Outgoing struct {
	To      netip.AddrPort
	Message []byte
}

// credentials are those of one side.
type credentials struct {
	ufrag string
	mac   hash.Hash // keyed with the password
}

// An Agent is one side of ICE.
type Agent struct {
	cfg         Config
	local       credentials
	previous    credentials // of before the last restart: its requests are still answered
	remote      credentials // mac nil: not known yet
	controlling bool
	tie         uint64

	state    State
	begun    time.Time // of the present checks
	pairs    []*pair
	selected *pair
	rival    *pair // where the peer speaks from while the selected pair is silent
	consent  consent
	heard    time.Time // when the peer was last heard by other means

	out []Outgoing
}

// consent is what allows us to go on sending on the selected pair.
type consent struct {
	id       transaction // of the latest question
	patient  bool        // its answer may wait
	open     bool        // it has no answer yet: asking again goes under the same number
	since    time.Time   // when it was asked first
	asked    time.Time   // when it was asked last
	next     time.Time   // of the next question
	answered time.Time   // of the last answer, over restarts; zero: we may not send
}

// NewAgent returns an Agent with these credentials of ours. tie breaks ties when both sides think that they control.
func NewAgent(cfg Config, ufrag, pwd string, tie uint64) *Agent {
	return &Agent{cfg: cfg, local: credentials{ufrag, newMAC(pwd)}, tie: tie}
}

// Start begins the checks towards the peer with these credentials: at first, and after each Restart. The role is decided by the first
// call.
func (a *Agent) Start(now time.Time, controlling bool, ufrag, pwd string) {
	if a.state == New {
		a.controlling = controlling
	}
	a.remote = credentials{ufrag, newMAC(pwd)}
	a.state, a.begun = Checking, now
	for _, p := range a.pairs {
		p.nominated = p.nominated && !a.controlling
		a.check(now, p)
	}
}

// Restart begins anew under other credentials of ours. Nothing is checked before Start; what is sent meanwhile goes where it went, as long
// as the last consent lasts.
func (a *Agent) Restart(now time.Time, ufrag, pwd string) {
	a.previous, a.local, a.remote = a.local, credentials{ufrag, newMAC(pwd)}, credentials{}
	a.pairs, a.selected, a.rival, a.consent = nil, nil, nil, consent{answered: a.consent.answered}
	if a.state != New {
		a.state, a.begun = Checking, now
	}
}

// Add takes a candidate of the peer.
func (a *Agent) Add(now time.Time, c Candidate) {
	if p := a.find(c.Addr); p != nil {
		if p.Kind == PeerReflexive {
			p.Candidate = c // learned by a check that was faster than the description
		}
		return
	}
	if p := a.add(c); p != nil && a.selected == nil {
		a.check(now, p)
	}
}

// Heard tells that the peer sent something authentic at that time, by whatever protocol.
func (a *Agent) Heard(at time.Time) {
	if at.After(a.heard) {
		a.heard = at
		a.back()
	}
}

// back notes that a silent peer is there again.
func (a *Agent) back() {
	if a.state == Disconnected {
		a.state = Connected
	}
}

// State tells how the connection is.
func (a *Agent) State() State { return a.state }

// Consented tells whether we may send to the peer: it has answered within the last 30 s (RFC 7675 section 5.1), before a restart that is
// under way perhaps, and has not failed.
func (a *Agent) Consented(now time.Time) bool {
	return a.state != Failed && now.Sub(a.consent.answered) <= consentLife
}

// Selected is where to send; invalid before the first Connected, and while a restart looks for another way.
func (a *Agent) Selected() netip.AddrPort {
	if a.selected == nil {
		return netip.AddrPort{}
	}
	return a.selected.Addr
}

// Take returns what is to be sent since the last call; the caller owns it.
func (a *Agent) Take() []Outgoing {
	out := a.out
	a.out = nil
	return out
}

func (a *Agent) find(addr netip.AddrPort) *pair {
	for _, p := range a.pairs {
		if p.Addr == addr {
			return p
		}
	}
	return nil
}

// add takes a new address; nil when there are too many.
func (a *Agent) add(c Candidate) *pair {
	if len(a.pairs) >= maxPairs {
		return nil
	}
	p := &pair{Candidate: c}
	a.pairs = append(a.pairs, p)
	return p
}

// learn takes the address from which the peer has asked. When there are too many, the one that has been silent for longest goes: each
// new port of a NAT is an address. Nil when none can go.
func (a *Agent) learn(from netip.AddrPort, priority uint32) *pair {
	if len(a.pairs) >= maxPairs {
		oldest := -1
		for i, p := range a.pairs {
			idle := p != a.selected && (p.progress == valid || p.progress == failed)
			if idle && (oldest < 0 || p.heard.Before(a.pairs[oldest].heard)) {
				oldest = i
			}
		}
		if oldest < 0 {
			return nil
		}
		if a.rival == a.pairs[oldest] {
			a.rival = nil
		}
		a.pairs = slices.Delete(a.pairs, oldest, oldest+1)
	}
	return a.add(Candidate{Addr: from, Priority: priority, Kind: PeerReflexive})
}

func (a *Agent) send(to netip.AddrPort, message []byte) {
	a.out = append(a.out, Outgoing{to, message})
}

func newTie() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint64(b[:])
}

// number returns a number for a check whose answer may wait, or may not.
func (a *Agent) number(patient bool) (id transaction) {
	_, _ = rand.Read(id[:]) // never fails
	switch {
	case patient:
		binary.BigEndian.PutUint16(id[:], a.cfg.Patient)
	case binary.BigEndian.Uint16(id[:]) == a.cfg.Patient:
		id[0] ^= 0xff
	}
	return id
}

// any returns a byte of the number that nobody can guess.
func (id transaction) any() byte { return id[len(id)-1] }
