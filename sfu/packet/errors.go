package packet

import "errors"

// What can be wrong with the bytes of a packet. Parse, Describe and Templates.Update wrap these with the place where the reading stopped.
var (
	// ErrShort means that a length field, or the format itself, asks for more bytes than there are.
	ErrShort = errors.New("packet too short")
	// ErrLong means more bytes than a UDP datagram can hold.
	ErrLong = errors.New("packet too long")
	// ErrVersion means that this is not RTP version 2.
	ErrVersion = errors.New("not rtp version 2")
	// ErrPadding means a padding length of zero, or one larger than what follows the header.
	ErrPadding = errors.New("bad padding")
	// ErrDescriptor means a field of a codec's payload descriptor with a value that the format forbids.
	ErrDescriptor = errors.New("bad payload descriptor")
	// ErrTemplate means a dependency descriptor that refers to a template which is not known (yet).
	ErrTemplate = errors.New("unknown dependency template")
)
