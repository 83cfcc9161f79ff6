package media

import (
	"fmt"
	"slices"
	"strings"
)

// Shape is synthetic media. The zero value is 50 packets of Opus and 153 of VP8 a second, 1.2 Mbit/s, in frames of about
// five packets that leave as bursts.
type Shape struct {
	Codec        Codec   `json:"codec"`         // of video; VP8
	FPS          int     `json:"fps"`           // video frames a second; 30
	FramePackets float64 `json:"frame_packets"` // packets of a frame on average; 5.1
	PacketBytes  int     `json:"packet_bytes"`  // of a video packet's payload; 980
	AudioBytes   int     `json:"audio_bytes"`   // of an audio packet's payload; 80
	Layers       int     `json:"layers"`        // simulcast layers of video, 1 to 3; 1
	DTX          bool    `json:"dtx,omitempty"` // speakers pause, and hardly anything is sent meanwhile
}

// WithDefaults fills what is zero.
func (m Shape) WithDefaults() Shape {
	if m.Codec == "" {
		m.Codec = VP8
	}
	if m.FPS == 0 {
		m.FPS = 30
	}
	if m.FramePackets == 0 {
		m.FramePackets = 5.1
	}
	if m.PacketBytes == 0 {
		m.PacketBytes = 980
	}
	if m.Layers == 0 {
		m.Layers = 1
	}
	if m.AudioBytes == 0 {
		m.AudioBytes = 80
	}
	return m
}

// Bounds of what goes into one UDP datagram and into one Stamp.
const (
	minPacketBytes  = 24 + StampSize // behind the longest descriptor
	maxFramePackets = 60             // a keyframe has keyframeFactor times as many
)

// Validate tells what can't be sent; the error wraps ErrBounds.
func (m Shape) Validate() error {
	m = m.WithDefaults()
	if m.FPS < 1 || m.FPS > 120 || m.FramePackets < 1 || m.FramePackets > maxFramePackets ||
		m.Layers < 1 || m.Layers > MaxLayers || m.PacketBytes < minPacketBytes || m.PacketBytes > MaxPacketBytes ||
		m.AudioBytes < 1+StampSize || m.AudioBytes > MaxPacketBytes {
		return fmt.Errorf("%w: 1 to 120 frames/s of 1 to %d packets of %d to %d bytes",
			ErrBounds, maxFramePackets, minPacketBytes, MaxPacketBytes)
	}
	if !slices.Contains(codecs(), m.Codec) {
		return fmt.Errorf("%w: no video codec %q; there are %v", ErrBounds, m.Codec, codecs())
	}
	return nil
}

// MaxLayers is what browsers send at most.
const MaxLayers = 3

// layer returns the media of one of m's layers: the largest is as m says, the smaller ones as browsers send beside
// 720p: 180p in one packet a frame, 360p in two.
func (m Shape) layer(i int) Shape {
	switch m.Layers - i {
	case 3:
		m.FramePackets, m.PacketBytes = 1, 620
	case 2:
		if m.Layers == MaxLayers {
			m.FramePackets, m.PacketBytes = 2.1, 980
		} else {
			m.FramePackets, m.PacketBytes = 1, 620
		}
	}
	return m
}

// screen returns what a shared screen is like beside this camera: few frames, large ones, one layer.
func (m Shape) screen() Shape {
	m.Layers, m.FPS = 1, 5
	m.FramePackets = min(3*m.FramePackets, maxFramePackets)
	return m
}

// Name implements Maker.
func (m Shape) Name() string { return "synthetic" }

// VideoCodec implements Maker.
func (m Shape) VideoCodec() Codec { return m.Codec }

// Make implements Maker; m has its defaults.
func (m Shape) Make(seat int, kind Kind, seed uint64) []Source {
	switch kind {
	case Microphone:
		return []Source{newTalk(TrackID(seat, kind, 0), m, seed)}
	case Screen:
		m = m.screen()
	case Camera:
	}
	sources := make([]Source, m.Layers)
	for i := range sources {
		sources[i] = newSynthetic(TrackID(seat, kind, i), m.layer(i), seed)
	}
	return sources
}

// ParseCodec reads the name of a video codec in upper or lower case; the error wraps ErrBounds.
func ParseCodec(name string) (Codec, error) {
	for _, c := range codecs() {
		if strings.EqualFold(string(c), name) {
			return c, nil
		}
	}
	return "", fmt.Errorf("%w: no video codec %q; there are %v", ErrBounds, name, codecs())
}
