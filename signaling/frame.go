package signaling

import (
	"encoding/binary"
	"math"

	"salon/signaling/wire"
)

// A frame is a message of ours on its way into a WebSocket.
type frame struct {
	form wire.Form
	b    []byte
}

// What the first two bytes of a frame say (RFC 6455, section 5.2).
const (
	wholeText   = 0x81 // FIN and the opcode: a text message in one frame
	wholeBinary = 0x82
	length16    = 126 // instead of the length: it follows in 2 bytes
	length64    = 127 // in 8
)

// append appends what goes over the connection: a whole message, not masked because a server sends it.
func (f frame) append(b []byte) []byte {
	first := byte(wholeBinary)
	if f.form == wire.Text {
		first = wholeText
	}
	switch n := len(f.b); {
	case n < length16:
		b = append(b, first, byte(n))
	case n <= math.MaxUint16:
		b = binary.BigEndian.AppendUint16(append(b, first, length16), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, first, length64), uint64(n))
	}
	return append(b, f.b...)
}
