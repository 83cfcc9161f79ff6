package loadtest

import "testing"

func TestALayerIsExpectedWhileItComes(t *testing.T) {
	l := layered{id: trackID(0, true, 0), video: true}
	give := func(layer int, from, to uint32, measured bool) {
		for n := from; n < to; n++ {
			l.take(layer, fed(n, measured), began, 100, false)
		}
	}
	sent := func(id uint32) (uint32, uint32) {
		_, layer := splitID(id)
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
	want := tally{
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

func TestLayersOfATrackHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[uint32]bool{}
	for seat := range 3 {
		for _, video := range []bool{false, true} {
			for layer := range maxLayers {
				id := trackID(seat, video, layer)
				if seen[id] {
					t.Fatalf("%d twice", id)
				}
				seen[id] = true
				if track, l := splitID(id); track != trackID(seat, video, 0) || l != layer {
					t.Errorf("%d is layer %d of %d", id, l, track)
				}
			}
		}
	}
}

func TestSmallerLayersCostLess(t *testing.T) {
	m := Media{Layers: 3}.withDefaults()
	rate := func(i int) float64 {
		l := m.layer(i)
		return l.FramePackets * float64(l.PacketBytes)
	}
	if !(rate(0) < rate(1) && rate(1) < rate(2)) || m.layer(2) != m {
		t.Errorf("%g %g %g", rate(0), rate(1), rate(2))
	}
	if two := (Media{Layers: 2}).withDefaults(); two.layer(0).FramePackets != 1 || two.layer(1) != two {
		t.Errorf("%+v", two.layer(0))
	}
	if rids := newTrack(1, true, m, 1); rids.rid(0) != "q" || rids.rid(2) != "f" || newTrack(1, true, Media{}.withDefaults(), 1).rid(0) != "" {
		t.Error("layers have other names than browsers'")
	}
}
