//go:build amd64 || arm64

package udp

import (
	"encoding/binary"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func (s *socket) newTransmitter(e *Endpoint, count *counters) transmitter {
	if !s.fast {
		return &plainTransmitter{sock: s, count: count}
	}
	t := &batchTransmitter{sock: s, end: e, count: count}
	t.slots.wire()
	for i := range t.slots.hdr {
		c := &t.slots.control[i]
		binary.NativeEndian.PutUint64(c[:], cmsgHeaderLen+2)
		binary.NativeEndian.PutUint32(c[8:], unix.SOL_UDP)
		binary.NativeEndian.PutUint32(c[12:], unix.UDP_SEGMENT)
	}
	t.writeFD = t.sendmmsg
	return t
}

// A batchTransmitter sends with sendmmsg, joined messages with UDP_SEGMENT. It
// belongs to one Batch.
type batchTransmitter struct {
	sock  *socket
	end   *Endpoint
	count *counters
	slots slots
	at    [readMessages + 1]cursor // Where slot i stands in the messages.

	// Of one system call: slots [from, to) in; sent and errno out.
	from, to int
	sent     int
	errno    syscall.Errno
	writeFD  func(fd uintptr) // sendmmsg, bound once.
}

// A cursor is a place in a list of messages: the datagrams of msgs[msg] from byte
// off on.
type cursor struct{ msg, off int }

func (t *batchTransmitter) transmit(arena []byte, msgs []message) {
	at := cursor{}
	for at.msg < len(msgs) {
		n := t.fill(arena, msgs, at)
		at = t.push(msgs, n)
	}
}

// fill sets up slots for the messages from at on and returns how many. Where the
// kernel does not split, or began to refuse, every datagram gets its own slot.
func (t *batchTransmitter) fill(arena []byte, msgs []message, at cursor) int {
	gso := t.end.gso.Load()
	n := 0
	for ; n < readMessages && at.msg < len(msgs); n++ {
		m := &msgs[at.msg]
		t.at[n] = at
		size := m.n - at.off
		if !gso || at.off > 0 {
			size = min(size, m.segment)
		}
		t.set(n, m, arena[m.off+at.off:m.off+at.off+size])
		if at.off += size; at.off == m.n {
			at = cursor{msg: at.msg + 1}
		}
	}
	t.at[n] = at
	return n
}

func (t *batchTransmitter) set(i int, m *message, b []byte) {
	h := &t.slots.hdr[i].hdr
	t.slots.iov[i].Base = &b[0]
	t.slots.iov[i].SetLen(len(b))
	if t.sock.family == onlyV4 {
		m.to.put4(&t.slots.name[i])
		h.Namelen = sockaddr4Len
	} else {
		t.slots.name[i] = m.to.sa
		h.Namelen = sockaddr6Len
	}
	if len(b) <= m.segment {
		h.Control = nil
		h.SetControllen(0)
		return
	}
	binary.NativeEndian.PutUint16(t.slots.control[i][cmsgHeaderLen:], uint16(m.segment))
	h.Control = &t.slots.control[i][0]
	h.SetControllen(controlLen)
}

// push sends the first n slots and returns where to go on: behind them, or at a
// message the kernel refused to split, whose datagrams must go one by one.
func (t *batchTransmitter) push(msgs []message, n int) cursor {
	for i := 0; i < n; {
		sent, errno := t.send(i, n)
		t.tally(msgs, i, i+sent)
		i += sent
		switch errno {
		case 0, unix.EINTR:
			continue
		case unix.EAGAIN:
			t.discard(msgs, i, n, dropSendFull)
			return t.at[n]
		case unix.ENOBUFS:
			t.discard(msgs, i, i+1, dropSendFull)
		case unix.EIO, unix.EINVAL, unix.EMSGSIZE:
			if t.joined(i) {
				t.end.stopJoining(errno)
				return t.at[i]
			}
			t.discard(msgs, i, i+1, dropSendError)
		default:
			t.discard(msgs, i, i+1, dropSendError)
		}
		i++
	}
	return t.at[n]
}

// joined tells whether slot i is to be split by the kernel.
func (t *batchTransmitter) joined(i int) bool { return t.slots.hdr[i].hdr.Controllen > 0 }

// send makes one system call for slots [from, to). An error means none was sent.
func (t *batchTransmitter) send(from, to int) (sent int, errno syscall.Errno) {
	if t.end.fault != nil {
		if to, errno = t.refuse(from, to); errno != 0 {
			return 0, errno
		}
	}
	t.from, t.to = from, to
	// Control keeps the descriptor from being closed and reused meanwhile.
	if err := t.sock.out.Control(t.writeFD); err != nil {
		return 0, unix.EBADF
	}
	return t.sent, t.errno
}

// refuse asks the tests' fault about slots [from, to): like the kernel, it fails on
// the first or shortens the call to what goes well.
func (t *batchTransmitter) refuse(from, to int) (int, syscall.Errno) {
	for i := from; i < to; i++ {
		if errno := t.end.fault(t.joined(i)); errno != 0 && i == from {
			return to, errno
		} else if errno != 0 {
			return i, 0
		}
	}
	return to, 0
}

func (t *batchTransmitter) sendmmsg(fd uintptr) {
	n, _, errno := syscall.RawSyscall6(unix.SYS_SENDMMSG, fd, uintptr(unsafe.Pointer(&t.slots.hdr[t.from])),
		uintptr(t.to-t.from), unix.MSG_DONTWAIT, 0, 0)
	t.sent, t.errno = int(n), errno
	if errno != 0 {
		t.sent = 0
	}
	t.count.add(writeCalls, 1)
}

// tally counts slots [from, to) as sent.
func (t *batchTransmitter) tally(msgs []message, from, to int) {
	var bytes, joined, datagrams int
	for i := from; i < to; i++ {
		n, segment := int(t.slots.iov[i].Len), msgs[t.at[i].msg].segment
		bytes += n
		datagrams += (n + segment - 1) / segment
		if t.joined(i) {
			joined++
		}
	}
	t.count.add(bytesOut, bytes)
	t.count.add(datagramsOut, datagrams)
	t.count.add(joinedOut, joined)
}

// discard counts slots [from, to) as dropped.
func (t *batchTransmitter) discard(msgs []message, from, to int, why counter) {
	n := 0
	for i := from; i < to; i++ {
		segment := msgs[t.at[i].msg].segment
		n += (int(t.slots.iov[i].Len) + segment - 1) / segment
	}
	t.count.add(why, n)
}

// stopJoining turns GSO off for good: this kernel, device or route cannot do it.
func (e *Endpoint) stopJoining(why syscall.Errno) {
	if e.gso.CompareAndSwap(true, false) {
		e.log.Warn("udp segmentation offload refused, sending datagrams singly", "err", why)
	}
}
