package transport

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"salon/sfu/udp"
)

// A Factory makes the Transports of a node: they share one socket, one
// certificate and one loop. It is safe for concurrent use.
type Factory struct {
	cfg         Config
	endpoint    *udp.Endpoint
	certificate tls.Certificate
	fingerprint string // SHA-256 of the certificate
	log         *slog.Logger
	quiet       quiet
	ledger      ledger
	spare       sync.Pool     // of the inboxes
	wake        chan struct{} // tells the loop that something is urgent

	lines  []string   // our candidates
	listed time.Time  // when lines were made
	mu     sync.Mutex // guards the fields of this group
}

// New makes a Transport. media takes what the peer
// sends, events what happens; the room that reads events must go on reading
// until Close returns. Close it when done, whatever has become of it.
func (f *Factory) New(role Role, media Media, events chan<- Event) (*Transport, error) {
	t := &Transport{
		role: role, cfg: f.cfg, media: media, events: events,
		factory: f, log: f.log,
		negotiation: negotiation{session: newNumber() >> 1}, // below 2^63: RFC 8829 section 5.2.1
	}
	t.born = t.now()
	t.lost.Store(true)
	t.channels.limits(f.cfg)
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.inbox.open(&f.spare, t.ctx.Done())
	if err := t.openWay(); err != nil {
		t.cancel()
		return nil, err
	}
	f.ledger.begin(t)
	return t, nil
}

// hurry has the loop look for what is due.
func (f *Factory) hurry() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func newNumber() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint64(b[:])
}

// newCredentials are ICE credentials of ours: 80 and 130 bits of letters and
// digits (RFC 8445 section 5.3 asks for 24 and 128).
func newCredentials() (ufrag, pwd string) {
	return rand.Text()[:16], rand.Text()
}

// wrap names what was being done when err happened; nil stays nil.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
