package transport

import "salon/sfu/udp"

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
	k, dest := t.keys.Load(), t.dest.Load()
	if k == nil || dest == nil {
		t.counts.unsent.Add(1)
		return
	}
	batchOf(out).Send(*dest, len(k.sealer.SealRTP(pkt, headerSize, index)))
}

// SendRTCP seals the compound pkt, as Reserve gave it, and appends it to out.
// Without a connection it is dropped and counted.
func (t *Transport) SendRTCP(out Out, pkt []byte) {
	k, dest := t.keys.Load(), t.dest.Load()
	if k == nil || dest == nil {
		t.counts.unsent.Add(1)
		return
	}
	batchOf(out).Send(*dest, len(k.sealer.SealRTCP(pkt)))
}

func batchOf(out Out) *udp.Batch {
	b, ok := out.(*udp.Batch)
	if !ok {
		panic("transport: out must be a *udp.Batch")
	}
	return b
}
