package srtp

import (
	"crypto/subtle"
	"encoding/binary"
	"unsafe"

	"salon/sfu/prefetch"
)

// An Opener checks and decrypts what one peer sends. Not safe for concurrent use:
// the caller takes turns burst by burst.
type Opener struct {
	rtp, rtcp suite
	seen      streams // Of RTP.
	reports   streams // Of RTCP.
}

// NewOpener derives the session keys from the peer's master key and salt and wipes
// both. It fails with ErrProfile or ErrKeyLength.
func NewOpener(p Profile, key, salt []byte) (*Opener, error) {
	o := &Opener{seen: newStreams(), reports: newStreams()}
	if err := setUp(&o.rtp, &o.rtcp, p, key, salt); err != nil {
		return nil, err
	}
	return o, nil
}

// WarmRTCP asks the processor to fetch what OpenRTCP will touch, in two steps with some work in between. o may be nil.
func (o *Opener) WarmRTCP(step int) {
	switch {
	case o == nil:
	case step == 0:
		prefetch.Field(o, unsafe.Offsetof(o.rtcp)+unsafe.Offsetof(o.rtcp.aead))
		prefetch.Field(o, unsafe.Offsetof(o.rtcp)+unsafe.Offsetof(o.rtcp.own))
		prefetch.Field(o, unsafe.Offsetof(o.reports))
	default:
		o.rtcp.warm()
	}
}

// OpenRTP authenticates pkt, decrypts it in place and returns it without its tag.
// headerSize is what HeaderSize said. The roll-over counter is estimated for each
// SSRC (RFC 3711 section 3.3.1); a stream is remembered only once a packet of it
// was authentic. On ErrAuth the bytes of pkt are unusable; ErrShort and ErrReplay
// leave them alone.
func (o *Opener) OpenRTP(pkt []byte, headerSize int) ([]byte, error) {
	u := &o.rtp
	if headerSize < rtpHeaderLen || len(pkt) < headerSize+u.overhead() {
		return nil, ErrShort
	}
	ssrc := binary.BigEndian.Uint32(pkt[8:])
	seq := binary.BigEndian.Uint16(pkt[2:])
	st := o.seen.find(ssrc)
	index := uint64(seq)
	if st != nil {
		index = st.estimate(seq)
		if !st.fresh(index) {
			return nil, ErrReplay
		}
	}
	plain, ok := u.openRTP(pkt, headerSize, index)
	if !ok {
		return nil, ErrAuth
	}
	if st == nil {
		st = o.seen.add(ssrc)
	}
	st.mark(index)
	return plain, nil
}

// OpenRTCP authenticates pkt, decrypts it in place and returns it without index
// and tag. Errors are those of OpenRTP, and ErrClear.
func (o *Opener) OpenRTCP(pkt []byte) ([]byte, error) {
	u := &o.rtcp
	if len(pkt) < rtcpHeaderLen+u.overhead()+rtcpIndexLen {
		return nil, ErrShort
	}
	word := u.indexWord(pkt)
	if word&encrypted == 0 {
		return nil, ErrClear
	}
	ssrc, index := binary.BigEndian.Uint32(pkt[4:]), uint64(word&^encrypted)
	st := o.reports.find(ssrc)
	if st != nil && !st.fresh(index) {
		return nil, ErrReplay
	}
	plain, ok := u.openRTCP(pkt, word)
	if !ok {
		return nil, ErrAuth
	}
	if st == nil {
		st = o.reports.add(ssrc)
	}
	st.mark(index)
	return plain, nil
}

func (u *suite) overhead() int {
	if u.aead != nil {
		return gcmTagLen
	}
	return hmacTagLen
}

// indexWord reads the E bit and SRTCP index: before the tag with AES-CM (RFC 3711
// section 3.4), at the very end with GCM (RFC 7714 section 9.2).
func (u *suite) indexWord(pkt []byte) uint32 {
	at := len(pkt) - rtcpIndexLen
	if u.aead == nil {
		at -= hmacTagLen
	}
	return binary.BigEndian.Uint32(pkt[at:])
}

func (u *suite) openRTP(pkt []byte, headerSize int, index uint64) ([]byte, bool) {
	ssrc := binary.BigEndian.Uint32(pkt[8:])
	c := u.take()
	defer u.put(c)
	if u.aead != nil {
		header := pkt[:headerSize]
		plain, err := u.aead.Open(header, u.gcmNonce(c, ssrc, index), pkt[headerSize:], header)
		return plain, err == nil
	}
	body, tag := pkt[:len(pkt)-hmacTagLen], pkt[len(pkt)-hmacTagLen:]
	if subtle.ConstantTimeCompare(u.tag(c, body, c.rocOf(index)), tag) != 1 {
		return nil, false
	}
	u.crypt(c, ssrc, index, body[headerSize:])
	return body, true
}

func (u *suite) openRTCP(pkt []byte, word uint32) ([]byte, bool) {
	ssrc, index := binary.BigEndian.Uint32(pkt[4:]), uint64(word&^encrypted)
	c := u.take()
	defer u.put(c)
	if u.aead != nil {
		header, sealed := pkt[:rtcpHeaderLen], pkt[rtcpHeaderLen:len(pkt)-rtcpIndexLen]
		plain, err := u.aead.Open(header, u.gcmNonce(c, ssrc, index), sealed, c.rtcpAAD(header, word))
		return plain, err == nil
	}
	body, tag := pkt[:len(pkt)-hmacTagLen], pkt[len(pkt)-hmacTagLen:]
	if subtle.ConstantTimeCompare(u.tag(c, body, nil), tag) != 1 {
		return nil, false
	}
	body = body[:len(body)-rtcpIndexLen]
	u.crypt(c, ssrc, index, body[rtcpHeaderLen:])
	return body, true
}
