package tcp

import "encoding/binary"

const (
	// lengthSize is the size in bytes of the length before each datagram (RFC 4571 section 2).
	lengthSize = 2
	// maxFrame is the longest datagram that is taken, in bytes: above every path's MTU, and far below the 64 KiB that a length
	// can promise.
	maxFrame = 8 << 10
)

// split appends the datagrams that lie whole in b to list, as slices of b, and returns what is left behind them.
// Empty ones are skipped. It fails with errFrame on a length that must not be waited for.
func split(b []byte, list [][]byte) (whole [][]byte, rest []byte, err error) {
	for len(b) >= lengthSize {
		n := int(binary.BigEndian.Uint16(b))
		if n > maxFrame {
			return list, b, errFrame
		}
		if len(b) < lengthSize+n {
			break
		}
		if n > 0 {
			list = append(list, b[lengthSize:lengthSize+n:lengthSize+n])
		}
		b = b[lengthSize+n:]
	}
	return list, b, nil
}

// join appends a datagram behind its length to b.
func join(b, datagram []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(datagram))) //nolint:gosec // callers hold it below maxFrame
	return append(b, datagram...)
}
