package srtp

import (
	"encoding/binary"
	"sync/atomic"
	"unsafe"

	"salon/sfu/prefetch"
)

// A Sealer encrypts and authenticates what we send to one peer. It is safe for
// concurrent use. The caller promises that no two packets with the same SSRC and
// index are ever sealed, unless they are the same byte for byte: with GCM a repeated
// index gives the key away. Package forward says how it keeps the promise. RTCP has
// keys of its own, and the Sealer counts its indices over all SSRCs.
type Sealer struct {
	rtp, rtcp suite
	nextRTCP  atomic.Uint64 // SRTCP index of the next report.
	profile   Profile
}

// NewSealer derives the session keys from our master key and salt and wipes both.
// It fails with ErrProfile or ErrKeyLength.
func NewSealer(p Profile, key, salt []byte) (*Sealer, error) {
	s := &Sealer{profile: p}
	if err := setUp(&s.rtp, &s.rtcp, p, key, salt); err != nil {
		return nil, err
	}
	return s, nil
}

// setUp derives the session keys of both suites.
func setUp(rtp, rtcp *suite, p Profile, key, salt []byte) error {
	forRTP, forRTCP, err := deriveBoth(p, key, salt)
	if err != nil {
		return err
	}
	if err := rtp.init(p, forRTP); err != nil {
		return err
	}
	return rtcp.init(p, forRTCP)
}

// Profile returns the profile the Sealer was made for.
func (s *Sealer) Profile() Profile { return s.profile }

// Warm asks the processor to fetch what SealRTP will touch, in two steps with some work in between. s may be nil.
func (s *Sealer) Warm(step int) {
	switch {
	case s == nil:
	case step == 0:
		prefetch.Field(s, unsafe.Offsetof(s.rtp)+unsafe.Offsetof(s.rtp.aead))
		prefetch.Field(s, unsafe.Offsetof(s.rtp)+unsafe.Offsetof(s.rtp.own))
	default:
		s.rtp.warm()
	}
}

// SealRTP encrypts the payload of pkt in place, appends the tag and returns the
// longer slice. pkt is a well-formed RTP packet whose header (with CSRCs and
// extension) is headerSize bytes long; index is its roll-over counter in the upper
// 32 and its sequence number in the lower 16 of 48 bits. cap(pkt) should exceed
// len(pkt) by Overhead; otherwise the result is a copy.
func (s *Sealer) SealRTP(pkt []byte, headerSize int, index uint64) []byte {
	u := &s.rtp
	ssrc := binary.BigEndian.Uint32(pkt[8:])
	c := u.take()
	if u.aead != nil {
		header, payload := pkt[:headerSize], pkt[headerSize:]
		pkt = u.aead.Seal(header, u.gcmNonce(c, ssrc, index), payload, header)
	} else {
		u.crypt(c, ssrc, index, pkt[headerSize:])
		pkt = append(pkt, u.tag(c, pkt, c.rocOf(index))...)
	}
	u.put(c)
	return pkt
}

// SealRTCP encrypts all of a compound RTCP packet but its first 8 bytes, in place,
// appends tag and index and returns the longer slice; pkt must be at least 8 bytes
// long, and cap(pkt) should exceed len(pkt) by RTCPOverhead. The Sealer counts the
// index itself; it returns nil once all 2^31 of them are spent (RFC 3711 section
// 9.2), after which the session must end.
func (s *Sealer) SealRTCP(pkt []byte) []byte {
	index := s.nextRTCP.Add(1) - 1
	if index >= encrypted {
		return nil
	}
	u := &s.rtcp
	ssrc := binary.BigEndian.Uint32(pkt[4:])
	word := uint32(index) | encrypted
	c := u.take()
	if u.aead != nil {
		header, payload := pkt[:rtcpHeaderLen], pkt[rtcpHeaderLen:]
		pkt = u.aead.Seal(header, u.gcmNonce(c, ssrc, index), payload, c.rtcpAAD(header, word))
		pkt = binary.BigEndian.AppendUint32(pkt, word)
	} else {
		u.crypt(c, ssrc, index, pkt[rtcpHeaderLen:])
		pkt = binary.BigEndian.AppendUint32(pkt, word)
		pkt = append(pkt, u.tag(c, pkt, nil)...)
	}
	u.put(c)
	return pkt
}
