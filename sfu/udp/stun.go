package udp

import (
	"bytes"
	"encoding/binary"
)

// The STUN header and the few values the demultiplexer needs (RFC 8489 sections 5
// and 14).
const (
	stunHeaderLen   = 20
	stunCookie      = 0x2112a442
	stunUsername    = 0x0006
	stunMaxUsername = 513 // Bytes, RFC 8489 section 14.3.

	bindingRequest    = 0x0001
	bindingIndication = 0x0011
	bindingSuccess    = 0x0101
	bindingError      = 0x0111
)

// Patient is how the transaction number of a STUN request begins whose answer may come late: where feedback waits for a burst of
// media (Config.Unsteered), such an answer does, too.
const Patient = 0x9a17

// A transactionID links a STUN response to its request.
type transactionID [12]byte

// parseSTUN returns type and transaction of a STUN message; ok tells that the
// header is well-formed and fits the datagram.
func parseSTUN(b []byte) (kind uint16, id transactionID, ok bool) {
	if len(b) < stunHeaderLen || b[0] > 3 || binary.BigEndian.Uint32(b[4:]) != stunCookie {
		return 0, id, false
	}
	if n := int(binary.BigEndian.Uint16(b[2:])); n%4 != 0 || n != len(b)-stunHeaderLen {
		return 0, id, false
	}
	return binary.BigEndian.Uint16(b), transactionID(b[8:stunHeaderLen]), true
}

// localUfrag returns the part of the USERNAME attribute before the colon: the
// receiver's ufrag in an ICE check (RFC 8445 section 7.2.2). b passed parseSTUN.
func localUfrag(b []byte) (ufrag []byte, ok bool) {
	for b = b[stunHeaderLen:]; len(b) >= 4; {
		kind, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		b = b[4:]
		padded := (n + 3) &^ 3
		if padded > len(b) {
			return nil, false
		}
		if kind == stunUsername {
			if n > stunMaxUsername {
				return nil, false
			}
			ufrag, _, ok = bytes.Cut(b[:n], []byte{':'})
			return ufrag, ok && len(ufrag) > 0
		}
		b = b[padded:]
	}
	return nil, false
}
