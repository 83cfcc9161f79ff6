package packet

import (
	"errors"
	"testing"
)

func describe(t testing.TB, c Codec, marker bool, payload ...byte) (Descriptor, error) {
	t.Helper()
	raw := header(0, payload...)
	if !marker {
		raw[1] &^= flagMarker
	}
	p := received(t, raw)
	err := p.Describe(c)
	return p.Descriptor, err
}

func TestDescribe(t *testing.T) {
	tests := map[string]struct {
		codec   Codec
		payload []byte
		want    Descriptor // without Codec and codec fields; End is checked as given (the packets have no marker)
	}{
		"audio is always a place to start": {Opus, []byte{0x78, 1}, Descriptor{Keyframe: true, Start: true, End: true, Sync: true}},
		"audio without payload too":        {RED, nil, Descriptor{Keyframe: true, Start: true, End: true, Sync: true}},
		"unknown is taken for a keyframe":  {Unknown, []byte{1}, Descriptor{Keyframe: true, Start: true, End: true, Sync: true}},
		"video without payload is nothing": {VP8, nil, Descriptor{}},

		// RFC 7741: X=0, S=1; then the frame tag, whose lowest bit is set in inter frames.
		"VP8 keyframe, shortest descriptor":    {VP8, []byte{0x10, 0x10}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"VP8 inter frame":                      {VP8, []byte{0x10, 0x11}, Descriptor{Start: true}},
		"VP8 keyframe, later packet":           {VP8, []byte{0x00, 0x10}, Descriptor{}},
		"VP8 start of another partition":       {VP8, []byte{0x11, 0x10}, Descriptor{}},
		"VP8 descriptor and nothing else":      {VP8, []byte{0x10}, Descriptor{Start: true}},
		"VP8 15-bit picture id":                {VP8, []byte{0x90, 0x80, 0x81, 0x02, 0x10}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"VP8 layer 2, not a sync":              {VP8, []byte{0x90, 0x20, 0x80, 0x11}, Descriptor{Start: true, Temporal: 2}},
		"VP8 layer 1, sync":                    {VP8, []byte{0x90, 0xE0, 0x05, 0x09, 0x60, 0x11}, Descriptor{Start: true, Temporal: 1, Sync: true}},
		"VP8 key index without temporal layer": {VP8, []byte{0x80, 0x10, 0xFF, 0x11}, Descriptor{}},

		// RFC 9628: I P L F B E V Z.
		"VP9 keyframe without layers":           {VP9, []byte{0x88, 0x05}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"VP9 inter picture":                     {VP9, []byte{0xC8, 0x05}, Descriptor{Start: true}},
		"VP9 later packet of a keyframe":        {VP9, []byte{0x84, 0x05}, Descriptor{End: true}},
		"VP9 upper spatial layer of a key":      {VP9, []byte{0xA8, 0x05, 0x03, 0x01}, Descriptor{Start: true, Spatial: 1}},
		"VP9 temporal layer 2, switching point": {VP9, []byte{0xE8, 0x80, 0x05, 0x50, 0x01}, Descriptor{Start: true, Temporal: 2, Sync: true}},
		"VP9 flexible mode with references": {
			VP9, []byte{0xFC, 0x80, 0x05, 0x24, 0x03, 0x02}, Descriptor{Start: true, End: true, Temporal: 1, Spatial: 2},
		},
		"VP9 structure with resolutions and group": {
			VP9, []byte{0x8A, 0x05, 0x38, 1, 0x40, 0, 0xB4, 2, 0x80, 1, 0x68, 2, 0x04, 0xFF, 0x48, 1, 2},
			Descriptor{Keyframe: true, Start: true, Sync: true},
		},

		// RFC 6184.
		"H264 SPS alone":             {H264, []byte{0x67, 0x42}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"H264 PPS alone":             {H264, []byte{0x68, 0xCE}, Descriptor{}},
		"H264 IDR slice":             {H264, []byte{0x65, 0x88}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"H264 later IDR slice":       {H264, []byte{0x65, 0x28}, Descriptor{}},
		"H264 slice":                 {H264, []byte{0x41, 0x9A}, Descriptor{Start: true}},
		"H264 STAP-A with SPS":       {H264, []byte{0x78, 0, 2, 0x67, 0x42, 0, 1, 0x68}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"H264 STAP-A with slice":     {H264, []byte{0x78, 0, 1, 0x09, 0, 2, 0x41, 0x9A}, Descriptor{Start: true}},
		"H264 FU-A, start of an IDR": {H264, []byte{0x7C, 0x85, 0x88}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"H264 FU-A, middle of one":   {H264, []byte{0x7C, 0x05, 0x88}, Descriptor{}},
		"H264 FU-B, start of an IDR": {H264, []byte{0x7D, 0x85, 0, 1, 0x88}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"H264 FU-A, start of a slice": {
			H264, []byte{0x5C, 0x81, 0x9A}, Descriptor{Start: true},
		},

		// RFC 7798: type in bits 1 to 6 of the first byte, TID plus one in the second.
		"H265 VPS":                 {H265, []byte{0x40, 0x01, 0x0C}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"H265 IDR slice":           {H265, []byte{0x26, 0x01, 0xAF}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"H265 trailing slice":      {H265, []byte{0x02, 0x03, 0xD0}, Descriptor{Start: true, Temporal: 2}},
		"H265 aggregate with SPS":  {H265, []byte{0x60, 0x01, 0, 2, 0x42, 0x01}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"H265 FU, start of an IDR": {H265, []byte{0x62, 0x01, 0x93, 0xAF}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"H265 FU, middle of one":   {H265, []byte{0x62, 0x01, 0x13, 0xAF}, Descriptor{}},

		// AV1 RTP specification: Z Y W W N - - -.
		"AV1 new sequence":          {AV1, []byte{0x18, 0x08, 0x00}, Descriptor{Keyframe: true, Start: true, Sync: true}},
		"AV1 frame":                 {AV1, []byte{0x10, 0x30, 0x00}, Descriptor{Start: true}},
		"AV1 continuation":          {AV1, []byte{0x90, 0x34, 0x48}, Descriptor{}},
		"AV1 layer of the frame":    {AV1, []byte{0x10, 0x34, 0x48, 0x00}, Descriptor{Start: true, Temporal: 2, Spatial: 1}},
		"AV1 layer behind sequence": {AV1, []byte{0x28, 0x02, 0x08, 0x00, 0x34, 0x20}, Descriptor{Keyframe: true, Start: true, Sync: true, Temporal: 1}},
		"AV1 with all lengths":      {AV1, []byte{0x00, 0x01, 0x30, 0x02, 0x34, 0x08}, Descriptor{Start: true, Spatial: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := describe(t, test.codec, false, test.payload...)
			if err != nil {
				t.Fatal(err)
			}
			if got.Codec != test.codec {
				t.Errorf("codec %v", got.Codec)
			}
			got.Codec, got.VP8, got.VP9 = Unknown, VP8Descriptor{}, VP9Descriptor{}
			if got != test.want {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestDescribeRefusesWhatIsCutOff(t *testing.T) {
	tests := map[string]struct {
		codec   Codec
		payload []byte
	}{
		"VP8 flags":                {VP8, []byte{0x90}},
		"VP8 picture id":           {VP8, []byte{0x90, 0x80}},
		"VP8 second half of it":    {VP8, []byte{0x90, 0x80, 0x80}},
		"VP8 TL0":                  {VP8, []byte{0x90, 0xC0, 0x01}},
		"VP8 temporal layer":       {VP8, []byte{0x90, 0x20}},
		"VP9 picture id":           {VP9, []byte{0x80}},
		"VP9 second half of it":    {VP9, []byte{0x80, 0x80}},
		"VP9 layer":                {VP9, []byte{0x20}},
		"VP9 TL0":                  {VP9, []byte{0x20, 0x00}},
		"VP9 references":           {VP9, []byte{0x50, 0x01}},
		"VP9 structure":            {VP9, []byte{0x02}},
		"VP9 resolutions":          {VP9, []byte{0x02, 0x30, 0, 0, 0, 0}},
		"VP9 group":                {VP9, []byte{0x02, 0x08, 3, 0}},
		"H264 FU":                  {H264, []byte{0x7C}},
		"H264 STAP-A length":       {H264, []byte{0x78, 0}},
		"H264 STAP-A unit":         {H264, []byte{0x78, 0, 2, 1}},
		"H264 STAP-A unit of none": {H264, []byte{0x78, 0, 0}},
		"H265 header":              {H265, []byte{0x40}},
		"H265 FU":                  {H265, []byte{0x62, 0x01}},
		"H265 unit without header": {H265, []byte{0x60, 0x01, 0, 1, 0x42}},
		"AV1 length":               {AV1, []byte{0x00, 0x80}},
		"AV1 element":              {AV1, []byte{0x00, 0x03, 1, 2}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := describe(t, test.codec, true, test.payload...)
			if !errors.Is(err, ErrShort) {
				t.Errorf("error %v", err)
			}
			if got != (Descriptor{Codec: test.codec}) {
				t.Errorf("got %+v", got)
			}
		})
	}
	if _, err := describe(t, VP9, true, 0x50, 1, 1, 1, 0); !errors.Is(err, ErrDescriptor) {
		t.Errorf("four references give %v", err)
	}
}

func TestMarkerEndsAFrame(t *testing.T) {
	for _, c := range []Codec{VP8, H264, AV1} {
		if d, err := describe(t, c, true, 0x10, 0x11, 0x11); err != nil || !d.End {
			t.Errorf("%v: %+v, %v", c, d, err)
		}
	}
}

func TestVP8Rewrite(t *testing.T) {
	tests := map[string]struct{ payload, want []byte }{
		"nothing there":     {[]byte{0x10, 7}, []byte{0x10, 7}},
		"7-bit picture id":  {[]byte{0x90, 0x80, 0x05, 7}, []byte{0x90, 0x80, 0x34, 7}},
		"15-bit picture id": {[]byte{0x90, 0x80, 0x80, 0x05, 7}, []byte{0x90, 0x80, 0xD2, 0x34, 7}},
		"all fields": {
			[]byte{0x90, 0xF0, 0x80, 0x05, 1, 0xA1, 7}, []byte{0x90, 0xF0, 0xD2, 0x34, 0x56, 0xB8, 7},
		},
		"TL0 and layer":            {[]byte{0x90, 0x60, 1, 0x60, 7}, []byte{0x90, 0x60, 0x56, 0x60, 7}},
		"key index alone":          {[]byte{0x90, 0x10, 0x41, 7}, []byte{0x90, 0x10, 0x58, 7}},
		"7-bit id and key index":   {[]byte{0x90, 0x90, 5, 0xC1, 7}, []byte{0x90, 0x90, 0x34, 0xD8, 7}},
		"7-bit id, TL0 and layers": {[]byte{0x90, 0xE0, 5, 1, 0x20, 7}, []byte{0x90, 0xE0, 0x34, 0x56, 0x20, 7}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := describe(t, VP8, false, test.payload...)
			if err != nil {
				t.Fatal(err)
			}
			if int(d.VP8.Size) != len(test.payload)-1 {
				t.Errorf("size %d", d.VP8.Size)
			}
			got := append([]byte(nil), test.payload...)
			d.VP8.Rewrite(got, 0x5234, 0x56, 0x78)
			if string(got) != string(test.want) {
				t.Errorf("got %x, want %x", got, test.want)
			}
		})
	}
}

func TestVP9Rewrite(t *testing.T) {
	tests := map[string]struct{ payload, want []byte }{
		"nothing there":        {[]byte{0x08, 7}, []byte{0x08, 7}},
		"7-bit picture id":     {[]byte{0x88, 5, 7}, []byte{0x88, 0x34, 7}},
		"15-bit id and layers": {[]byte{0xA8, 0x80, 5, 0x10, 1, 7}, []byte{0xA8, 0xD2, 0x34, 0x10, 0x56, 7}},
		"flexible has no TL0":  {[]byte{0xB8, 5, 0x10, 7}, []byte{0xB8, 0x34, 0x10, 7}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := describe(t, VP9, false, test.payload...)
			if err != nil {
				t.Fatal(err)
			}
			if int(d.VP9.Size) != len(test.payload)-1 {
				t.Errorf("size %d", d.VP9.Size)
			}
			got := append([]byte(nil), test.payload...)
			d.VP9.Rewrite(got, 0x5234, 0x56)
			if string(got) != string(test.want) {
				t.Errorf("got %x, want %x", got, test.want)
			}
		})
	}
}

func TestVP9StructureTellsItsLayers(t *testing.T) {
	d, err := describe(t, VP9, false, 0x8A, 0x05, 0x40, 7)
	if err != nil || d.VP9.Spatials != 3 || d.VP9.Size != 3 {
		t.Errorf("got %+v, %v", d.VP9, err)
	}
}
