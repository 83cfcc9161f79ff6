// Package srtp protects RTP and RTCP packets with the keys of a DTLS handshake
// (RFC 3711, RFC 5764, RFC 7714): AEAD_AES_128_GCM, AEAD_AES_256_GCM and
// AES128_CM_HMAC_SHA1_80, without MKI and without rekeying.
//
// It decides whether a received packet is authentic and fresh, and nothing else:
// it parses no more of a header than its length, sockets and handshakes are
// elsewhere, and it never chooses sequence numbers. Packets are worked on in
// place. After warm-up nothing is allocated per packet, but for long packets under
// AES-CM (see longPayload), which peers of today do not choose.
//
// A Sealer belongs to one Transport and may be shared by the shards that carry
// its legs. An Opener belongs to whoever reads from the peer.
package srtp

import (
	"encoding/binary"
	"fmt"
)

// Profile is a protection profile as negotiated by the use_srtp extension.
type Profile uint16

// Protection profiles with their DTLS-SRTP ids (RFC 5764 section 4.1.2, RFC 7714
// section 14.2).
const (
	AES128CMHMACSHA1_80 Profile = 0x0001 //nolint:revive // The registry spells it so.
	AEADAES128GCM       Profile = 0x0007
	AEADAES256GCM       Profile = 0x0008
)

// Sizes fixed by the RFCs, in bytes.
const (
	gcmTagLen     = 16 // RFC 7714 section 13.
	hmacTagLen    = 10 // RFC 3711 section 5.2, the 80-bit tag.
	hmacKeyLen    = 20 // RFC 3711 section 5.2, n_a of 160 bits.
	cmSaltLen     = 14 // RFC 3711 section 5.3, n_s of 112 bits.
	gcmSaltLen    = 12 // RFC 7714 section 12.
	rtpHeaderLen  = 12 // RFC 3550 section 5.1, without CSRCs and extension.
	rtcpHeaderLen = 8  // RFC 3711 section 3.4: the clear part of SRTCP.
	rtcpIndexLen  = 4  // The E bit and the 31-bit SRTCP index.
)

// encrypted is the E bit of the SRTCP index word (RFC 3711 section 3.4).
const encrypted = 1 << 31

// valid tells whether p is one of the profiles above.
func (p Profile) valid() bool {
	return p == AES128CMHMACSHA1_80 || p.aead()
}

// aead tells whether p encrypts and authenticates in one pass.
func (p Profile) aead() bool { return p == AEADAES128GCM || p == AEADAES256GCM }

// String returns the registered name of p.
func (p Profile) String() string {
	switch p {
	case AES128CMHMACSHA1_80:
		return "SRTP_AES128_CM_HMAC_SHA1_80"
	case AEADAES128GCM:
		return "SRTP_AEAD_AES_128_GCM"
	case AEADAES256GCM:
		return "SRTP_AEAD_AES_256_GCM"
	}
	return fmt.Sprintf("SRTP profile %#04x", uint16(p))
}

// KeyLen is the length of a master key in bytes, 0 for an unknown profile.
func (p Profile) KeyLen() int {
	switch p {
	case AES128CMHMACSHA1_80, AEADAES128GCM:
		return 16
	case AEADAES256GCM:
		return 32
	}
	return 0
}

// SaltLen is the length of a master salt in bytes, 0 for an unknown profile.
func (p Profile) SaltLen() int {
	switch p {
	case AES128CMHMACSHA1_80:
		return cmSaltLen
	case AEADAES128GCM, AEADAES256GCM:
		return gcmSaltLen
	}
	return 0
}

// Overhead is what SealRTP adds to a packet, in bytes: the authentication tag.
func (p Profile) Overhead() int {
	if p.aead() {
		return gcmTagLen
	}
	return hmacTagLen
}

// RTCPOverhead is what SealRTCP adds to a packet, in bytes: the tag and the
// SRTCP index word.
func (p Profile) RTCPOverhead() int { return p.Overhead() + rtcpIndexLen }

// HeaderSize returns the length in bytes of the RTP header at the start of pkt:
// the fixed part, the CSRC list and the header extension (RFC 3550 sections 5.1
// and 5.3.1). It fails with ErrShort when pkt ends inside the header and with
// ErrVersion when it is not RTP version 2.
func HeaderSize(pkt []byte) (int, error) {
	if len(pkt) < rtpHeaderLen {
		return 0, ErrShort
	}
	if pkt[0]>>6 != 2 {
		return 0, ErrVersion
	}
	size := rtpHeaderLen + 4*int(pkt[0]&0x0f)
	if pkt[0]&0x10 != 0 {
		if len(pkt) < size+4 {
			return 0, ErrShort
		}
		size += 4 + 4*int(binary.BigEndian.Uint16(pkt[size+2:]))
	}
	if len(pkt) < size {
		return 0, ErrShort
	}
	return size, nil
}
