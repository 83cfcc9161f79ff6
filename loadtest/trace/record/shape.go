package main

import (
	"github.com/pion/rtp/codecs"
)

// A shape is where a packet stands in its picture, as its payload says.
type shape struct {
	key      bool
	temporal uint8
	spatial  uint8
	begins   bool // the picture of its spatial layer
	sync     bool // nothing but its own layer's base is needed to begin here
	width    int  // where the packet tells; 0: it doesn't
	height   int
}

// A shapeReader reads the shapes of one stream's packets in order.
type shapeReader struct {
	codec string
	last  shape
	dependencies
}

func newShapeReader(codec string) *shapeReader { return &shapeReader{codec: codec} }

// read takes a payload and its dependency descriptor, which may be missing.
func (r *shapeReader) read(p, descriptor []byte) shape {
	switch r.codec {
	case "VP8":
		return r.vp8(p)
	case "VP9":
		return r.vp9(p)
	case "H264":
		return r.h264(p)
	case "AV1":
		return r.av1(p, descriptor)
	default:
		return shape{}
	}
}

// vp8 reads RFC 7741.
func (r *shapeReader) vp8(p []byte) shape {
	var d codecs.VP8Packet
	body, err := d.Unmarshal(p)
	if err != nil {
		return shape{}
	}
	s := shape{temporal: d.TID, sync: d.Y == 1, begins: d.S == 1 && d.PID == 0}
	if !s.begins {
		s.key = r.last.key
		return s
	}
	if s.key = len(body) >= 10 && body[0]&1 == 0; s.key {
		s.width = (int(body[6]) | int(body[7])<<8) & 0x3fff
		s.height = (int(body[8]) | int(body[9])<<8) & 0x3fff
	}
	r.last = s
	return s
}

// vp9 reads RFC 9628.
func (r *shapeReader) vp9(p []byte) shape {
	var d codecs.VP9Packet
	if _, err := d.Unmarshal(p); err != nil {
		return shape{}
	}
	s := shape{temporal: d.TID, spatial: d.SID, begins: d.B, sync: d.U, key: !d.P && d.SID == 0}
	if len(d.Width) > 0 {
		s.width, s.height = int(d.Width[len(d.Width)-1]), int(d.Height[len(d.Height)-1])
	}
	return s
}

// NAL unit types of RFC 6184 and H.264 table 7-1.
const (
	nalIDR   = 5
	nalSPS   = 7
	nalSTAPA = 24
	nalFUA   = 28
)

// h264 reads RFC 6184. It has no temporal layers that a payload would tell.
func (r *shapeReader) h264(p []byte) shape {
	if len(p) < 2 {
		return shape{}
	}
	kind := p[0] & 0x1f
	switch kind {
	case nalSTAPA:
		if len(p) > 3 {
			kind = p[3] & 0x1f
		}
	case nalFUA:
		kind = p[1] & 0x1f
	}
	return shape{key: kind == nalIDR || kind == nalSPS}
}

// av1 reads the aggregation header of the AV1 RTP specification, section 4.4; layers stand in the dependency
// descriptor.
func (r *shapeReader) av1(p, descriptor []byte) shape {
	if len(p) < 1 {
		return shape{}
	}
	spatial, temporal := r.layer(descriptor)
	return shape{key: p[0]&0x08 != 0, spatial: spatial, temporal: temporal}
}
