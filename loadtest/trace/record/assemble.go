package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"salon/loadtest/trace"
)

// A cut is the stretch of time that becomes a round.
type cut struct{ from, to time.Time }

func (c cut) holds(at time.Time) bool { return !at.Before(c.from) && at.Before(c.to) }

// A take is one frame as it came, before it is placed in a round.
type take struct {
	frame     trace.Frame
	at        time.Time
	timestamp int64 // without wrap
	width     int
	height    int
}

// assemble makes the traces: that of the video, and that of the microphone where the scene wants one.
func (r *receiver) assemble(c cut) ([]*trace.Trace, error) {
	var video, audio []*stream
	for _, s := range r.sorted() {
		if s.video {
			video = append(video, s)
		} else {
			audio = append(audio, s)
		}
	}
	made, err := r.place(r.what.Name, r.what.Codec, video, c)
	if err != nil {
		return nil, err
	}
	list := []*trace.Trace{made}
	if r.what.Speech != "" {
		speech, err := r.place(r.what.Speech, "opus", audio, c)
		if err != nil {
			return nil, err
		}
		list = append(list, speech)
	}
	return list, nil
}

// place makes one trace of the encodings of one track.
func (r *receiver) place(name, codec string, streams []*stream, c cut) (*trace.Trace, error) {
	t := &trace.Trace{Name: name, Codec: codec}
	var all [][]take
	for _, s := range streams {
		takes := r.takes(s)
		if !slices.ContainsFunc(takes, func(k take) bool { return c.holds(k.at) }) {
			return nil, fmt.Errorf("%w of %s %s", errSilence, name, s.rid)
		}
		t.Clock = s.clock
		all = append(all, takes)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w of %s", errSilence, name)
	}
	align(all)
	first, ticks := round(all[0], c, t.Clock, codec == "opus")
	t.Ticks = uint32(ticks) //nolint:gosec // some seconds
	start := beginning(all, first, ticks)
	for i, takes := range all {
		l := trace.Layer{RID: streams[i].rid}
		for _, k := range takes {
			if k.width > 0 {
				l.Width, l.Height = uint16(k.width), uint16(k.height) //nolint:gosec // of a picture
			}
			switch since := k.timestamp - first; {
			case since >= 0 && since < ticks:
				k.frame.Ticks, k.frame.At = uint32(since), k.at.Sub(start).Round(time.Microsecond)
				l.Frames = append(l.Frames, k.frame)
			case since >= ticks && k.frame.Key && k.at.After(c.to):
				l.Keys = append(l.Keys, k.frame)
			}
		}
		t.Layers = append(t.Layers, l)
	}
	return t, nil
}

// takes puts a stream's packets together to frames.
func (r *receiver) takes(s *stream) (list []take) {
	seen := map[uint16]sighting{}
	for _, g := range r.wire.sightings() {
		if g.ssrc == s.ssrc {
			seen[g.number] = g
		}
	}
	r.mu.Lock()
	notes := slices.Clone(s.notes)
	r.mu.Unlock()
	var last uint32
	var stamp int64
	for i, n := range notes {
		g, ok := seen[n.number]
		if !ok {
			continue
		}
		if i == 0 {
			last = g.timestamp
		}
		stamp += int64(int32(g.timestamp - last)) //nolint:gosec // wraps by design
		last = g.timestamp
		if len(list) == 0 || list[len(list)-1].timestamp != stamp || list[len(list)-1].frame.Spatial != n.shape.spatial {
			list = append(list, take{at: g.at, timestamp: stamp})
		}
		list[len(list)-1].add(n, g)
	}
	for i := 1; i < len(list); i++ { // what is above a keyframe in its picture belongs to it
		old := list[i-1]
		list[i].frame.Key = list[i].frame.Key || old.frame.Key && old.timestamp == list[i].timestamp
	}
	return list
}

// add puts a packet to its frame.
func (k *take) add(n note, g sighting) {
	f := &k.frame
	f.Key = f.Key || n.shape.key
	f.Temporal, f.Spatial = n.shape.temporal, n.shape.spatial
	f.Sync = f.Sync || n.shape.sync
	f.Marked = f.Marked || n.marker
	if n.shape.width > 0 {
		k.width, k.height = n.shape.width, n.shape.height
	}
	if n.level != nil {
		f.Level, f.Voice = n.level.Level, n.level.Voice
	}
	after := g.at.Sub(k.at).Round(time.Microsecond)
	if p := f.Packets; len(p) > 0 {
		after = max(after, p[len(p)-1].After)
	}
	f.Packets = append(f.Packets, trace.Packet{After: after, Size: n.size})
}

// align gives the layers of one picture one timestamp: each stream counts from a number of its own. The layers of a
// picture leave one behind the other, far closer than two pictures do.
func align(all [][]take) {
	for _, takes := range all[1:] {
		votes := map[int64]int{}
		for _, k := range takes {
			near := slices.MinFunc(all[0], func(a, b take) int {
				return cmp.Compare(k.at.Sub(a.at).Abs(), k.at.Sub(b.at).Abs())
			})
			votes[k.timestamp-near.timestamp]++
		}
		var offset int64
		for d, n := range votes {
			if n > votes[offset] {
				offset = d
			}
		}
		for i := range takes {
			takes[i].timestamp -= offset
		}
	}
}

// opusTicks is the time of one Opus packet.
const opusTicks = 960

// round tells where the round begins and how long it is, in timestamps: so that the first frame follows the last at the
// usual distance.
func round(takes []take, c cut, clock uint32, audio bool) (first, ticks int64) {
	var inside []take
	for _, k := range takes {
		if c.holds(k.at) {
			inside = append(inside, k)
		}
	}
	first = inside[0].timestamp
	if audio {
		return first, int64(c.to.Sub(c.from).Seconds()*float64(clock)) / opusTicks * opusTicks
	}
	var steps []int64
	for i := 1; i < len(inside); i++ {
		if d := inside[i].timestamp - inside[i-1].timestamp; d > 0 {
			steps = append(steps, d)
		}
	}
	slices.Sort(steps)
	usual := int64(clock) / 30
	if len(steps) > 0 {
		usual = steps[len(steps)/2]
	}
	return first, inside[len(inside)-1].timestamp - first + usual
}

// beginning is when the first packet of the round left.
func beginning(all [][]take, first, ticks int64) (start time.Time) {
	for _, takes := range all {
		for _, k := range takes {
			if since := k.timestamp - first; since >= 0 && since < ticks && (start.IsZero() || k.at.Before(start)) {
				start = k.at
			}
		}
	}
	return start
}
