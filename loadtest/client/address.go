package client

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// errNowhere tells that there is no server to go to.
var errNowhere = errors.New("no url")

// findDoors reads the addresses of a server, and finds the address of ours from which the first is reached.
func findDoors(urls []string) (doors []*url.URL, local netip.Addr, err error) {
	for _, text := range urls {
		u, err := url.Parse(text)
		if err != nil {
			return nil, local, fmt.Errorf("read url: %w", err)
		}
		u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
		u.Path = strings.TrimSuffix(u.Path, "/")
		doors = append(doors, u)
	}
	if len(doors) == 0 {
		return nil, local, errNowhere
	}
	local, err = localAddress(doors[0])
	return doors, local, err
}

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
