package udp

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"time"
)

// The address families a socket serves.
const (
	bothFamilies = iota
	onlyV4
	onlyV6
)

// A socket is one bound UDP socket and what it can do.
type socket struct {
	// conn must stay reachable as long as its descriptor is used raw.
	conn   *net.UDPConn
	raw    syscall.RawConn
	out    syscall.RawConn // What is sent leaves through it: raw, or that of the exit.
	exit   *os.File        // A socket to send from alone; nil where there is none.
	family int

	fast                    bool // recvmmsg and sendmmsg.
	gso, gro                bool
	stamps                  bool // The kernel says when a datagram arrived.
	readBuffer, writeBuffer int  // What the kernel granted, bytes; 0 unknown.
}

// readMessages is how many messages a system call moves at most; a read that brings fewer has left none.
const readMessages = 64

// A receiver reads from one socket.
type receiver interface {
	// read waits for datagrams and returns how many messages it has.
	read() (n int, err error)
	// message returns the i-th of them: its bytes, until the next read, its sender,
	// and the size its datagrams have. cut tells that the end is missing.
	message(i int) (data []byte, from *Dest, segment int, cut bool)
	// at is when the i-th arrived, as far as is known; else now, which is when read returned.
	at(i int, now time.Time) time.Time
	close() error
}

// binding is what s was opened for.
func (s *socket) binding() binding {
	b := binding{network: "udp", family: s.family}
	switch a, _ := s.conn.LocalAddr().(*net.UDPAddr); {
	case a == nil || s.family == bothFamilies:
		b.addr = netip.IPv6Unspecified()
	case s.family == onlyV4:
		b.network, b.addr = "udp4", a.AddrPort().Addr().Unmap()
	default:
		b.network, b.addr = "udp6", a.AddrPort().Addr()
	}
	return b
}

func (s *socket) port() int {
	if a, ok := s.conn.LocalAddr().(*net.UDPAddr); ok {
		return a.Port
	}
	return 0
}

// A binding is one address to listen on.
type binding struct {
	network string
	addr    netip.Addr
	family  int
}

func bindings(cfg Config) []binding {
	list := make([]binding, 0, 2)
	for _, a := range cfg.Bind {
		if a = a.Unmap(); a.Is4() {
			list = append(list, binding{"udp4", a, onlyV4})
		} else {
			list = append(list, binding{"udp6", a, onlyV6})
		}
	}
	return list
}

// openAll opens the sockets of all shards: result[i] are the sockets of shard i, one
// per bind address.
func openAll(cfg Config) ([][]*socket, error) {
	if binds := bindings(cfg); len(binds) > 0 {
		return openGroups(cfg, binds)
	}
	groups, err := openGroups(cfg, []binding{{"udp", netip.IPv6Unspecified(), bothFamilies}})
	if err == nil {
		return groups, nil
	}
	groups, err4 := openGroups(cfg, []binding{{"udp4", netip.IPv4Unspecified(), onlyV4}})
	if err4 != nil {
		return nil, err
	}
	return groups, nil
}

// openGroups opens one socket per shard and binding, all on one port.
func openGroups(cfg Config, binds []binding) (groups [][]*socket, err error) {
	defer func() {
		if err != nil {
			closeGroups(groups)
			groups = nil
		}
	}()
	port, err := probe(cfg.Port, binds)
	if err != nil {
		return nil, err
	}
	for range cfg.Shards {
		var group []*socket
		for _, b := range binds {
			s, err := open(cfg, b, port)
			if err != nil {
				closeGroups([][]*socket{group})
				return groups, err
			}
			group = append(group, s)
		}
		groups = append(groups, group)
	}
	return groups, nil
}

func closeGroups(groups [][]*socket) {
	for _, g := range groups {
		for _, s := range g {
			_ = s.conn.Close() // Nothing was sent through it.
		}
	}
}

// probeTries bounds the search for a port that is free in both families.
const probeTries = 16

// probe returns a port that nobody listens on. Sockets with SO_REUSEPORT would
// otherwise join those of another server of the same user and take half its
// datagrams, so the port is first bound for ourselves alone.
func probe(port int, binds []binding) (int, error) {
	var err error
	for range probeTries {
		var found int
		if found, err = probeOnce(port, binds); err == nil {
			return found, nil
		}
		if port != 0 {
			break
		}
	}
	return 0, err
}

func probeOnce(port int, binds []binding) (int, error) {
	for _, b := range binds {
		conn, err := listen(context.Background(), nil, b, port)
		if err != nil {
			return 0, err
		}
		defer func() { _ = conn.Close() }()
		port = (&socket{conn: conn}).port()
	}
	return port, nil
}

func listen(ctx context.Context, control func(string, string, syscall.RawConn) error, b binding, port int) (*net.UDPConn, error) {
	lc := net.ListenConfig{Control: control}
	addr := net.JoinHostPort(b.addr.String(), strconv.Itoa(port))
	pc, err := lc.ListenPacket(ctx, b.network, addr)
	if err != nil {
		return nil, fmt.Errorf("listen on udp port %d: %w", port, err)
	}
	conn, ok := pc.(*net.UDPConn)
	if !ok {
		_ = pc.Close() // Cannot happen: the networks above are UDP.
		return nil, fmt.Errorf("listen on udp port %d: %w", port, ErrAddress)
	}
	return conn, nil
}

// open makes one socket of a shard.
func open(cfg Config, b binding, port int) (*socket, error) {
	conn, err := listen(context.Background(), sharePort, b, port)
	if err != nil {
		return nil, err
	}
	s := &socket{conn: conn, family: b.family}
	if s.raw, err = conn.SyscallConn(); err != nil {
		_ = conn.Close() // Nothing was sent through it.
		return nil, fmt.Errorf("reach udp descriptor: %w", err)
	}
	s.out = s.raw
	s.sizeBuffers(cfg)
	if !cfg.Plain {
		s.tune(cfg.Offload)
	}
	return s, nil
}
