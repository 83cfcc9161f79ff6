package packet

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// bitString packs fields written as "value:bits", separated by spaces; "|" may stand between them for the reader's sake.
func bitString(fields string) []byte {
	var b []byte
	n := 0
	for field := range strings.FieldsSeq(strings.ReplaceAll(fields, "|", " ")) {
		var value, width int
		if _, err := fmt.Sscanf(field, "%d:%d", &value, &width); err != nil {
			panic(err)
		}
		for i := width - 1; i >= 0; i-- {
			if n%8 == 0 {
				b = append(b, 0)
			}
			b[n/8] |= byte(value>>i&1) << (7 - n%8)
			n++
		}
	}
	return b
}

// The structure of scalability mode L2T2 (two spatial, two temporal layers): templates S0T0, S0T1, S1T0, S1T1, of which S1T0 is there
// twice (with and without reference to the picture before); four targets. The indications are those of AV1 RTP specification, A.8.
const (
	mandatory     = "1:1 0:1 10:6 4660:16 | "             // start, template 10, frame 0x1234
	structureL2T2 = "10:6 3:5 | 1:2 2:2 0:2 1:2 3:2 | " + // offset 10, 4 targets; S0T0 S0T1 S1T0 S1T0 S1T1
		"2:2 2:2 2:2 2:2 | 0:2 1:2 0:2 1:2 | 0:2 0:2 2:2 2:2 | 0:2 0:2 3:2 3:2 | 0:2 0:2 0:2 1:2 | " + // indications
		"0:1 | 1:1 0:4 0:1 | 1:1 0:4 0:1 | 1:1 3:4 1:1 0:4 0:1 | 1:1 1:4 0:1 | " + // references
		"2:2 | 0:1 0:1 1:1 1:1 | 4:4 0:4 2:4 0:4 1:4 1:4 1:4 1:4 3:4 2:4 | " // two chains
)

func TestTemplates(t *testing.T) {
	var known Templates
	first, err := known.Update(bitString(mandatory + "1:1 0:1 0:1 0:1 0:1 | " + structureL2T2 + "1:1 319:16 179:16 639:16 359:16"))
	if err != nil {
		t.Fatal(err)
	}
	if !first.Start || first.End || first.TemplateID != 10 || first.FrameNumber != 0x1234 || !first.HasStructure ||
		!first.HasActive || first.Active != 15 || first.Spatial != 0 || first.Temporal != 0 {
		t.Errorf("got %+v", first)
	}
	if known.Targets() != 4 {
		t.Fatalf("%d targets", known.Targets())
	}
	for i, want := range []Target{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
		if got := known.Target(i); got != want {
			t.Errorf("target %d is %v, want %v", i, got, want)
		}
	}
	tests := map[string]struct {
		dd                string
		spatial, temporal uint8
		active            uint32
		indications       []Indication
	}{
		"base layer":              {"1:1 1:1 10:6 1:16", 0, 0, 0, []Indication{Switch, Switch, Switch, Switch}},
		"upper temporal layer":    {"1:1 1:1 11:6 1:16", 0, 1, 0, []Indication{NotPresent, Discardable, NotPresent, Discardable}},
		"upper spatial layer":     {"1:1 1:1 13:6 1:16", 1, 0, 0, []Indication{NotPresent, NotPresent, Required, Required}},
		"both":                    {"1:1 1:1 14:6 1:16", 1, 1, 0, []Indication{NotPresent, NotPresent, NotPresent, Discardable}},
		"fewer targets are fed":   {"1:1 1:1 10:6 1:16 | 0:1 1:1 0:1 0:1 0:1 | 3:4", 0, 0, 3, []Indication{Switch, Switch, Switch, Switch}},
		"own indications":         {"1:1 1:1 11:6 1:16 | 0:1 0:1 1:1 0:1 0:1 | 0:2 2:2 0:2 3:2", 0, 1, 0, []Indication{NotPresent, Switch, NotPresent, Required}},
		"own references":          {"1:1 1:1 11:6 1:16 | 0:1 0:1 0:1 1:1 0:1 | 1:2 5:4 3:2 99:12 0:2", 0, 1, 0, nil},
		"own chains":              {"1:1 1:1 11:6 1:16 | 0:1 0:1 0:1 0:1 1:1 | 1:8 2:8", 0, 1, 0, nil},
		"bytes behind the fields": {"1:1 1:1 11:6 1:16 | 0:32", 0, 1, 0, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dd, err := known.Update(bitString(test.dd))
			if err != nil {
				t.Fatal(err)
			}
			if dd.Spatial != test.spatial || dd.Temporal != test.temporal || dd.Active != test.active || dd.HasActive != (test.active != 0) {
				t.Errorf("got %+v", dd)
			}
			for i, want := range test.indications {
				if got := dd.Indication(i); got != want {
					t.Errorf("target %d: indication %d, want %d", i, got, want)
				}
			}
		})
	}
	if first.Indication(-1) != NotPresent || first.Indication(32) != NotPresent || known.Target(4) != (Target{}) || known.Target(-1) != (Target{}) {
		t.Error("targets out of range are known")
	}
}

