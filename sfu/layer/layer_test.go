package layer

import (
	"testing"

	"salon/sfu/packet"
)

func frame(temporal uint8, keyframe, sync bool) *packet.Descriptor {
	return &packet.Descriptor{Codec: packet.VP8, Start: true, End: true, Keyframe: keyframe, Temporal: temporal, Sync: sync}
}

func TestSelect(t *testing.T) {
	type step struct {
		target  *Layer
		spatial int8
		d       *packet.Descriptor
		want    Verdict
	}
	to := func(s, t int8) *Layer { return &Layer{s, t} }
	none := None()
	for name, steps := range map[string][]step{
		"nothing wanted, nothing given": {
			{nil, 0, frame(0, true, false), Drop},
		},
		"begins at a keyframe": {
			{to(1, 3), 1, frame(0, false, false), Drop},
			{nil, 0, frame(0, true, false), Drop},
			{nil, 1, frame(0, true, false), Switch},
			{nil, 1, frame(0, false, false), Forward},
		},
		"the old layer flows until the new one begins": {
			{to(0, 3), 0, frame(0, true, false), Switch},
			{to(2, 3), 0, frame(0, false, false), Forward},
			{nil, 2, frame(0, false, false), Drop},
			{nil, 2, frame(0, true, false), Switch},
			{nil, 0, frame(0, true, false), Drop},
		},
		"a pause ends the flow, and a keyframe is needed after it": {
			{to(0, 3), 0, frame(0, true, false), Switch},
			{&none, 0, frame(0, false, false), Drop},
			{to(0, 3), 0, frame(0, false, false), Drop},
			{nil, 0, frame(0, true, false), Switch},
		},
		"frame rates fall at any frame and rise where the encoder allows it": {
			{to(0, 2), 0, frame(0, true, false), Switch},
			{nil, 0, frame(2, false, false), Forward},
			{to(0, 0), 0, frame(2, false, false), Skip},
			{nil, 0, frame(0, false, false), Forward},
			{to(0, 2), 0, frame(2, false, false), Skip},
			{nil, 0, frame(1, false, true), Forward},
			{nil, 0, frame(2, false, false), Skip},
			{nil, 0, frame(2, false, true), Forward},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewSelector()
			for i, st := range steps {
				if st.target != nil {
					s.SetTarget(*st.target)
				}
				if got := s.Select(st.spatial, st.d); got != st.want {
					t.Fatalf("step %d: verdict %d, want %d", i, got, st.want)
				}
			}
		})
	}
}

func TestCover(t *testing.T) {
	sizes := []Size{{320, 180}, {640, 360}, {1280, 720}}
	for _, c := range []struct {
		want Size
		got  int8
	}{
		{Size{100, 56}, 0},
		{Size{320, 180}, 0},
		{Size{321, 180}, 1},
		{Size{360, 640}, 1},
		{Size{4000, 3000}, 2},
	} {
		if got := Cover(sizes, c.want); got != c.got {
			t.Errorf("Cover(%v) = %d, want %d", c.want, got, c.got)
		}
	}
	if got := Cover([]Size{{}, {}}, Size{1, 1}); got != 1 {
		t.Errorf("unknown sizes: %d, want the largest", got)
	}
}
