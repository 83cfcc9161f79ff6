package transport

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"

	"github.com/pion/ice/v4"

	"salon/sfu/transport/jsep"
)

// maxCandidates is how many candidates a peer may have between two restarts:
// each costs checks, and each check is a datagram to an address of its choice.
const maxCandidates = 64

// candidateInit is RTCIceCandidateInit of the W3C's WebRTC.
type candidateInit struct {
	Candidate  string  `json:"candidate"`
	MID        *string `json:"sdpMid,omitempty"`
	MLineIndex *int    `json:"sdpMLineIndex,omitempty"`
	Ufrag      *string `json:"usernameFragment,omitempty"`
}

// AddCandidate takes a candidate of the peer: RTCIceCandidateInit as JSON. It
// may come before the description it belongs to. What is of no use to us (TCP,
// mDNS names, another ICE generation, the empty last one) is ignored; only
// what cannot be read is an error, and more than 64 of them.
func (t *Transport) AddCandidate(init string) error {
	if t.ctx.Err() != nil {
		return ErrClosed
	}
	var in candidateInit
	if err := json.Unmarshal([]byte(init), &in); err != nil {
		return fmt.Errorf("%w: %w", ErrCandidate, err)
	}
	c, err := parseCandidate(in.Candidate)
	if err != nil || c == nil {
		return err
	}
	n := &t.negotiation
	if n.remote == nil {
		if len(n.waiting) >= maxCandidates {
			return ErrManyCandidates
		}
		n.waiting = append(n.waiting, c)
		return nil
	}
	if in.Ufrag != nil && *in.Ufrag != "" && *in.Ufrag != n.remote.Ufrag {
		return nil
	}
	return t.addCandidate(c)
}

// addDescribed adds the candidates of a description and those that came before
// it. Bad ones do not spoil a good description.
func (t *Transport) addDescribed(d *jsep.Description) {
	n := &t.negotiation
	for _, c := range n.waiting {
		_ = t.addCandidate(c)
	}
	n.waiting = nil
	for _, text := range d.Candidates {
		if c, err := parseCandidate(text); err == nil && c != nil {
			_ = t.addCandidate(c)
		}
	}
}

func (t *Transport) addCandidate(c ice.Candidate) error {
	n := &t.negotiation
	if n.candidates >= maxCandidates {
		return ErrManyCandidates
	}
	n.candidates++
	return wrap("add candidate", t.agent.AddRemoteCandidate(c))
}

// parseCandidate reads "candidate:..." and gives nil for what is of no use:
// anything but UDP to the address of a host, on the first component.
func parseCandidate(text string) (ice.Candidate, error) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "a=")
	if strings.TrimPrefix(text, "candidate:") == "" {
		return nil, nil //nolint:nilnil // nothing, and nothing wrong: the last candidate
	}
	c, err := ice.UnmarshalCandidate(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCandidate, err)
	}
	addr, err := netip.ParseAddr(c.Address())
	if err != nil || addr.IsUnspecified() || addr.IsMulticast() ||
		c.NetworkType().IsTCP() || c.Component() != ice.ComponentRTP || c.Port() == 0 {
		return nil, nil //nolint:nilnil // as above: of no use, but not wrong
	}
	return c, nil
}
