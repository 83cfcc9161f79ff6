package udp

import (
	"net"
	"net/netip"
	"slices"
)

// GetListenAddresses returns the addresses clients can reach the port at: what is
// bound, or all addresses of the machine where the bind address is unspecified
// (link-local IPv6 never, loopback if Config.Loopback). It asks the system at each
// call, as addresses come and go.
func (e *Endpoint) GetListenAddresses() []net.Addr {
	var found []netip.Addr
	for family, s := range e.shards[0].via {
		if s == nil {
			continue
		}
		bound := s.conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap().WithZone("")
		if bound.IsUnspecified() {
			found = append(found, machineAddresses(family == 0, e.cfg.Loopback)...)
		} else {
			found = append(found, bound)
		}
	}
	list := make([]net.Addr, 0, len(found))
	for i, a := range found {
		if !slices.Contains(found[:i], a) {
			list = append(list, net.UDPAddrFromAddrPort(netip.AddrPortFrom(a, uint16(e.port))))
		}
	}
	return list
}

// machineAddresses lists the addresses of one family on interfaces that are up. An
// interface that cannot be asked is left out.
func machineAddresses(v4, loopback bool) []netip.Addr {
	var list []netip.Addr
	interfaces, _ := net.Interfaces()
	for _, ifi := range interfaces {
		if ifi.Flags&net.FlagUp == 0 || (ifi.Flags&net.FlagLoopback != 0 && !loopback) {
			continue
		}
		addrs, _ := ifi.Addrs()
		for _, a := range addrs {
			prefix, ok := a.(*net.IPNet)
			if !ok {
				continue
			}
			ip, ok := netip.AddrFromSlice(prefix.IP)
			if ip = ip.Unmap(); ok && ip.Is4() == v4 && usable(ip, loopback) {
				list = append(list, ip)
			}
		}
	}
	return list
}

func usable(ip netip.Addr, loopback bool) bool {
	return !ip.IsUnspecified() && !ip.IsMulticast() && (loopback || !ip.IsLoopback()) && (ip.Is4() || !ip.IsLinkLocalUnicast())
}
