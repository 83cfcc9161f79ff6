package ice

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 8489 section 14.5 asks for it
	"encoding/binary"
	"hash"
	"hash/crc32"
	"net/netip"
)

// The STUN header and what ICE uses of its attributes (RFC 8489 sections 5 and 14, RFC 8445 section 16.1):
//
//	type (16 bits), length of what follows the header (16), magic cookie (32), transaction (96)
//	then attributes: type (16), length (16), value, padded to 4 bytes
const (
	headerLen = 20
	cookie    = 0x2112a442

	bindingRequest = 0x0001
	bindingSuccess = 0x0101
	bindingError   = 0x0111

	attrUsername     = 0x0006
	attrIntegrity    = 0x0008
	attrErrorCode    = 0x0009
	attrUnknown      = 0x000a
	attrXORMapped    = 0x0020
	attrPriority     = 0x0024
	attrUseCandidate = 0x0025
	attrFingerprint  = 0x8028
	attrControlled   = 0x8029
	attrControlling  = 0x802a

	integrityLen  = sha1.Size
	fingerprintXR = 0x5354554e
	roleConflict  = 487

	// attrOptional is where the attributes begin that need not be understood (RFC 8489 section 14); unknownAttribute is what a
	// request gets that has others.
	attrOptional     = 0x8000
	unknownAttribute = 420
)

// maxUnknown is how many attributes we name at most that we don't understand: our choice.
const maxUnknown = 8

// A transaction links a response to its request.
type transaction [12]byte

// A message is a parsed STUN message; its slices are borrowed from the datagram.
type message struct {
	raw         []byte
	kind        uint16
	id          transaction
	username    []byte
	priority    uint32
	use         bool // USE-CANDIDATE
	controlling bool
	controlled  bool
	tie         uint64
	code        int      // of an error
	integrity   int      // where MESSAGE-INTEGRITY begins; 0: there is none
	unknown     []uint16 // what we would have to understand and don't; nil: nothing
}

// parse reads a STUN message. What follows MESSAGE-INTEGRITY is not authentic and is passed over, but for the fingerprint, which has
// to be right where there is one.
func parse(b []byte) (m message, ok bool) {
	if len(b) < headerLen || b[0] > 3 || binary.BigEndian.Uint32(b[4:]) != cookie || int(binary.BigEndian.Uint16(b[2:])) != len(b)-headerLen {
		return m, false
	}
	m.raw, m.kind, m.id = b, binary.BigEndian.Uint16(b), transaction(b[8:headerLen])
	for at := headerLen; at < len(b); {
		if at+4 > len(b) {
			return m, false
		}
		kind, n := binary.BigEndian.Uint16(b[at:]), int(binary.BigEndian.Uint16(b[at+2:]))
		padded := (n + 3) &^ 3
		if at+4+padded > len(b) || !m.attribute(kind, b[at+4:at+4+n], at) {
			return m, false
		}
		at += 4 + padded
	}
	return m, true
}

// attribute takes one attribute, which begins at so many bytes; false when it is malformed.
func (m *message) attribute(kind uint16, v []byte, at int) bool {
	if kind == attrFingerprint {
		return len(v) == 4 && at+8 == len(m.raw) && binary.BigEndian.Uint32(v) == crc32.ChecksumIEEE(m.raw[:at])^fingerprintXR
	}
	if m.integrity > 0 {
		return true
	}
	switch kind {
	case attrUsername:
		if m.username == nil { // the first counts (RFC 8489 section 14), as for whoever told whose message it is
			m.username = v
		}
	case attrIntegrity:
		m.integrity = at
		return len(v) == integrityLen
	case attrErrorCode:
		if len(v) < 4 {
			return false
		}
		m.code = int(v[2]&7)*100 + int(v[3])
	case attrPriority:
		if len(v) != 4 {
			return false
		}
		m.priority = binary.BigEndian.Uint32(v)
	case attrUseCandidate:
		m.use = true
	case attrControlled, attrControlling:
		if len(v) != 8 {
			return false
		}
		m.tie = binary.BigEndian.Uint64(v)
		m.controlled, m.controlling = kind == attrControlled, kind == attrControlling
	default:
		m.wonder(kind)
	}
	return true
}

