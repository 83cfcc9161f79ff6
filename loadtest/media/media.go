// Package media makes what publishers send, as payloads of RTP: which packets a frame has, how large they are, when the
// next one is due, and the Stamp in each by which a receiver measures without asking the sender.
//
// What it decides: the bytes behind the RTP header, and their times. What it never does: send, number RTP packets,
// encrypt, read a clock. A Source is where other media plugs in; this package has the synthetic ones (video.go,
// audio.go). The goroutine that sends a track owns its sources.
package media

import (
	"fmt"
	"time"
)

// Shape is what a publisher sends. The zero value is 50 packets of Opus and 153 of VP8 a second, 1.2 Mbit/s, in frames
// of about five packets that leave as bursts.
type Shape struct {
	FPS          int     `json:"fps"`           // video frames a second; 30
	FramePackets float64 `json:"frame_packets"` // packets of a frame on average; 5.1
	PacketBytes  int     `json:"packet_bytes"`  // of a video packet's payload; 980
	AudioBytes   int     `json:"audio_bytes"`   // of an audio packet's payload; 80
	Layers       int     `json:"layers"`        // simulcast layers of video, 1 to 3; 1
	NoAudio      bool    `json:"no_audio,omitempty"`
	NoVideo      bool    `json:"no_video,omitempty"`
}

func (m Shape) WithDefaults() Shape {
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
	minPacketBytes  = vp8Overhead + stampSize
	maxPacketBytes  = 1150
	maxFramePackets = 60 // a keyframe has keyframeFactor times as many, and of is a byte
)

func (m Shape) Validate() error {
	m = m.WithDefaults()
	if m.FPS < 1 || m.FPS > 120 || m.FramePackets < 1 || m.FramePackets > maxFramePackets ||
		m.Layers < 1 || m.Layers > MaxLayers || m.PacketBytes < minPacketBytes || m.PacketBytes > maxPacketBytes ||
		m.AudioBytes < 1+stampSize || m.AudioBytes > maxPacketBytes {
		return fmt.Errorf("%w: 1 to 120 frames/s of 1 to %d packets of %d to %d bytes",
			ErrBounds, maxFramePackets, minPacketBytes, maxPacketBytes)
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

// A Frame is what leaves as one burst: one audio packet or the packets of a picture.
type Frame struct {
	Layer     int
	Payloads  [][]byte // the last one carries the marker where it is video
	Timestamp uint32
	key       bool
}

// An Source makes the frames of one track. It reads no clock. The payloads are valid until the next call.
type Source interface {
	Encode(now time.Time, key bool) Frame
	Every() time.Duration
	// Sent is how many packets it has made: the number the next one gets.
	Sent() uint32
}
