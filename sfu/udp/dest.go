package udp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
)

// Layout of a Dest: a Linux sockaddr_in6 (family in host order, port and address
// in network order). IPv4 is held as IPv4-mapped IPv6, so one address has one form.
const (
	sockaddr6Len = 28
	sockaddr4Len = 16
	portAt       = 2
	addrAt       = 8
	scopeAt      = 24

	familyV4 = 2  // AF_INET on Linux.
	familyV6 = 10 // AF_INET6 on Linux.
)

// A Dest is where a datagram goes to or came from, encoded once for the kernel. It
// is comparable; the zero Dest is nowhere.
type Dest struct {
	sa [sockaddr6Len]byte
}

// NewDest encodes ap. An invalid ap gives the zero Dest.
func NewDest(ap netip.AddrPort) Dest {
	var d Dest
	if !ap.IsValid() {
		return d
	}
	a := ap.Addr().As16()
	binary.NativeEndian.PutUint16(d.sa[:], familyV6)
	binary.BigEndian.PutUint16(d.sa[portAt:], ap.Port())
	copy(d.sa[addrAt:scopeAt], a[:])
	if zone := ap.Addr().Zone(); zone != "" {
		binary.NativeEndian.PutUint32(d.sa[scopeAt:], scopeOf(zone))
	}
	return d
}

// scopeOf returns the interface index a zone stands for, 0 if there is none.
func scopeOf(zone string) uint32 {
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n)
	}
	if ifi, err := net.InterfaceByName(zone); err == nil {
		return uint32(ifi.Index)
	}
	return 0
}

// AddrPort decodes d; IPv4 comes out as IPv4. The zone is the interface's index.
func (d *Dest) AddrPort() netip.AddrPort {
	if *d == (Dest{}) {
		return netip.AddrPort{}
	}
	a := netip.AddrFrom16([16]byte(d.sa[addrAt:scopeAt])).Unmap()
	if scope := binary.NativeEndian.Uint32(d.sa[scopeAt:]); scope != 0 {
		a = a.WithZone(strconv.FormatUint(uint64(scope), 10))
	}
	return netip.AddrPortFrom(a, binary.BigEndian.Uint16(d.sa[portAt:]))
}

// v4 tells whether d is an IPv4 address.
func (d *Dest) v4() bool {
	const mapped = 0xffff // The last 32 bits of ::ffff:0:0/96 before the address.
	return binary.BigEndian.Uint64(d.sa[addrAt:]) == 0 && binary.BigEndian.Uint32(d.sa[addrAt+8:]) == mapped
}

// portless tells that nothing can be sent to d: the kernel refuses port 0, as it
// would refuse a joined message it cannot split.
func (d *Dest) portless() bool { return d.sa[portAt] == 0 && d.sa[portAt+1] == 0 }

// family indexes route4and6.
func (d *Dest) family() int {
	if d.v4() {
		return 0
	}
	return 1
}

// What datagrams leave through: a socket of the family that indexes route4and6, or a Line.
const (
	lineExit = 2
	exits    = 3
)

// exit indexes Batch.tx.
func (d *Dest) exit() int {
	switch {
	case d.v4():
		return 0
	case d.line():
		return lineExit
	default:
		return 1
	}
}

// put4 writes d as a sockaddr_in.
func (d *Dest) put4(sa *[sockaddr6Len]byte) {
	clear(sa[:sockaddr4Len])
	binary.NativeEndian.PutUint16(sa[:], familyV4)
	copy(sa[portAt:4], d.sa[portAt:4])
	copy(sa[4:8], d.sa[addrAt+12:])
}

// setSockaddr reads what the kernel wrote about a sender, in either family.
func (d *Dest) setSockaddr(sa *[sockaddr6Len]byte) {
	if binary.NativeEndian.Uint16(sa[:]) == familyV6 {
		d.sa = *sa
		clear(d.sa[4:addrAt]) // Flow label: not a part of the address.
		return
	}
	d.sa = [sockaddr6Len]byte{}
	binary.NativeEndian.PutUint16(d.sa[:], familyV6)
	copy(d.sa[portAt:4], sa[portAt:4])
	binary.BigEndian.PutUint32(d.sa[addrAt+8:], 0xffff)
	copy(d.sa[addrAt+12:], sa[4:8])
}
