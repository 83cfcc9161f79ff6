package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// A wire is a UDP socket that notes when RTP packets came: by the kernel's clock, which on loopback is when they were
// sent, so that a busy reader moves nothing.
type wire struct {
	*net.UDPConn
	oob [128]byte // the reader's

	seen []sighting // guarded by mu
	mu   sync.Mutex
}

// A sighting is one RTP packet on the wire.
type sighting struct {
	at        time.Time
	ssrc      uint32
	number    uint16
	timestamp uint32
}

// openWire opens a socket on an address of this machine that a browser uses as well.
func openWire() (*wire, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: localIP()})
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	if err := askForStamps(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	_ = conn.SetReadBuffer(4 << 20) // more is better, and less is no harm
	return &wire{UDPConn: conn}, nil
}

// localIP is the address that would be used towards the world, or loopback where there is no way out.
func localIP() net.IP {
	probe, err := net.Dial("udp4", "192.0.2.1:9") // documentation address, RFC 5737; nothing is sent
	if err != nil {
		return net.IPv4(127, 0, 0, 1)
	}
	defer func() { _ = probe.Close() }() // nothing was written
	addr, ok := probe.LocalAddr().(*net.UDPAddr)
	if !ok {
		return net.IPv4(127, 0, 0, 1)
	}
	return addr.IP
}

// ReadFrom reads a datagram and notes it if it is RTP.
func (w *wire) ReadFrom(p []byte) (int, net.Addr, error) {
	n, oob, _, from, err := w.ReadMsgUDP(p, w.oob[:])
	if err != nil {
		return n, from, err
	}
	if s, ok := look(p[:n]); ok {
		s.at = stampedAt(w.oob[:oob])
		w.mu.Lock()
		w.seen = append(w.seen, s)
		w.mu.Unlock()
	}
	return n, from, nil
}

// look reads the header, which is not encrypted (RFC 3711); false: no RTP (RFC 7983, RFC 5761 section 4).
func look(p []byte) (sighting, bool) {
	if len(p) < 12 || p[0]>>6 != 2 || p[1] >= 192 && p[1] <= 223 {
		return sighting{}, false
	}
	return sighting{
		number: binary.BigEndian.Uint16(p[2:]), timestamp: binary.BigEndian.Uint32(p[4:]),
		ssrc: binary.BigEndian.Uint32(p[8:]),
	}, true
}

// sightings returns what was seen so far.
func (w *wire) sightings() []sighting {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen[:len(w.seen):len(w.seen)]
}
