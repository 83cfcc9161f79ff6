package transport

import (
	"fmt"
	"net/netip"
	"time"
)

// A Config tunes all connections of a Factory. Zero means default everywhere.
type Config struct {
	// External addresses are advertised instead of the host's own, for hosts
	// behind a one-to-one NAT. Default: the host's.
	External []netip.Addr
	// Loopback advertises loopback addresses too, so that a machine can talk
	// to itself.
	Loopback bool

	// TCPPort is advertised beside the UDP port for peers that UDP does not reach; 0: none. Who listens there opens a
	// udp.Line for each connection.
	TCPPort int

	// DisconnectAfter is how long a peer may be silent before it counts as
	// disconnected. Default 5 s.
	DisconnectAfter time.Duration
	// FailAfter is how long it may then stay so before the connection has
	// failed. Default 20 s.
	FailAfter time.Duration
	// KeepAlive is how long a peer may be silent before it is asked whether it
	// is there, again and again until it has to count as disconnected. A peer
	// that sends is asked for its consent each 5 s (RFC 7675). Default 3 s, at
	// most three fifths of DisconnectAfter.
	KeepAlive time.Duration
	// HandshakeWithin bounds DTLS and SCTP set-up, each. Default 20 s.
	HandshakeWithin time.Duration

	// MaxMessage is the longest data channel message in bytes, both ways: a
	// channel that carries a longer one is ended. Default 65536, at most 1 MiB.
	MaxMessage int
	// MaxBuffered bounds, in bytes, what waits for a peer on each data
	// channel. Default 1 MiB.
	MaxBuffered int
}

const (
	defaultDisconnect  = 5 * time.Second
	defaultFail        = 20 * time.Second
	defaultKeepAlive   = 3 * time.Second
	defaultHandshake   = 20 * time.Second
	defaultMaxMessage  = 64 << 10
	defaultMaxBuffered = 1 << 20
	// largestMessage is what SCTP's receive buffer of 1 MiB can reassemble.
	largestMessage = 1 << 20
)

// validate fills in defaults and refuses what cannot work.
func (c *Config) validate() error {
	for _, d := range []struct {
		name  string
		value *time.Duration
		usual time.Duration
	}{
		{"disconnect after", &c.DisconnectAfter, defaultDisconnect},
		{"fail after", &c.FailAfter, defaultFail},
		{"keep alive", &c.KeepAlive, defaultKeepAlive},
		{"handshake within", &c.HandshakeWithin, defaultHandshake},
	} {
		if *d.value == 0 {
			*d.value = d.usual
		}
		if *d.value < 0 {
			return fmt.Errorf("%s %v: %w", d.name, *d.value, ErrConfig)
		}
	}
	c.KeepAlive = min(c.KeepAlive, c.DisconnectAfter*3/5)
	if c.MaxMessage == 0 {
		c.MaxMessage = defaultMaxMessage
	}
	if c.MaxBuffered == 0 {
		c.MaxBuffered = defaultMaxBuffered
	}
	if c.MaxMessage < 1 || c.MaxMessage > largestMessage {
		return fmt.Errorf("max message %d: %w", c.MaxMessage, ErrConfig)
	}
	if c.MaxBuffered < c.MaxMessage {
		return fmt.Errorf("max buffered %d is less than one message: %w", c.MaxBuffered, ErrConfig)
	}
	return nil
}
