package ice

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// A Kind is how an address came to be known (RFC 8445 section 5.1.1).
type Kind uint8

// Kinds of candidates.
const (
	Host Kind = iota + 1
	ServerReflexive
	PeerReflexive
	Relayed
)

// A Candidate is an address at which the peer may be reached.
type Candidate struct {
	Addr     netip.AddrPort
	Priority uint32
	Kind     Kind
}

// ErrSyntax is returned for a candidate line that cannot be read.
var ErrSyntax = errors.New("malformed candidate")

// Parse reads "candidate:..." (RFC 8839 section 5.1), with or without "a=". What is of no use to us is no error but not ok: an empty line,
// which ends the list, TCP, other components, and what is not the address of a host, such as mDNS names, or means something on the peer's own machine alone, such as a zone.
func Parse(line string) (c Candidate, ok bool, err error) {
	line = strings.TrimPrefix(strings.TrimSpace(line), "a=")
	line = strings.TrimPrefix(line, "candidate:")
	if line == "" {
		return c, false, nil
	}
	f := strings.Fields(line)
	if len(f) < 8 || f[6] != "typ" {
		return c, false, ErrSyntax
	}
	component, err1 := strconv.ParseUint(f[1], 10, 16)
	priority, err2 := strconv.ParseUint(f[3], 10, 32)
	port, err3 := strconv.ParseUint(f[5], 10, 16)
	if err := errors.Join(err1, err2, err3); err != nil {
		return c, false, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	addr, err := netip.ParseAddr(f[4])
	addr = addr.Unmap()
	if err != nil || addr.Zone() != "" || addr.IsUnspecified() || addr.IsMulticast() || port == 0 || component != 1 || !strings.EqualFold(f[2], "udp") {
		return c, false, nil // nothing wrong with it, as far as we read it
	}
	c = Candidate{Addr: netip.AddrPortFrom(addr, uint16(port)), Priority: uint32(priority)} //nolint:gosec // parsed with these sizes
	switch f[7] {
	case "host":
		c.Kind = Host
	case "srflx":
		c.Kind = ServerReflexive
	case "prflx":
		c.Kind = PeerReflexive
	case "relay":
		c.Kind = Relayed
	default:
		return c, false, nil
	}
	return c, true, nil
}

// Preferences of types (RFC 8445 section 5.1.2.2).
const (
	hostPreference          = 126
	peerReflexivePreference = 110
	anyLocal                = 65535
	// tcpPreference is below all kinds of UDP (RFC 6544 section 4.2), passiveLocal is of a passive host: 4 * 2^13 + 2^13 - 1.
	tcpPreference = 90
	passiveLocal  = 40959
)

// priority is the formula of RFC 8445 section 5.1.2.1 for the first component.
func priority(kind, local uint32) uint32 { return kind<<24 | local<<8 | 255 }

// PassiveLines writes the same hosts with the port on which they take TCP connections (RFC 6544 section 4.5). They come after
// every UDP candidate.
func PassiveLines(addrs []netip.AddrPort, port uint16) []string {
	lines := make([]string, 0, len(addrs))
	for i, a := range addrs {
		p := priority(tcpPreference, passiveLocal-uint32(i)) //nolint:gosec // a host has few addresses
		lines = append(lines, fmt.Sprintf("candidate:%d 1 tcp %d %s %d typ host tcptype passive", len(addrs)+i+1, p, a.Addr().WithZone(""), port))
	}
	return lines
}

// Lines writes our own addresses as candidates for a session description, best first.
func Lines(addrs []netip.AddrPort) []string {
	lines := make([]string, 0, len(addrs))
	for i, a := range addrs {
		p := priority(hostPreference, anyLocal-uint32(i)) //nolint:gosec // a host has few addresses
		lines = append(lines, fmt.Sprintf("candidate:%d 1 udp %d %s %d typ host", i+1, p, a.Addr().WithZone(""), a.Port()))
	}
	return lines
}
