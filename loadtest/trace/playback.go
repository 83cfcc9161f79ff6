package trace

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"salon/loadtest/media"
)

// A Playback lets every publisher of a run send recordings: speech, and a camera's and a screen's picture in one codec.
// Each begins at another place of its recording. It implements media.Maker.
type Playback struct {
	codec  media.Codec
	layers int // of video, from the largest
	traces [3]*Trace
}

// NewPlayback loads the recordings of a video codec. layers is how many of them cameras and screens send, from the
// largest; fewer where the recording has fewer. screen says that there must be a screen's. The error wraps ErrUnknown
// when there is no such recording.
func NewPlayback(codec media.Codec, layers int, screen bool) (*Playback, error) {
	p := &Playback{codec: codec, layers: max(layers, 1)}
	of := "-" + strings.ToLower(string(codec))
	for kind, name := range [...]string{
		media.Microphone: "speech-opus", media.Camera: "camera" + of, media.Screen: "screen" + of,
	} {
		kind := media.Kind(kind) //nolint:gosec // one of three
		t, err := Load(name)
		if kind == media.Screen && !screen && errors.Is(err, ErrUnknown) {
			continue
		}
		if err == nil && int64(t.Clock) != clockOf(kind) {
			err = fmt.Errorf("%w: timestamps of %d Hz", ErrFormat, t.Clock)
		}
		if err != nil {
			return nil, err
		}
		p.traces[kind] = t
	}
	return p, nil
}

func clockOf(k media.Kind) int64 {
	if k.Video() {
		return media.VideoClock
	}
	return media.AudioClock
}

// Name implements media.Maker.
func (p *Playback) Name() string { return "trace" }

// VideoCodec implements media.Maker.
func (p *Playback) VideoCodec() media.Codec { return p.codec }

// Make implements media.Maker. All sources of a track are one's who sends it.
func (p *Playback) Make(seat int, kind media.Kind, seed uint64) []media.Source {
	t := p.traces[kind]
	if t == nil {
		return nil
	}
	if n := len(t.Layers) - p.layers; n > 0 {
		largest := *t
		largest.Layers = t.Layers[n:]
		t = &largest
	}
	track := media.TrackID(seat, kind, 0)
	rng := rand.New(rand.NewPCG(seed, uint64(track))) //nolint:gosec // a repeatable load, no secret
	player := NewPlayer(t, time.Duration(rng.Int64N(int64(t.Length()))))
	var list []media.Source
	for i, r := range player.Reels() {
		id := media.LayerID(track, i)
		if kind.Video() {
			list = append(list, &picture{reel: r, pack: media.NewPacketizer(id, p.codec, seed), spatials: r.layer.spatials()})
		} else {
			list = append(list, &speech{reel: r, Voice: media.NewVoice(id)})
		}
	}
	return list
}

// picture is one layer of recorded video.
type picture struct {
	reel     *Reel
	pack     *media.Packetizer
	spatials uint8
	due      time.Duration // the last run was
	sizes    []int
}

func (p *picture) Wait() time.Duration { return p.reel.Due() - p.due }

func (p *picture) Sent() (packets, frames uint32) { return p.pack.Sent() }

func (p *picture) Next(now time.Time, key bool) media.Burst {
	if key {
		p.reel.WantKey()
	}
	r := p.reel.Next()
	p.due = r.At
	f, l := r.Frame, p.reel.layer
	if r.Begins() {
		p.pack.Begin(len(f.Packets), media.Picture{
			Key: f.Key, Temporal: f.Temporal, Spatial: f.Spatial, Sync: f.Sync,
			Spatials: p.spatials, Width: l.Width, Height: l.Height,
		})
	}
	p.sizes = p.sizes[:0]
	for _, packet := range f.Packets[r.From:r.To] {
		p.sizes = append(p.sizes, packet.Size)
	}
	return media.Burst{
		Payloads: p.pack.Pack(now, p.sizes...), Timestamp: uint32(r.Ticks), Key: f.Key, Marker: f.Marked && r.Ends(), //nolint:gosec // wraps by design
	}
}

// speech is recorded audio: a packet is a run and a frame.
type speech struct {
	*media.Voice
	reel *Reel
	due  time.Duration // the last packet was
}

func (s *speech) Wait() time.Duration { return s.reel.Due() - s.due }

func (s *speech) Next(now time.Time, _ bool) media.Burst {
	r := s.reel.Next()
	s.due = r.At
	level := media.Level(min(r.Frame.Level, uint8(media.Silent)))
	if r.Frame.Voice {
		level |= media.Voiced
	}
	return media.Burst{
		Payloads: s.Pack(now, r.Frame.Bytes()), Timestamp: uint32(r.Ticks), Marker: r.Frame.Marked, Level: level, //nolint:gosec // wraps by design
	}
}
