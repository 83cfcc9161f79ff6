package measure

import (
	"testing"

	"salon/loadtest/media"
)

func TestALayerIsExpectedWhileItComes(t *testing.T) {
	l := layered{id: media.TrackID(0, media.Camera, 0), video: true}
	give := func(layer int, from, to uint32, measured bool) {
		for n := from; n < to; n++ {
			l.take(layer, fed(n, measured), began, 100, false)
		}
	}
	sent := func(id uint32) (uint32, uint32) {
		_, layer := media.SplitID(id)
		return []uint32{300, 300, 303}[layer], 100
	}
	give(0, 0, 30, false) // small at first
	give(0, 30, 60, true) // 10 frames measured
	give(2, 60, 150, true)
	l.take(0, fed(60, true), began, 100, true) // a straggler is no switch back
	give(2, 150, 240, true)
	give(1, 240, 243, true)
	give(2, 243, 300, true) // and its last three are lost
	got := l.tally(sent, true)
	want := Tally{
		Packets: 30 + 180 + 3 + 57 + 1, Bytes: 27100, Expected: 30 + 180 + 3 + 60, Repaired: 1,
		Frames: 10 + 60 + 1 + 19, Whole: 10 + 60 + 1 + 19, Tracks: 1, Switches: 3,
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if left := l.tally(sent, false); left.Expected != want.Expected-3 {
		t.Errorf("who left early should have had %d", left.Expected)
	}
}

func TestASwitchToALayerOfFewerFramesIsNoticed(t *testing.T) {
	l := layered{id: media.TrackID(0, media.Screen, 0), video: true}
	l.take(0, fed(300, true), began, 100, false)
	slow := fed(30, true)
	slow.Sent = fed(306, true).Sent
	l.take(1, slow, began, 100, false)
	if l.active != 1 || l.switches != 1 {
		t.Errorf("layer %d after %d switches", l.active, l.switches)
	}
}
