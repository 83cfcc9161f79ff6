package transport

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"salon/sfu/transport/ice"
	"salon/sfu/transport/jsep"
	"salon/sfu/udp"
)

// maxCandidates is how many candidates a peer may have between two restarts:
// each costs checks, and each check is a datagram to an address of its choice.
const maxCandidates = 64

// candidateInit is RTCIceCandidateInit of the W3C's WebRTC.
type candidateInit struct {
	Candidate string  `json:"candidate"`
	Ufrag     *string `json:"usernameFragment,omitempty"`
}

// AddCandidate takes a candidate of the peer: RTCIceCandidateInit as JSON. It
// may come before the description it belongs to. What is of no use to us (TCP,
// mDNS names, other peers' lines, another ICE generation, the empty last one) is ignored; only
// what cannot be read is an error, and more than 64 of them.
func (t *Transport) AddCandidate(init string) error {
	if t.ctx.Err() != nil {
		return ErrClosed
	}
	var in candidateInit
	if err := json.Unmarshal([]byte(init), &in); err != nil {
		return fmt.Errorf("%w: %w", ErrCandidate, err)
	}
	c, ok, err := ice.Parse(in.Candidate)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCandidate, err)
	}
	if remote := t.negotiation.remote; remote != nil && in.Ufrag != nil && *in.Ufrag != "" && *in.Ufrag != remote.Ufrag {
		return nil
	}
	if !ok {
		return nil
	}
	return t.addCandidates(c)
}

// addDescribed adds the candidates of a description. Bad ones do not spoil a
// good description.
func (t *Transport) addDescribed(d *jsep.Description) {
	var list []ice.Candidate
	for _, text := range d.Candidates {
		if c, ok, err := ice.Parse(text); err == nil && ok {
			list = append(list, c)
		}
	}
	_ = t.addCandidates(list...) // those beyond the bound are too many to try
}

func (t *Transport) addCandidates(list ...ice.Candidate) error {
	n := &t.negotiation
	list = slices.DeleteFunc(list, func(c ice.Candidate) bool { return udp.IsLine(c.Addr.Addr()) })
	room := min(maxCandidates-n.candidates, len(list))
	n.candidates += room
	if room > 0 {
		now := t.now()
		t.drive(func(a *ice.Agent) {
			for _, c := range list[:room] {
				a.Add(now, c)
			}
		})
	}
	if room < len(list) {
		return ErrManyCandidates
	}
	return nil
}

// addressesLife is how long the machine's addresses are taken for granted.
const addressesLife = 10 * time.Second

// candidates are our own, for descriptions: the External addresses, and those
// of the machine in families without one.
func (f *Factory) candidates(now time.Time) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lines != nil && now.Sub(f.listed) < addressesLife {
		return f.lines
	}
	port := uint16(f.endpoint.Port()) //nolint:gosec // a port
	var list []netip.AddrPort
	covered := map[bool]bool{}
	for _, a := range f.cfg.External {
		list = append(list, netip.AddrPortFrom(a.Unmap(), port))
		covered[a.Unmap().Is4()] = true
	}
	for _, a := range f.endpoint.GetListenAddresses() {
		own, err := netip.ParseAddrPort(a.String())
		if err == nil && !covered[own.Addr().Is4()] && (f.cfg.Loopback || !own.Addr().IsLoopback()) {
			list = append(list, own)
		}
	}
	f.lines = ice.Lines(list)
	if f.cfg.TCPPort > 0 {
		f.lines = append(f.lines, ice.PassiveLines(list, uint16(f.cfg.TCPPort))...) //nolint:gosec // a port
	}
	f.lines, f.listed = slices.Clip(f.lines), now
	return f.lines
}
