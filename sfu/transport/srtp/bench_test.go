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
	const many = 4096
	for _, p := range profiles() {
		b.Run(fmt.Sprintf("profile=%v/size=1100", p), func(b *testing.B) {
			s, o := newPair(b, p)
			sealed := make([][]byte, many)
			for i := range sealed {
				sealed[i] = s.SealRTP(rtpPacket(7, uint16(i), 1100-12), 12, uint64(i))
			}
			buf := make([]byte, 0, 1200)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if i%many == 0 {
					o.seen = newStreams() // The same packets again.
				}
				buf = append(buf[:0], sealed[i%many]...)
				if _, err := o.OpenRTP(buf, 12); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
