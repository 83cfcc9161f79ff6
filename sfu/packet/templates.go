package packet

import (
	"fmt"
	"math/bits"
)

// read reads template_dependency_structure() of the AV1 RTP specification, A.8.2, into t, which must be the zero value.
func (t *Templates) read(r *bitReader) error {
	t.offset = uint8(r.bits(6))
	t.targetCount = uint8(r.bits(5)) + 1
	if err := t.readLayers(r); err != nil {
		return err
	}
	for i := range t.count {
		t.indications[i] = r.pairs(int(t.targetCount))
	}
	for range t.count {
		for r.flag() {
			r.skip(4) // how many frames back a reference lies
		}
	}
	t.readChains(r)
	t.findTargets()
	if r.flag() { // resolutions, for each spatial layer 16 bits of width and of height
		r.skip(32 * int(t.spatial[t.count-1]+1))
	}
	if r.short {
		return fmt.Errorf("template structure: %w", ErrShort)
	}
	return nil
}

// readLayers reads the layer of each template: each is on the layer of the one before, or on the next temporal or spatial one.
func (t *Templates) readLayers(r *bitReader) error {
	const (
		same = iota
		nextTemporal
		nextSpatial
		end
	)
	var spatial, temporal uint8
	for step := uint32(same); step != end; step = r.bits(2) {
		switch step {
		case nextTemporal:
			temporal++
		case nextSpatial:
			temporal = 0
			spatial++
		}
		if t.count == maxTemplates || spatial == maxSpatial || temporal == maxTemporal || r.short {
			return fmt.Errorf("template layers: %w", ErrDescriptor)
		}
		t.spatial[t.count], t.temporal[t.count] = spatial, temporal
		t.count++
	}
	return nil
}

func (t *Templates) readChains(r *bitReader) {
	t.chains = uint8(r.nonSymmetric(uint32(t.targetCount) + 1))
	if t.chains == 0 {
		return
	}
	for range t.targetCount {
		r.nonSymmetric(uint32(t.chains)) // which chain protects the target
	}
	r.skip(4 * int(t.count) * int(t.chains))
}

// findTargets derives the layer of each target: the highest of the templates that it needs.
func (t *Templates) findTargets() {
	for target := range t.targetCount {
		for i := range t.count {
			if t.indications[i]>>(2*target)&3 == 0 {
				continue
			}
			t.targets[target].Spatial = max(t.targets[target].Spatial, t.spatial[i])
			t.targets[target].Temporal = max(t.targets[target].Temporal, t.temporal[i])
		}
	}
}

// bitReader reads bits, most significant first. Behind the end it sets short and yields zeros, so loops over flags end.
type bitReader struct {
	b     []byte
	at    int // bits read
	short bool
}

func (r *bitReader) skip(n int) {
	r.at += n
	if r.at > 8*len(r.b) {
		r.at, r.short = 8*len(r.b), true
	}
}

// bits reads n bits, at most 32.
func (r *bitReader) bits(n int) uint32 {
	if n > 8*len(r.b)-r.at {
		r.skip(n)
		return 0
	}
	v := uint32(0)
	for n > 0 {
		free := 8 - r.at%8
		take := min(free, n)
		v = v<<take | uint32(r.b[r.at/8])>>(free-take)&(1<<take-1)
		r.at += take
		n -= take
	}
	return v
}

func (r *bitReader) flag() bool { return r.bits(1) == 1 }

// pairs reads n numbers of two bits, at most 32; the first comes to lie lowest.
func (r *bitReader) pairs(n int) uint64 {
	v := uint64(0)
	for i := range n {
		v |= uint64(r.bits(2)) << (2 * i)
	}
	return v
}

// nonSymmetric reads a number below n, which must not be 0: ns(n) of the specification, A.8.1.
func (r *bitReader) nonSymmetric(n uint32) uint32 {
	w := bits.Len32(n)
	short := uint32(1)<<w - n // so many values do with one bit less
	v := r.bits(w - 1)
	if v < short {
		return v
	}
	return v<<1 + r.bits(1) - short
}
