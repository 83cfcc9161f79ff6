package udp

import (
	"encoding/binary"
	"maps"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// A Line is a way to one peer that is none of our sockets: a TCP connection. It has an address of its own, so that to
// everything above it is a peer like others: what is sent to that address goes through the line, and what comes through the
// line comes from there. The addresses are of 100::/64, which nobody has (RFC 6666); from a socket they are refused.
type Line struct {
	end    *Endpoint
	at     Dest
	remote netip.AddrPort
	send   func(datagram []byte) bool
}

// linePrefix begins the addresses of lines.
const linePrefix = 0x0100_0000_0000_0000

// linePort is their port: one that is none of a service.
const linePort = 9

// line tells whether d is the address of a Line.
func (d *Dest) line() bool { return binary.BigEndian.Uint64(d.sa[addrAt:]) == linePrefix }

// IsLine tells whether a is the address of a Line, open or not.
func IsLine(a netip.Addr) bool {
	b := a.As16()
	return binary.BigEndian.Uint64(b[:]) == linePrefix
}

// lines are the open ones by address. Senders look them up without a lock.
type lines struct {
	table atomic.Pointer[map[Dest]*Line]
	last  uint64     // guarded by mu
	mu    sync.Mutex // Guards changes of table.

	in   *demux     // guarded by turn; nil before the first line
	turn sync.Mutex // One line delivers at a time: they share an arena.
}

func (l *lines) init() { l.table.Store(&map[Dest]*Line{}) }

// prepare makes what all lines share: most endpoints have none.
func (l *lines) prepare(e *Endpoint) {
	l.turn.Lock()
	defer l.turn.Unlock()
	if l.in == nil {
		l.in = &demux{end: e, out: e.batchFor(e.shards[0]), count: &e.stray, lines: true}
	}
}

// OpenLine returns a new Line to the peer at remote. send passes on one datagram that it must copy; it is called from any
// goroutine, must not block, and returns false for what is lost. Close the Line when it is of no use any more.
func (e *Endpoint) OpenLine(remote net.Addr, send func(datagram []byte) bool) *Line {
	line := &Line{end: e, send: send}
	if a, ok := remote.(*net.TCPAddr); ok {
		ap := a.AddrPort()
		line.remote = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	l := &e.lines
	l.prepare(e)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	var a [16]byte
	binary.BigEndian.PutUint64(a[:], linePrefix)
	binary.BigEndian.PutUint64(a[8:], l.last)
	line.at = NewDest(netip.AddrPortFrom(netip.AddrFrom16(a), linePort))
	l.change(func(table map[Dest]*Line) { table[line.at] = line })
	return line
}

// change stores a changed copy of the table; the caller holds mu.
func (l *lines) change(f func(map[Dest]*Line)) {
	table := maps.Clone(*l.table.Load())
	f(table)
	l.table.Store(&table)
}

// at returns the open Line of that address, nil if there is none.
func (l *lines) at(d *Dest) *Line { return (*l.table.Load())[*d] }

// Deliver takes datagrams that came through the line at once, as if a socket had read them: they may be changed in place until it
// returns. It must not be called any more after Close.
func (l *Line) Deliver(now time.Time, datagrams [][]byte) {
	all := &l.end.lines
	all.turn.Lock()
	defer all.turn.Unlock()
	all.in.deliver(now, lineReader{l, datagrams}, len(datagrams))
}

// Proven tells whether the line belongs to a peer at the moment.
func (l *Line) Proven() bool { return l.end.routes.of(&l.at) != nil }

// Close ends the line: what is sent to it is lost. It may be called twice.
func (l *Line) Close() {
	all := &l.end.lines
	all.mu.Lock()
	defer all.mu.Unlock()
	all.change(func(table map[Dest]*Line) { delete(table, l.at) })
}

// Origin returns what is really behind the address of a Line: where its connection comes from. Other addresses are what they are.
func (e *Endpoint) Origin(a netip.AddrPort) (origin netip.AddrPort, isLine bool) {
	d := NewDest(a)
	if !d.line() {
		return a, false
	}
	if line := e.lines.at(&d); line != nil {
		return line.remote, true
	}
	return a, true
}

// A lineReader gives the datagrams of a Line in the place of a socket's.
type lineReader struct {
	line      *Line
	datagrams [][]byte
}

func (r lineReader) read() (int, error) { return len(r.datagrams), nil }

// at implements receiver: nobody stamps lines.
func (lineReader) at(_ int, now time.Time) time.Time { return now }

func (r lineReader) message(i int) (data []byte, from *Dest, segment int, cut bool) {
	return r.datagrams[i], &r.line.at, len(r.datagrams[i]), false
}

func (r lineReader) close() error { return nil }

// A lineTransmitter sends what goes to lines, one datagram at a time. It belongs to one Batch.
type lineTransmitter struct {
	end   *Endpoint
	count *counters
}

func (t lineTransmitter) transmit(arena []byte, msgs []message) {
	for i := range msgs {
		m := &msgs[i]
		line := t.end.lines.at(&m.to)
		for off := 0; off < m.n; off += m.segment {
			b := arena[m.off+off : m.off+min(off+m.segment, m.n)]
			switch {
			case line == nil:
				t.count.add(dropNoSocket, 1)
			case line.send(b):
				t.count.add(datagramsOut, 1)
				t.count.add(bytesOut, len(b))
			default:
				t.count.add(dropSendFull, 1)
			}
		}
	}
}
