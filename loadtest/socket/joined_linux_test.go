//go:build amd64 || arm64

package socket

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

// segmentsOf is the control message that has the kernel cut a message up (UDP_SEGMENT).
func segmentsOf(size int) []byte {
	b := make([]byte, unix.CmsgSpace(2))
	binary.NativeEndian.PutUint64(b, uint64(unix.CmsgLen(2)))
	binary.NativeEndian.PutUint32(b[8:], unix.SOL_UDP)
	binary.NativeEndian.PutUint32(b[12:], unix.UDP_SEGMENT)
	binary.NativeEndian.PutUint16(b[unix.CmsgLen(0):], uint16(size))
	return b
}

func TestDatagramsThatTheSenderJoinedAreToldApart(t *testing.T) {
	wells(t, func(t *testing.T, w *Well, local netip.Addr) {
		h := newHeard()
		to := open(t, w, local, h)
		from, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, 0)))
		if err != nil {
			t.Fatal(err)
		}
		defer from.Close()
		const size, last = 1000, 300
		joined := bytes.Repeat([]byte{128}, 4*size+last)
		for i := range 5 {
			joined[i*size+1] = byte(i)
		}
		if _, _, err := from.WriteMsgUDPAddrPort(joined, segmentsOf(size), to.Local()); err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			want := size
			if i == 4 {
				want = last
			}
			if g := await(t, h.took); len(g.b) != want || g.b[1] != byte(i) {
				t.Errorf("datagram %d has %d bytes and says %d", i, len(g.b), g.b[1])
			}
		}
	})
}

func TestAStackThatDoesItAllGetsMediaToo(t *testing.T) {
	wells(t, func(t *testing.T, w *Well, local netip.Addr) {
		whole, from := open(t, w, local, nil), open(t, w, local, newHeard())
		agent, err := whole.GetConn("any", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, first := range []byte{128, 0, 22} {
			if err := from.Send(whole.Local(), []byte{first, 1, 2}); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, 10)
			if n, _, err := agent.ReadFrom(b); err != nil || n != 3 || b[0] != first {
				t.Errorf("%v of %v, %v", b[:n], first, err)
			}
		}
	})
}