// wonder notes an attribute that we make nothing of, unless it may be passed over: it is optional, or known and of no use between peers.
func (m *message) wonder(kind uint16) {
	switch kind {
	case 0x0001, attrUnknown, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e, attrXORMapped: // RFC 8489 section 18.3
	default:
		if kind < attrOptional && len(m.unknown) < maxUnknown {
			m.unknown = append(m.unknown, kind)
		}
	}
}

// authentic tells whether whoever knows the key of mac wrote the message.
func (m *message) authentic(mac hash.Hash) bool {
	if m.integrity == 0 {
		return false
	}
	v := m.raw[m.integrity+4 : m.integrity+4+integrityLen]
	return hmac.Equal(v, integrityOf(mac, m.raw[:m.integrity]))
}

// integrityOf is the MESSAGE-INTEGRITY behind b: the length in the header counts as if the message ended with it.
func integrityOf(mac hash.Hash, b []byte) []byte {
	var head [4]byte
	copy(head[:], b)
	binary.BigEndian.PutUint16(head[2:], uint16(len(b)-headerLen+4+integrityLen)) //nolint:gosec // a datagram's length
	mac.Reset()
	_, _ = mac.Write(head[:]) // a hash takes all
	_, _ = mac.Write(b[4:])
	return mac.Sum(nil)
}

// newMAC keys MESSAGE-INTEGRITY with an ICE password (RFC 8489 section 9.1.1).
func newMAC(pwd string) hash.Hash { return hmac.New(sha1.New, []byte(pwd)) }

// begin starts a message of about the size of a check.
func begin(kind uint16, id transaction) []byte {
	b := make([]byte, headerLen, 128)
	binary.BigEndian.PutUint16(b, kind)
	binary.BigEndian.PutUint32(b[4:], cookie)
	copy(b[8:], id[:])
	return b
}

func appendAttribute(b []byte, kind uint16, v []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, kind)
	b = binary.BigEndian.AppendUint16(b, uint16(len(v))) //nolint:gosec // at most some hundred
	b = append(b, v...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func appendNumber64(b []byte, kind uint16, v uint64) []byte {
	return appendAttribute(b, kind, binary.BigEndian.AppendUint64(nil, v))
}

func appendNumber32(b []byte, kind uint16, v uint32) []byte {
	return appendAttribute(b, kind, binary.BigEndian.AppendUint32(nil, v))
}

// appendMapped writes XOR-MAPPED-ADDRESS (RFC 8489 section 14.2).
func appendMapped(b []byte, a netip.AddrPort, id transaction) []byte {
	ip := a.Addr().Unmap()
	family := byte(1)
	if ip.Is6() {
		family = 2
	}
	v := []byte{0, family}
	v = binary.BigEndian.AppendUint16(v, a.Port()^cookie>>16)
	mask := binary.BigEndian.AppendUint32(nil, cookie)
	mask = append(mask, id[:]...)
	for i, x := range ip.AsSlice() {
		v = append(v, x^mask[i])
	}
	return appendAttribute(b, attrXORMapped, v)
}

// appendError writes ERROR-CODE (RFC 8489 section 14.8).
func appendError(b []byte, code int) []byte {
	return appendAttribute(b, attrErrorCode, []byte{0, 0, byte(code / 100), byte(code % 100)})
}

// appendUnknown writes an ERROR-CODE of 420 and the attributes that were not understood (RFC 8489 section 14.13).
func appendUnknown(b []byte, kinds []uint16) []byte {
	var v []byte
	for _, kind := range kinds {
		v = binary.BigEndian.AppendUint16(v, kind)
	}
	return appendAttribute(appendError(b, unknownAttribute), attrUnknown, v)
}

// seal ends a message with MESSAGE-INTEGRITY and FINGERPRINT.
func seal(b []byte, mac hash.Hash) []byte {
	b = appendAttribute(b, attrIntegrity, integrityOf(mac, b))
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)-headerLen+8)) //nolint:gosec // a datagram's length
	return appendNumber32(b, attrFingerprint, crc32.ChecksumIEEE(b)^fingerprintXR)
}
