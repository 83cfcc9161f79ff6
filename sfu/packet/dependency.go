package packet

import (
	"encoding/binary"
	"fmt"
)

// Limits and bits of the dependency descriptor (AV1 RTP specification, appendix A).
const (
	dependencyMandatory = 3    // bytes of the fields that each descriptor has
	ddStart             = 0x80 // first byte: first packet of a frame
	ddEnd               = 0x40 // first byte: last packet of a frame
	ddStructure         = 0x80 // fourth byte: template structure attached

	maxTemplates = 64
	maxTargets   = 32
	maxSpatial   = 4 // spatial ids are 0 to 3
	maxTemporal  = 8 // temporal ids are 0 to 7
)

// Indication says what a frame is to a decode target (DTI).
type Indication uint8

// The decode target indications, with their values on the wire.
const (
	NotPresent  Indication = iota // the target does without the frame
	Discardable                   // no later frame of the target needs it
	Switch                        // the target may be entered here
	Required
)

// Dependency is what one dependency descriptor says of its frame.
type Dependency struct {
	Start, End        bool // first, last packet of the frame
	TemplateID        uint8
	FrameNumber       uint16
	HasStructure      bool // carries the templates: a keyframe
	Spatial, Temporal uint8
	// Active has a bit for each decode target that the sender still feeds; it is in force until the next one that HasActive.
	Active    uint32
	HasActive bool

	indications uint64 // two bits for each decode target
}

// Indication tells what the frame is to a decode target, numbered from 0.
func (d *Dependency) Indication(target int) Indication {
	if target < 0 || target >= maxTargets {
		return NotPresent
	}
	return Indication(d.indications >> (2 * target) & 3)
}

// Target is one decode target: the highest layers that belong to it.
type Target struct{ Spatial, Temporal uint8 }

// Templates is the template structure that a stream announced last, about 1 kB. The zero value knows none. The caller owns it, one
// for each SSRC.
type Templates struct {
	offset      uint8 // id of the first template
	count       uint8
	targetCount uint8
	chains      uint8
	spatial     [maxTemplates]uint8
	temporal    [maxTemplates]uint8
	indications [maxTemplates]uint64
	targets     [maxTargets]Target
}

// Targets returns how many decode targets there are, 0 before the first structure.
func (t *Templates) Targets() int { return int(t.targetCount) }

// Target tells the layers of a decode target, the zero value if there is no such target.
func (t *Templates) Target(i int) Target {
	if i < 0 || i >= int(t.targetCount) {
		return Target{}
	}
	return t.targets[i]
}

// hasStructure looks for attached templates without reading them.
func hasStructure(dd []byte) bool {
	return len(dd) > dependencyMandatory && dd[dependencyMandatory]&ddStructure != 0
}

// Update reads the value of one dependency descriptor extension and keeps the structure that it may carry. After an error t is as it
// was; if the error is ErrTemplate, start, end and numbers of the result are right, and the layer is not known.
func (t *Templates) Update(dd []byte) (Dependency, error) {
	if len(dd) < dependencyMandatory {
		return Dependency{}, fmt.Errorf("dependency descriptor: %w", ErrShort)
	}
	d := Dependency{
		Start:       dd[0]&ddStart != 0,
		End:         dd[0]&ddEnd != 0,
		TemplateID:  dd[0] & 0x3F,
		FrameNumber: binary.BigEndian.Uint16(dd[1:]),
	}
	r := bitReader{b: dd, at: 8 * dependencyMandatory}
	if len(dd) == dependencyMandatory {
		return d, t.resolve(&d, &r, customFields{})
	}
	d.HasStructure = r.flag()
	d.HasActive = r.flag()
	custom := customFields{indications: r.flag(), references: r.flag(), chains: r.flag()}
	if !d.HasStructure {
		d.readActive(&r, t)
		return d, t.resolve(&d, &r, custom)
	}
	var fresh Templates
	if err := fresh.read(&r); err != nil {
		return d, err
	}
	d.readActive(&r, &fresh)
	if err := fresh.resolve(&d, &r, custom); err != nil {
		return d, err
	}
	*t = fresh
	return d, nil
}

func (d *Dependency) readActive(r *bitReader, t *Templates) {
	if d.HasActive {
		d.Active = r.bits(int(t.targetCount))
		return
	}
	if d.HasStructure {
		d.HasActive, d.Active = true, uint32(1<<t.targetCount-1)
	}
}

// customFields tells which of a frame's properties stand in the descriptor itself instead of in its template.
type customFields struct{ indications, references, chains bool }

// resolve finds the frame's template and reads the frame's own fields.
func (t *Templates) resolve(d *Dependency, r *bitReader, custom customFields) error {
	i := (d.TemplateID + maxTemplates - t.offset) % maxTemplates
	if i >= t.count {
		return fmt.Errorf("dependency descriptor: %w", ErrTemplate)
	}
	d.Spatial, d.Temporal, d.indications = t.spatial[i], t.temporal[i], t.indications[i]
	if custom.indications {
		d.indications = r.pairs(int(t.targetCount))
	}
	if custom.references {
		for n := r.bits(2); n != 0; n = r.bits(2) {
			r.bits(4 * int(n))
		}
	}
	if custom.chains {
		r.skip(8 * int(t.chains))
	}
	if r.short {
		return fmt.Errorf("dependency descriptor: %w", ErrShort)
	}
	return nil
}
