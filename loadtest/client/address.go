package client

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"
)

// localAddress returns the address of ours from which the server's host is reached.
func localAddress(u *url.URL) (netip.Addr, error) {
	port := u.Port()
	if port == "" {
		port = "443"
	}
	conn, err := net.DialTimeout("udp", net.JoinHostPort(u.Hostname(), port), 5*time.Second)
	if err != nil {
		return netip.Addr{}, fmt.Errorf("find the way to the server: %w", err)
	}
	defer func() { _ = conn.Close() }() // nothing was sent
	addr, err := netip.ParseAddrPort(conn.LocalAddr().String())
	if err != nil {
		return netip.Addr{}, fmt.Errorf("find the way to the server: %w", err)
	}
	return addr.Addr().Unmap(), nil
}
