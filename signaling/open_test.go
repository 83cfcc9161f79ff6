package signaling

import "testing"

func TestClientsHearByWhichLeaseTheirRoomIsHere(t *testing.T) {
	for epoch, want := range map[uint64]string{0: "", 7: "epoch=7"} {
		if got := carriedBy(epoch); got != want {
			t.Errorf("%d: %q", epoch, got)
		}
	}
}
