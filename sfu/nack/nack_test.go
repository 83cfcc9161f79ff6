package nack

import (
	"slices"
	"testing"

	"github.com/pion/rtcp"
	"pgregory.net/rapid"
)

func TestPairs(t *testing.T) {
	tests := map[string]struct {
		seqs []uint64
		want []rtcp.NackPair
	}{
		"none":             {nil, nil},
		"one":              {[]uint64{7}, []rtcp.NackPair{{PacketID: 7}}},
		"sixteen after it": {[]uint64{7, 8, 23}, []rtcp.NackPair{{PacketID: 7, LostPackets: 0x8001}}},
		"one too far":      {[]uint64{7, 24}, []rtcp.NackPair{{PacketID: 7}, {PacketID: 24}}},
		"over the wrap":    {[]uint64{65535, 65536, 65538}, []rtcp.NackPair{{PacketID: 65535, LostPackets: 5}}},
		"twice the same":   {[]uint64{7, 7, 9}, []rtcp.NackPair{{PacketID: 7, LostPackets: 2}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Pairs(test.seqs, nil); !slices.Equal(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestEachTurnsPairsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seqs := rapid.SliceOfNDistinct(rapid.Uint64Range(65000, 66000), 0, 100, rapid.ID).Draw(t, "seqs")
		slices.Sort(seqs)
		var got []uint16
		Each(Pairs(seqs, nil), func(seq uint16) { got = append(got, seq) })
		if !slices.EqualFunc(got, seqs, func(a uint16, b uint64) bool { return a == uint16(b) }) {
			t.Fatalf("got %v, want %v", got, seqs)
		}
	})
}

// FuzzEach feeds pairs as they may come from the network, and checks that each call names a packet of its pair, in order.
func FuzzEach(f *testing.F) {
	f.Add(uint16(65535), uint16(0xFFFF))
	f.Fuzz(func(t *testing.T, first, mask uint16) {
		var got []uint64
		Each([]rtcp.NackPair{{PacketID: first, LostPackets: rtcp.PacketBitmap(mask)}}, func(seq uint16) {
			got = append(got, uint64(first)+uint64(seq-first))
		})
		if pairs := Pairs(got, nil); len(pairs) != 1 || pairs[0].PacketID != first || pairs[0].LostPackets != rtcp.PacketBitmap(mask) {
			t.Fatalf("%v comes back as %+v", got, pairs)
		}
	})
}

func TestPairsAllocateNothing(t *testing.T) {
	seqs, dst, sum := []uint64{1, 2, 5, 90, 300}, make([]rtcp.NackPair, 0, 5), 0
	if n := testing.AllocsPerRun(100, func() {
		dst = Pairs(seqs, dst[:0])
		Each(dst, func(seq uint16) { sum += int(seq) })
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
