package packet

// Bits of the AV1 aggregation header (AV1 RTP specification, 4.4) and of an OBU header (AV1 bitstream specification, 5.3.2).
const (
	av1Z         = 0x80 // the first element continues the last one of the packet before
	av1N         = 0x08 // first packet of a coded video sequence
	obuExtension = 0x04 // a byte with the layer follows
)

// readAV1 takes the N bit for a keyframe. The layer is that of the first OBU that names one. Without a dependency descriptor a packet
// counts as the start of a frame when it does not continue an OBU, which is true for some packets in the middle of frames with many tiles.
func (d *Descriptor) readAV1(payload []byte) error {
	head := payload[0]
	d.Keyframe = head&av1N != 0
	d.Start = head&av1Z == 0
	count := int(head >> 4 & 3) // elements; 0 means that each has its length
	rest := payload[1:]
	for i := 1; len(rest) > 0; i++ {
		element := rest
		if i != count {
			n, used := leb128(rest)
			if used == 0 || n > uint64(len(rest)-used) {
				return ErrShort
			}
			element = rest[used : used+int(n)]
			rest = rest[used+int(n):]
		} else {
			rest = nil
		}
		if i == 1 && head&av1Z != 0 {
			continue // the rest of an OBU: no header
		}
		if len(element) >= 2 && element[0]&obuExtension != 0 {
			d.Temporal, d.Spatial = element[1]>>5, element[1]>>3&3
			return nil
		}
	}
	return nil
}

// leb128 reads an unsigned number of at most 8 bytes, 7 bits in each, least significant first (AV1 bitstream specification, 4.10.5).
// used is 0 if b ends within it.
func leb128(b []byte) (n uint64, used int) {
	for i := 0; i < len(b) && i < 8; i++ {
		n |= uint64(b[i]&0x7F) << (7 * i)
		if b[i]&0x80 == 0 {
			return n, i + 1
		}
	}
	return 0, 0
}
