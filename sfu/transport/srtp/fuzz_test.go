package srtp

import (
	"bytes"
	"testing"
)

// Whatever arrives, nothing panics, nothing forged is taken, and what is sealed
// over the same bytes opens again.
func FuzzOpenRTP(f *testing.F) {
	s, _ := newPair(f, AEADAES128GCM)
	f.Add(seal(s, 7, 1), uint8(0))
	s, _ = newPair(f, AES128CMHMACSHA1_80)
	f.Add(seal(s, 7, 1), uint8(2))
	f.Add([]byte{0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0xbe, 0xde, 0xff, 0xff}, uint8(1))
	for _, pkt := range crossPackets() {
		f.Add(pkt, uint8(0))
	}
	f.Fuzz(func(t *testing.T, pkt []byte, which uint8) {
		p := profiles()[int(which)%3]
		s, o := newPair(t, p)
		size, err := HeaderSize(pkt)
		if err != nil {
			return
		}
		if _, err := o.OpenRTP(bytes.Clone(pkt), size); err == nil && len(o.seen.byID) != 1 {
			t.Fatal("opened without a stream")
		}
		index := uint64(pkt[2])<<8 | uint64(pkt[3])
		_, o = newPair(t, p)
		got, err := o.OpenRTP(s.SealRTP(bytes.Clone(pkt), size, index), size)
		if err != nil || !bytes.Equal(got, pkt) {
			t.Fatalf("sealed %x, opened %x, %v", pkt, got, err)
		}
	})
}

func FuzzOpenRTCP(f *testing.F) {
	for i, p := range profiles() {
		s, _ := newPair(f, p)
		f.Add(s.SealRTCP(rtcpPacket(7)), uint8(i))
	}
	f.Add(make([]byte, 8), uint8(0))
	f.Fuzz(func(t *testing.T, pkt []byte, which uint8) {
		p := profiles()[int(which)%3]
		s, o := newPair(t, p)
		if _, err := o.OpenRTCP(bytes.Clone(pkt)); err == nil && len(o.reports.byID) != 1 {
			t.Fatal("opened without a stream")
		}
		if len(pkt) < rtcpHeaderLen {
			return
		}
		_, o = newPair(t, p)
		got, err := o.OpenRTCP(s.SealRTCP(bytes.Clone(pkt)))
		if err != nil || !bytes.Equal(got, pkt) {
			t.Fatalf("sealed %x, opened %x, %v", pkt, got, err)
		}
	})
}
