package transport_test

import (
	"testing"
	"time"

	"salon/sfu/transport"
)

func TestAFactoryRemembersWhatClosedTransportsCounted(t *testing.T) {
	h := newHouse(t, transport.Config{})
	first, second := h.side(t, transport.Answerer), h.side(t, transport.Offerer)
	for _, s := range []*side{first, second, second} {
		s.HandleMedia(time.Now(), [][]byte{{0x80, 96, 0, 1}}, s.batch)
	}
	if n := h.factory.Counts().Early; n != 3 {
		t.Fatalf("counted %d", n)
	}
	must(t, second.Close())
	if n := h.factory.Counts().Early; n != 3 {
		t.Fatalf("counted %d after one had closed", n)
	}
}
