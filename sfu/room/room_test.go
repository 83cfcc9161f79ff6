package room

import (
	"slices"
	"testing"

	"salon/sfu/layer"
)

func TestWishesChooseLayers(t *testing.T) {
	three := &Publication{rids: []string{"q", "h", "f"}, state: TrackState{Kind: Video, Encodings: []Encoding{
		{Quality: Low, Width: 320, Height: 180}, {Quality: Medium, Width: 640, Height: 360}, {Quality: High, Width: 1280, Height: 720},
	}}}
	one := &Publication{state: TrackState{Kind: Video, Encodings: []Encoding{{Quality: High, Width: 1280, Height: 720}}}}
	sound := &Publication{state: TrackState{Kind: Audio}}
	const full = layer.MaxTemporal
	for name, c := range map[string]struct {
		pub  *Publication
		wish Wish
		want layer.Layer
	}{
		"no wish":                       {three, Wish{}, layer.Layer{Spatial: 2, Temporal: full}},
		"a small tile":                  {three, Wish{Width: 300, Height: 168}, layer.Layer{Spatial: 0, Temporal: full}},
		"a little larger than a layer":  {three, Wish{Width: 641, Height: 361}, layer.Layer{Spatial: 2, Temporal: full}},
		"larger than all":               {three, Wish{Width: 4000, Height: 3000}, layer.Layer{Spatial: 2, Temporal: full}},
		"size wins over quality":        {three, Wish{Width: 320, Height: 180, HasQuality: true, Quality: High}, layer.Layer{Spatial: 0, Temporal: full}},
		"quality":                       {three, Wish{HasQuality: true, Quality: Medium}, layer.Layer{Spatial: 1, Temporal: full}},
		"hidden":                        {three, Wish{Disabled: true, Width: 640, Height: 360}, layer.None()},
		"off":                           {three, Wish{HasQuality: true, Quality: Off}, layer.None()},
		"half the frames":               {three, Wish{FPS: 15}, layer.Layer{Spatial: 2, Temporal: 1}},
		"few frames":                    {three, Wish{FPS: 5}, layer.Layer{Spatial: 2, Temporal: 0}},
		"one encoding serves all sizes": {one, Wish{Width: 100, Height: 56}, layer.Layer{Spatial: 0, Temporal: full}},
		"one encoding, best quality":    {one, Wish{HasQuality: true, Quality: High}, layer.Layer{Spatial: 0, Temporal: full}},
		"sound":                         {sound, Wish{HasQuality: true, Quality: High}, layer.Layer{}},
		"sound switched off":            {sound, Wish{Disabled: true}, layer.None()},
	} {
		if got := c.pub.best(c.wish); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestEncodingsAreRankedByName(t *testing.T) {
	for _, c := range []struct{ in, want []string }{
		{[]string{"f", "h", "q"}, []string{"q", "h", "f"}},
		{[]string{"q", "h"}, []string{"q", "h"}},
		{[]string{"0", "1", "2"}, []string{"0", "1", "2"}},
		{[]string{"0", "1", "2", "3"}, []string{"0", "1", "2"}},
		{nil, nil},
	} {
		if got := rankRIDs(c.in); !slices.Equal(got, c.want) {
			t.Errorf("%v ranked %v, want %v", c.in, got, c.want)
		}
	}
}

func TestASectionRestsForOneRoundBeforeItCarriesAnotherTrack(t *testing.T) {
	var s sections
	s.round()
	s.bind("3", Video, "TR_a")
	s.release("3")
	if s.freeOf(Video) != 0 {
		t.Fatal("free at once")
	}
	if inactive := s.round(); inactive["3"] != Video {
		t.Fatalf("not inactive in the next round: %v", inactive)
	}
	s.free["3"] = Video
	if s.freeOf(Video) != 1 || s.freeOf(Audio) != 0 {
		t.Fatalf("free: %v", s.free)
	}
	s.release("unknown")
	if len(s.ending) != 0 {
		t.Fatal("what was not bound ends")
	}
}

// Numbers begin anew with each leg, so that each needs SSRCs that its connection has never used.
func TestNoLegGetsAnSSRCAgain(t *testing.T) {
	s := newStage(t, Config{})
	anna, err := s.join(Join{Identity: "anna", Single: true, Grants: Grants{Publish: true}, Protocol: 17})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.add(anna, Video, "cam"); err != nil {
		t.Fatal(err)
	}
	bert, err := s.join(Join{Identity: "bert", Single: true, AutoSubscribe: true, Grants: Grants{Subscribe: true}, Protocol: 17})
	if err != nil {
		t.Fatal(err)
	}
	offer := func(p *Participant, text string) {
		t.Helper()
		s.do(func() { _, err = p.answer(text) })
		if err != nil {
			t.Fatal(err)
		}
	}
	offer(anna, "1 video send cid=cam")
	used := map[uint32]bool{}
	for round := range 20 {
		offer(bert, "1 video recv")
		sub := bert.subscriptions["cam"]
		if sub == nil || sub.leg == nil {
			t.Fatalf("round %d: nothing flows", round)
		}
		if used[sub.ssrc] || used[sub.rtxSSRC] || sub.ssrc == sub.rtxSSRC || sub.ssrc == 0 || sub.rtxSSRC == 0 {
			t.Fatalf("round %d: %d and %d of %v", round, sub.ssrc, sub.rtxSSRC, used)
		}
		used[sub.ssrc], used[sub.rtxSSRC] = true, true
		offer(bert, "1 video recv")
		if !used[sub.ssrc] {
			t.Fatal("another SSRC for the same leg")
		}
		offer(bert, "1 video")
		if sub.leg != nil {
			t.Fatal("flows without a section")
		}
	}
}

func TestSSRCsOfAConnectionDiffer(t *testing.T) {
	l := &link{ssrc: 1<<32 - 1000*0x9E3779B1&(1<<32-1)} // 0 would come within the test
	used := map[uint32]bool{0: true}
	for range 100_000 {
		if n := l.newSSRC(); used[n] {
			t.Fatalf("%d again", n)
		} else {
			used[n] = true
		}
	}
}
