package transport

import (
	"unsafe"

	"salon/sfu/prefetch"
	"salon/sfu/udp"
)

// sealRoom is what sealing can add to a packet: a tag of 16 bytes and, for
// RTCP, an index of 4 (RFC 7714 sections 5 and 9).
const sealRoom = 16 + 4

// Reserve gives n free bytes of out for one packet, with room behind them for
// what sealing adds. Fill them, then pass them to SendRTP or SendRTCP before
// the next Reserve.
func (t *Transport) Reserve(out Out, n int) []byte {
	return out.Reserve(n + sealRoom)[:n]
}

// SendRTP seals pkt, as Reserve gave it, in place and appends it to out.
// headerSize counts the RTP header with CSRCs and extension; index is the
// roll-over counter times 65536 plus the sequence number, and no two packets of
// an SSRC may share one. Without a connection the packet is dropped and counted.
func (t *Transport) SendRTP(out Out, pkt []byte, headerSize int, index uint64) {
	sealer, dest := t.sealer.Load(), t.dest.Load()
	if sealer == nil || dest == nil {
		t.counts.unsent.Add(1)
		return
	}
	batchOf(out).Send(*dest, len(sealer.SealRTP(pkt, headerSize, index)))
}

// Warm implements forward.Path: the way and the keys, what they point to, and what encryption needs.
func (t *Transport) Warm(step int) {
	switch step {
	case 0:
		prefetch.Field(t, unsafe.Offsetof(t.sealer))
		prefetch.Field(t, unsafe.Offsetof(t.dest))
	case 1:
		prefetch.Object(t.dest.Load())
		t.sealer.Load().Warm(0)
	case 2:
		t.sealer.Load().Warm(1)
	}
}

// SendRTCP seals the compound pkt, as Reserve gave it, and appends it to out.
// Without a connection it is dropped and counted.
func (t *Transport) SendRTCP(out Out, pkt []byte) {
	sealer, dest := t.sealer.Load(), t.dest.Load()
	if sealer == nil || dest == nil {
		t.counts.unsent.Add(1)
		return
	}
	batchOf(out).Send(*dest, len(sealer.SealRTCP(pkt)))
}

func batchOf(out Out) *udp.Batch {
	b, ok := out.(*udp.Batch)
	if !ok {
		panic("transport: out must be a *udp.Batch")
	}
	return b
}
