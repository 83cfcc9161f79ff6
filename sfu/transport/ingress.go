package transport

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"salon/sfu/prefetch"
	"salon/sfu/transport/srtp"
	"salon/sfu/udp"
)

// ingress opens what a peer sends.
type ingress struct {
	opener atomic.Pointer[srtp.Opener] // nil before the handshake; used under mu
	closed bool                        // guarded by mu
	mu     sync.Mutex                  // several readers may meet here
}

func (in *ingress) start(o *srtp.Opener) { in.opener.Store(o) }

// stop refuses all that comes from now on.
func (in *ingress) stop() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = true
}

// HandleMedia implements udp.Handler: it opens the datagrams in place and
// hands on runs of RTP, and RTCP one by one, in their order.
func (t *Transport) HandleMedia(now time.Time, burst [][]byte, out *udp.Batch) {
	if !t.open(burst) {
		return
	}
	t.heard.Store(int64(now.Sub(t.born)))
	run := 0 // burst[run:next] holds RTP not handed on yet
	next := 0
	for _, pkt := range burst {
		switch {
		case pkt == nil:
		case isRTCP(pkt):
			if next > run {
				t.media.HandleRTP(now, burst[run:next], out)
			}
			t.media.HandleRTCP(now, pkt, out)
			run = next
		default:
			burst[next] = pkt
			next++
		}
	}
	if next > run {
		t.media.HandleRTP(now, burst[run:next], out)
	}
}

// WarmMedia implements udp.Warmer: the keys, what they point to, and what decryption needs.
func (t *Transport) WarmMedia(step int) {
	switch step {
	case 0:
		prefetch.Object(&t.ingress)
		prefetch.Field(t, unsafe.Offsetof(t.media))
		prefetch.Field(t, unsafe.Offsetof(t.heard))
	case 1:
		t.ingress.opener.Load().WarmRTCP(0)
	case 2:
		t.ingress.opener.Load().WarmRTCP(1)
	}
}

// open replaces each datagram by its plain packet, or by nil; false when none
// is authentic, there are no keys yet, or the Transport is closed.
func (t *Transport) open(burst [][]byte) (authentic bool) {
	in := &t.ingress
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return false
	}
	opener := in.opener.Load()
	if opener == nil {
		t.counts.early.Add(uint64(len(burst)))
		return false
	}
	for i, pkt := range burst {
		plain, err := openOne(opener, pkt)
		if err != nil {
			t.countRefusal(err)
			plain = nil
		}
		authentic = authentic || plain != nil
		burst[i] = plain
	}
	return authentic
}

func openOne(o *srtp.Opener, pkt []byte) ([]byte, error) {
	if len(pkt) < 2 {
		return nil, srtp.ErrShort
	}
	if isRTCP(pkt) {
		return o.OpenRTCP(pkt)
	}
	size, err := srtp.HeaderSize(pkt)
	if err != nil {
		return nil, err
	}
	return o.OpenRTP(pkt, size)
}

// isRTCP tells RTCP from RTP on one port: RTCP's packet types 192 to 223 look
// like payload types 64 to 95, which RTP leaves free (RFC 5761 section 4).
func isRTCP(pkt []byte) bool {
	pt := pkt[1] & 0x7F
	return pt >= 64 && pt <= 95
}

func (t *Transport) countRefusal(err error) {
	switch {
	case errors.Is(err, srtp.ErrReplay):
		t.counts.replayed.Add(1)
	case errors.Is(err, srtp.ErrAuth):
		t.counts.unauthentic.Add(1)
	default:
		t.counts.malformed.Add(1)
	}
}
