package forward

import (
	"salon/sfu/layer"
	"salon/sfu/packet"
)

// A Format says what a payload type carries.
type Format struct {
	PayloadType uint8
	RTX         uint8  // payload type of its retransmissions; 0: none
	MIME        string // "video/VP8"
	ClockRate   uint32 // Hz

	codec packet.Codec // by MIME
}

// TrackConfig describes a track as its publisher's session description does.
type TrackConfig struct {
	MID     string
	Formats []Format
	// RIDs are the simulcast encodings from the smallest upwards, at most three; empty for a single encoding.
	RIDs []string
	// SSRCs are the announced ones, if any; RTX maps that of a retransmission stream to the one it repeats.
	SSRCs []uint32
	RTX   map[uint32]uint32
}

// A Track is what one Participant publishes: one Receiver per encoding, and the legs that carry it to others.
type Track struct {
	peer  *Peer
	cfg   TrackConfig
	video bool

	// owned by the Shard's lock
	receivers []*Receiver // by spatial layer; nil until its first packet
	legs      []*DownTrack
	closed    bool

	levels levels
}

// Close ends the track: its legs fall silent, its SSRCs are unknown from now on. It may be called twice.
func (t *Track) Close() {
	s := t.peer.shard
	s.mu.Lock()
	defer s.mu.Unlock()
	if !t.closed {
		t.close()
		t.peer.tracks = without(t.peer.tracks, t)
	}
}

func (t *Track) close() {
	t.closed = true
	for ssrc, st := range t.peer.streams {
		if st.receiver.track == t {
			delete(t.peer.streams, ssrc)
		}
	}
	for _, d := range t.legs {
		d.track = deadTrack(d.track.video)
	}
	t.legs = nil
}

// deadTrack stands in for a track that ended before its legs did.
func deadTrack(video bool) *Track { return &Track{video: video, closed: true} }

// Live returns a bit per spatial layer that has received packets lately.
func (t *Track) live() (mask uint8) {
	for i, r := range t.receivers {
		if r != nil && r.live {
			mask |= 1 << i
		}
	}
	return mask
}

// reachable returns the layer nearest to want among those that flow: the best one below it, or else the
// least one above. Where nothing flows yet, it is want itself.
func (t *Track) reachable(want layer.Layer) layer.Layer {
	if want.IsNone() {
		return want
	}
	want.Spatial = min(want.Spatial, int8(len(t.receivers)-1))
	live := t.live()
	if live == 0 {
		return want
	}
	for s := want.Spatial; s >= 0; s-- {
		if live&(1<<s) != 0 {
			return layer.Layer{Spatial: s, Temporal: want.Temporal}
		}
	}
	for s := want.Spatial + 1; int(s) < len(t.receivers); s++ {
		if live&(1<<s) != 0 {
			return layer.Layer{Spatial: s, Temporal: want.Temporal}
		}
	}
	return want
}

// retarget lets every leg choose anew, after the set of layers that flow has changed.
func (t *Track) retarget() {
	for _, d := range t.legs {
		d.retarget()
	}
}

func (t *Track) format(payloadType uint8) (f Format, rtx, ok bool) {
	for _, f := range t.cfg.Formats {
		if f.PayloadType == payloadType {
			return f, false, true
		}
		if f.RTX != 0 && f.RTX == payloadType {
			return f, true, true
		}
	}
	return Format{}, false, false
}

func without[T comparable](list []T, gone T) []T {
	for i, v := range list {
		if v == gone {
			var zero T
			last := len(list) - 1
			list[i] = list[last]
			list[last] = zero
			return list[:last]
		}
	}
	return list
}
