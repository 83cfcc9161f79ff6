package signaling

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestClientsOfOtherNodesAreSentAwayOneAfterAnother(t *testing.T) {
	for count, want := range map[int]time.Duration{0: 0, 1: apart, 50: 50 * apart, 5000: allWithin} {
		synctest.Test(t, func(t *testing.T) {
			var p passages
			leaves := make([]chan struct{}, count)
			for i := range leaves {
				leaves[i] = p.begin()
			}
			begin := time.Now()
			p.clear(t.Context())
			if took := time.Since(begin); took > want+time.Millisecond || took < want*9/10 {
				t.Errorf("%d were sent away in %v", count, took)
			}
			for _, leave := range leaves {
				<-leave
				p.end(leave)
			}
		})
	}
}

func TestWhoLeftIsNotSentAway(t *testing.T) {
	var p passages
	gone, stays := p.begin(), p.begin()
	p.end(gone)
	p.clear(t.Context())
	<-stays
	select {
	case <-gone:
		t.Error("sent away though it left")
	default:
	}
	<-p.begin() // whoever comes now
}

func TestClearingEndsWithItsContext(t *testing.T) {
	var p passages
	leave := p.begin()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p.clear(ctx)
	p.end(leave)
}
