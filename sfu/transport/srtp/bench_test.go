package srtp

import (
	"encoding/binary"
	"fmt"
	"testing"
)

func TestSealingAndOpeningDoNotAllocate(t *testing.T) {
	for i, p := range append(profiles(), AES128CMHMACSHA1_80) {
		size, most := 1100, 0.5
		switch i {
		case 2:
			size = longPayload - 1
		case 3:
			most = 2.5 // Counter mode in both directions.
		}
		s, o := newPair(t, p)
		pkt, report := rtpPacket(7, 0, size), rtcpPacket(7)
		index := uint64(0)
		allocs := testing.AllocsPerRun(2000, func() {
			index++
			binary.BigEndian.PutUint16(pkt[2:], uint16(index))
			if _, err := o.OpenRTP(s.SealRTP(pkt, 12, index), 12); err != nil {
				t.Fatal(err)
			}
			if _, err := o.OpenRTCP(s.SealRTCP(report)); err != nil {
				t.Fatal(err)
			}
		})
		if allocs >= most {
			t.Errorf("%v, %d bytes: %v allocations", p, size, allocs)
		}
	}
}

func BenchmarkSealRTP(b *testing.B) {
	for _, p := range profiles() {
		for _, size := range []int{100, 1100} {
			b.Run(fmt.Sprintf("profile=%v/size=%d", p, size), func(b *testing.B) {
				s, _ := newPair(b, p)
				pkt := rtpPacket(7, 0, size-12)
				b.ReportAllocs()
				index := uint64(0)
				for b.Loop() {
					index++
					s.SealRTP(pkt, 12, index)
				}
			})
		}
	}
}

func BenchmarkOpenRTP(b *testing.B) {
	for _, p := range profiles() {
		b.Run(fmt.Sprintf("profile=%v/size=1100", p), func(b *testing.B) {
			s, o := newPair(b, p)
			pkt, copied := rtpPacket(7, 0, 1100-12), make([]byte, 0, 1200)
			b.ReportAllocs()
			index := uint64(0)
			for b.Loop() {
				index++
				if index&0x3fff == 1 { // Sealing is not measured; open the same packets again.
					b.StopTimer()
					index = 1
					_, o = newPair(b, p)
					b.StartTimer()
				}
				b.StopTimer()
				copied = append(copied[:0], pkt...)
				binary.BigEndian.PutUint16(copied[2:], uint16(index))
				sealed := s.SealRTP(copied, 12, index)
				b.StartTimer()
				if _, err := o.OpenRTP(sealed, 12); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
