// Package nack repairs loss: Wanted says which packets to ask for and when, History keeps what can be sent again, and Pairs and Each
// turn numbers into the pairs of a generic NACK (RFC 4585, 6.2.1) and back.
//
// Packets are known by their unwrapped 64-bit numbers. Nothing here reads a clock or sends: time comes in as an argument, and the
// owner, a Receiver, carries the answers out. Nothing is safe for concurrent use, and nothing allocates after warm-up.
package nack

import "github.com/pion/rtcp"

// pairSpan is how many packets one NACK pair can name: the first, and one for each bit of its mask.
const pairSpan = 17

// Pairs appends to dst the NACK pairs that name seqs, which must ascend.
func Pairs(seqs []uint64, dst []rtcp.NackPair) []rtcp.NackPair {
	for i := 0; i < len(seqs); {
		first := seqs[i]
		pair := rtcp.NackPair{PacketID: uint16(first)}
		for i++; i < len(seqs) && seqs[i]-first < pairSpan; i++ {
			if seqs[i] > first {
				pair.LostPackets |= 1 << (seqs[i] - first - 1)
			}
		}
		dst = append(dst, pair)
	}
	return dst
}

// Each calls f for each packet that pairs name, in their order; numbers wrap around from 65535 to 0.
func Each(pairs []rtcp.NackPair, f func(seq uint16)) {
	for _, pair := range pairs {
		f(pair.PacketID)
		for bits, seq := pair.LostPackets, pair.PacketID+1; bits != 0; bits, seq = bits>>1, seq+1 {
			if bits&1 != 0 {
				f(seq)
			}
		}
	}
}
