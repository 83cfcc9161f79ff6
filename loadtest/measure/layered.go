package measure

import (
	"salon/loadtest/media"
)

// layered is one track as one participant receives it, in whichever layer the server chooses. A layer is expected
// while it comes: from its first packet to the first of another layer's later frame.
type layered struct {
	id       uint32
	video    bool
	layers   [media.MaxLayers + 1]*reception
	active   int
	sent     int64 // when the latest packet of any layer was, Unix ns: layers may count frames differently
	switches uint64
	flow     flow
}

// take counts a packet of a layer, as reception.take does.
func (l *layered) take(layer int, s media.Stamp, since int64, size int, repaired bool) (fresh, whole bool) {
	r := l.layers[layer]
	if r == nil {
		r = &reception{video: l.video, paused: l.layers[l.active] != nil}
		l.layers[layer] = r
	}
	if layer != l.active && (l.layers[l.active] == nil || s.Sent > l.sent && !repaired) {
		if old := l.layers[l.active]; old != nil {
			old.pause()
			l.switches++
		}
		l.active = layer
	}
	if layer == l.active {
		r.paused = false
	}
	l.sent = max(l.sent, s.Sent)
	return r.take(s, since, size, repaired)
}

// tally adds up all layers. Of the active one, if the participant stayed, everything that was sent was expected.
func (l *layered) tally(sent func(id uint32) (packets, frames uint32), stayed bool) (t Tally) {
	for i, r := range l.layers {
		if r == nil {
			continue
		}
		var packets, frames uint32
		if stayed && i == l.active {
			packets, frames = sent(media.LayerID(l.id, i))
		}
		t.Add(r.tally(packets, frames))
	}
	t.Tracks = min(t.Tracks, 1)
	t.Switches = l.switches
	return t
}
