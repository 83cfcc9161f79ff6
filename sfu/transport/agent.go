package transport

import (
	"encoding/json"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/ice/v4"

	"salon/sfu/udp"
)

const (
	// checkInterval paces connectivity checks while there is no way yet.
	checkInterval = 100 * time.Millisecond
	// reflexiveWait is how long a controlling agent waits for a path between
	// known hosts before it takes one between addresses it learned. Browsers
	// hide their host addresses, so the learned one is usually the right one.
	reflexiveWait = 100 * time.Millisecond
	// relayWait is the same for paths through a TURN server of the peer's.
	relayWait = time.Second
)

// openAgent sets the ICE agent up on the shared socket.
func (t *Transport) openAgent() error {
	n := &t.negotiation
	n.ufrag, n.pwd = newCredentials()
	options := []ice.AgentOption{
		ice.WithUDPMux(t.factory.endpoint),
		ice.WithNetworkTypes([]ice.NetworkType{ice.NetworkTypeUDP4, ice.NetworkTypeUDP6}),
		ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeHost}),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled),
		ice.WithDisableActiveTCP(),
		ice.WithLocalCredentials(n.ufrag, n.pwd),
		ice.WithDisconnectedTimeout(t.cfg.DisconnectAfter),
		ice.WithFailedTimeout(t.cfg.FailAfter),
		ice.WithKeepaliveInterval(t.cfg.KeepAlive),
		ice.WithCheckInterval(checkInterval),
		ice.WithSrflxAcceptanceMinWait(reflexiveWait),
		ice.WithPrflxAcceptanceMinWait(reflexiveWait),
		ice.WithRelayAcceptanceMinWait(relayWait),
		ice.WithLoggerFactory(t.factory.quiet),
	}
	if t.cfg.Loopback {
		options = append(options, ice.WithIncludeLoopback())
	}
	if rule, ok := externalRule(t.cfg.External); ok {
		options = append(options, ice.WithAddressRewriteRules(rule))
	}
	agent, err := ice.NewAgentWithOptions(options...)
	if err != nil {
		return wrap("set up ice", err)
	}
	t.agent = agent
	return t.watchAgent()
}

// externalRule replaces the host's addresses by those of its NAT.
func externalRule(external []netip.Addr) (ice.AddressRewriteRule, bool) {
	rule := ice.AddressRewriteRule{AsCandidateType: ice.CandidateTypeHost, Mode: ice.AddressRewriteReplace}
	for _, a := range external {
		rule.External = append(rule.External, a.Unmap().String())
	}
	return rule, len(external) > 0
}

// A gathering is one round of collecting our candidates; an ICE restart begins
// another.
type gathering struct {
	done chan struct{} // closed when there will be no more

	candidates []string
	described  bool       // a description went out: later ones become events
	mu         sync.Mutex // guards the fields of this group
}

// add takes a candidate, or nil at the end; it returns what has to be told to
// the peer by an event, if anything.
func (g *gathering) add(c ice.Candidate) (late string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c == nil {
		close(g.done)
		return ""
	}
	g.candidates = append(g.candidates, "candidate:"+c.Marshal())
	if g.described {
		return g.candidates[len(g.candidates)-1]
	}
	return ""
}

// describe gives the candidates for a description and whether they are all.
func (g *gathering) describe() ([]string, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.described = true
	select {
	case <-g.done:
		return append([]string(nil), g.candidates...), true
	default:
		return append([]string(nil), g.candidates...), false
	}
}

// onCandidate is called by the agent, in order, with nil at the end.
func (t *Transport) onCandidate(c ice.Candidate) {
	late := t.negotiation.gathering.Load().add(c)
	if late == "" {
		return
	}
	index := 0
	text, err := json.Marshal(candidateInit{Candidate: late, MLineIndex: &index})
	if err == nil {
		t.emit(Event{Kind: Candidate, Candidate: string(text)})
	}
}

// onPair is called by the agent when it has chosen the way to the peer.
func (t *Transport) onPair(_, remote ice.Candidate) { t.aim(remote) }

// aim sends what follows to this address of the peer.
func (t *Transport) aim(remote ice.Candidate) {
	addr, err := netip.ParseAddr(remote.Address())
	if err != nil || remote.Port() < 1 || remote.Port() > 65535 {
		return
	}
	dest := udp.NewDest(netip.AddrPortFrom(addr, uint16(remote.Port()))) //nolint:gosec // bounded above
	t.dest.Store(&dest)
}

// onState is called by the agent when its view of the connection changes.
func (t *Transport) onState(s ice.ConnectionState) {
	switch s {
	case ice.ConnectionStateConnected:
		t.arrived()
	case ice.ConnectionStateChecking:
		t.lost.Store(true)
	case ice.ConnectionStateDisconnected:
		t.lost.Store(true)
		t.emit(Event{Kind: Disconnected})
	case ice.ConnectionStateFailed:
		t.lost.Store(true)
		t.emit(Event{Kind: Failed})
	case ice.ConnectionStateUnknown, ice.ConnectionStateNew,
		ice.ConnectionStateCompleted, ice.ConnectionStateClosed:
	}
}

// arrived tells once that media flows: whichever comes last, the way (again)
// or the keys, finds the other one there.
func (t *Transport) arrived() {
	network := ""
	// The agent tells of pairs and states by different goroutines.
	if pair, err := t.agent.GetSelectedCandidatePair(); err == nil && pair != nil {
		t.aim(pair.Remote)
		network = pair.Remote.NetworkType().String()
	}
	if t.keys.Load() != nil && t.dest.Load() != nil && t.lost.CompareAndSwap(true, false) {
		t.emit(Event{Kind: Connected, Network: network, Profile: t.Profile()})
	}
}
