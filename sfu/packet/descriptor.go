package packet

import "fmt"

// Descriptor says where a packet stands in its stream. A frame is what the codec's RTP format calls one: in SVC, one spatial layer of
// a picture.
type Descriptor struct {
	Codec Codec
	// Keyframe is true on a packet where a decoder can start: the first of a frame that needs no earlier one. Audio is all such places.
	Keyframe bool
	// Start and End mark the first and last packet of a frame. Start may be true for several packets of one H264 or H265 frame, whose
	// format does not tell; End is the marker where the format has nothing better.
	Start, End bool
	// Spatial and Temporal are the packet's layer, 0 where the codec or the sender has no layers.
	Spatial, Temporal uint8
	// Sync is true where a receiver of lower temporal layers may begin with this one.
	Sync bool
	// VP8 is valid when Codec is VP8, VP9 when it is VP9.
	VP8 VP8Descriptor
	VP9 VP9Descriptor
}

// Describe reads the payload as c and fills Descriptor; a dependency descriptor, if present, has the last word on where frames begin
// and end. Layers which only a dependency descriptor tells come with DescribeLayers. Without payload (padding alone)
// there is nothing to describe and no error. A packet of an Unknown codec counts as a keyframe, as nothing better is known.
// After an error Descriptor holds just the codec.
func (p *Packet) Describe(c Codec) error {
	p.Descriptor = Descriptor{Codec: c, End: p.Marker}
	d, payload := &p.Descriptor, p.Payload()
	if !c.IsVideo() {
		d.Keyframe, d.Start, d.End, d.Sync = true, true, true, true
		return nil
	}
	if len(payload) == 0 {
		d.End = false
		return nil
	}
	if err := d.read(c, payload); err != nil {
		p.Descriptor = Descriptor{Codec: c}
		return fmt.Errorf("%s descriptor: %w", c, err)
	}
	if dd := p.Extension(DependencyDescriptor); len(dd) >= dependencyMandatory {
		d.Start, d.End = dd[0]&ddStart != 0, dd[0]&ddEnd != 0
		d.Keyframe = d.Keyframe || hasStructure(dd)
	}
	d.Sync = d.Sync || d.Keyframe
	return nil
}

func (d *Descriptor) read(c Codec, payload []byte) error {
	switch c {
	case VP8:
		return d.readVP8(payload)
	case VP9:
		return d.readVP9(payload)
	case H264:
		return d.readH264(payload)
	case H265:
		return d.readH265(payload)
	case AV1:
		return d.readAV1(payload)
	case Unknown, Opus, RED:
	}
	return nil
}

// DescribeLayers reads the packet's dependency descriptor with t, the templates of its stream, and puts the layer into Descriptor.
// Call it after Describe. Without that extension it does nothing and returns the zero value.
func (p *Packet) DescribeLayers(t *Templates) (Dependency, error) {
	raw := p.Extension(DependencyDescriptor)
	if raw == nil {
		return Dependency{}, nil
	}
	dd, err := t.Update(raw)
	if err != nil {
		return dd, err
	}
	p.Descriptor.Spatial, p.Descriptor.Temporal = dd.Spatial, dd.Temporal
	return dd, nil
}
