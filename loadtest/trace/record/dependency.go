package main

// dependencies remembers what a dependency descriptor's templates say of layers (AV1 RTP specification, appendix A).
type dependencies struct {
	offset int
	layers [][2]uint8 // spatial, temporal of each template
}

// What template_layers() says of the next template, A.8.3.
const (
	sameLayer = iota
	nextTemporal
	nextSpatial
	lastTemplate
)

// layer reads the layer of a packet from its descriptor; 0, 0 where there is none.
func (d *dependencies) layer(raw []byte) (spatial, temporal uint8) {
	if len(raw) < 3 {
		return 0, 0
	}
	template := int(raw[0] & 0x3f)
	if len(raw) > 4 && raw[3]&0x80 != 0 { // with templates
		d.learn(raw)
	}
	i := (template + 64 - d.offset) % 64
	if i >= len(d.layers) {
		return 0, 0
	}
	return d.layers[i][0], d.layers[i][1]
}

// learn reads the layers of the templates. They follow five flags, an offset of six bits and a count of five.
func (d *dependencies) learn(raw []byte) {
	at := 24 + 5
	bits := func(n int) (v int) {
		for range n {
			v <<= 1
			if at/8 < len(raw) {
				v |= int(raw[at/8]>>(7-at%8)) & 1
			}
			at++
		}
		return v
	}
	d.offset = bits(6)
	bits(5)
	d.layers = d.layers[:0]
	var spatial, temporal uint8
	for len(d.layers) < 64 {
		d.layers = append(d.layers, [2]uint8{spatial, temporal})
		switch bits(2) {
		case sameLayer:
		case nextTemporal:
			temporal++
		case nextSpatial:
			spatial, temporal = spatial+1, 0
		case lastTemplate:
			return
		}
	}
}
