package srtp

import "errors"

// What can be wrong with a key or with a packet.
var (
	// ErrProfile reports a protection profile this package does not speak.
	ErrProfile = errors.New("unknown srtp protection profile")
	// ErrKeyLength reports keying material whose length does not fit the profile.
	ErrKeyLength = errors.New("wrong srtp key length")
	// ErrShort reports a packet that ends before its header or its tag.
	ErrShort = errors.New("srtp packet too short")
	// ErrVersion reports a packet that is not RTP version 2.
	ErrVersion = errors.New("not rtp version 2")
	// ErrAuth reports a packet that was not sealed with our peer's key, or was
	// damaged on the way. Its bytes are unusable.
	ErrAuth = errors.New("srtp authentication tag mismatch")
	// ErrReplay reports a packet that was opened before, or is too old to tell.
	ErrReplay = errors.New("srtp packet replayed")
	// ErrClear reports SRTCP that is authenticated only; we take encrypted SRTCP.
	ErrClear = errors.New("srtcp packet not encrypted")
)
