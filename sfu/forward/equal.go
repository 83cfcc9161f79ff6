package forward

import "salon/sfu/packet"

// An arrival is a packet of the burst under way.
type arrival struct {
	packet.Packet
	pad uint8 // bytes of padding that bring it to the size of its neighbours
}

// maxPad bounds what equal sizes may cost, in bytes per packet. Senders of the libwebrtc family cut a frame into packets
// that differ by one byte.
const maxPad = 8

// equalize notes the padding (RFC 3550 section 5.1) by which the packets of each frame get one size, so that a frame leaves to
// each leg as one message that the kernel or the network card cuts. The last packet of a frame may stay shorter.
func equalize(pkts []arrival) {
	for len(pkts) > 0 {
		n, size := 1, len(pkts[0].Payload())
		for n < len(pkts) && pkts[n].Timestamp == pkts[0].Timestamp && pkts[n].SameExtensions(&pkts[0].Packet, packet.Forwarded) {
			size = max(size, len(pkts[n].Payload()))
			n++
		}
		for i := range pkts[:n] {
			pkts[i].pad = 0
			if short := size - len(pkts[i].Payload()); i < n-1 && short <= maxPad && short < size {
				pkts[i].pad = uint8(short)
			}
		}
		pkts = pkts[n:]
	}
}