func TestTemplatesRefuse(t *testing.T) {
	good := bitString(mandatory + "1:1 0:1 0:1 0:1 0:1 | " + structureL2T2 + "0:1")
	many := mandatory + "1:1 0:1 0:1 0:1 0:1 | 10:6 0:5 | "
	tests := map[string]struct {
		dd  []byte
		err error
	}{
		"two bytes":                {[]byte{1, 2}, ErrShort},
		"unknown template":         {bitString("1:1 1:1 15:6 1:16"), ErrTemplate},
		"structure cut off":        {good[:10], ErrShort},
		"structure without itself": {bitString("1:1 1:1 20:6 0:16 | 1:1 0:4 | " + structureL2T2 + "0:1"), ErrTemplate},
		"resolutions cut off":      {bitString(mandatory + "1:1 0:4 | " + structureL2T2 + "1:1 0:16"), ErrShort},
		"own chains cut off":       {bitString("1:1 1:1 11:6 1:16 | 0:1 0:1 0:1 0:1 1:1 | 1:8"), ErrShort},
		"too many templates":       {bitString(many + strings.Repeat("0:2 ", 70)), ErrDescriptor},
		"too many spatial layers":  {bitString(many + strings.Repeat("2:2 ", 4) + "3:2 0:32"), ErrDescriptor},
		"too many temporal layers": {bitString(many + strings.Repeat("1:2 ", 8) + "3:2 0:32"), ErrDescriptor},
		"layers without end":       {bitString(many + "0:2 0:2"), ErrDescriptor},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var known Templates
			if _, err := known.Update(good); err != nil {
				t.Fatal(err)
			}
			before := known
			if _, err := known.Update(test.dd); !errors.Is(err, test.err) {
				t.Errorf("error %v, want %v", err, test.err)
			}
			if known != before {
				t.Error("a refused descriptor left something behind")
			}
		})
	}
	var none Templates
	if dd, err := none.Update(bitString("1:1 1:1 3:6 7:16")); !errors.Is(err, ErrTemplate) || !dd.End || dd.FrameNumber != 7 {
		t.Errorf("without templates: %+v, %v", dd, err)
	}
}

func TestDescribeWithDependencyDescriptor(t *testing.T) {
	packetWith := func(dd []byte, payload ...byte) *Packet {
		block := append([]byte{0x10, 0, 0, byte((2 + len(dd) + 3) / 4), byte(DependencyDescriptor), byte(len(dd))}, dd...)
		for len(block)%4 != 0 {
			block = append(block, 0)
		}
		return received(t, header(0x10, append(block, payload...)...))
	}
	var known Templates
	p := packetWith(bitString(mandatory+"1:1 0:1 0:1 0:1 0:1 | "+structureL2T2+"0:1"), 0x10, 0x30, 0)
	if err := p.Describe(AV1); err != nil {
		t.Fatal(err)
	}
	if d := p.Descriptor; !d.Keyframe || !d.Start || d.End || !d.Sync {
		t.Errorf("keyframe: %+v", d) // the marker is set, but the frame goes on
	}
	if _, err := p.DescribeLayers(&known); err != nil {
		t.Fatal(err)
	}
	p = packetWith(bitString("0:1 1:1 14:6 1:16"), 0x10, 0x30, 0)
	if err := p.Describe(AV1); err != nil {
		t.Fatal(err)
	}
	if _, err := p.DescribeLayers(&known); err != nil {
		t.Fatal(err)
	}
	if d := p.Descriptor; d.Keyframe || d.Start || !d.End || d.Spatial != 1 || d.Temporal != 1 {
		t.Errorf("layer frame: %+v", d)
	}
	p = received(t, header(0, 0x10, 0x30, 0))
	if dd, err := p.DescribeLayers(&known); err != nil || dd != (Dependency{}) {
		t.Errorf("without descriptor: %+v, %v", dd, err)
	}
}

func TestTemplatesAllocateNothing(t *testing.T) {
	var known Templates
	first := bitString(mandatory + "1:1 0:1 0:1 0:1 0:1 | " + structureL2T2 + "0:1")
	later := bitString("1:1 1:1 14:6 1:16")
	if n := testing.AllocsPerRun(100, func() {
		_, err := known.Update(first)
		_, err2 := known.Update(later)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestNonSymmetric(t *testing.T) {
	// ns(5) of the AV1 bitstream specification, 4.10.7: 00 01 10 110 111.
	for want, bits := range []string{"0:2", "1:2", "2:2", "6:3", "7:3"} {
		r := bitReader{b: bitString(bits)}
		if got := r.nonSymmetric(5); got != uint32(want) {
			t.Errorf("%s is %d, want %d", bits, got, want)
		}
	}
	one := bitReader{}
	if one.nonSymmetric(1) != 0 || one.short {
		t.Error("ns(1) takes no bits")
	}
}
