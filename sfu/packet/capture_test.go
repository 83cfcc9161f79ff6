package packet

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"salon/sfu/sfutest"
)

// TestCapturedPackets reads what a real browser sent. The commands of the conversations: "extensions" sets the numbers of header
// extensions, "packet" describes one packet.
func TestCapturedPackets(t *testing.T) {
	var (
		file      string
		m         *ExtensionMap
		templates Templates
	)
	sfutest.Golden(t, "testdata/*.txt", func(c sfutest.Command) string {
		if c.File != file {
			file, templates = c.File, Templates{}
		}
		switch c.Name {
		case "extensions":
			ids := map[string]uint8{}
			for line := range strings.Lines(c.Input) {
				var id uint8
				var uri string
				if _, err := fmt.Sscan(line, &id, &uri); err != nil {
					t.Fatal(err)
				}
				ids[uri] = id
			}
			m = NewExtensionMap(ids)
			return ""
		case "packet":
			return report(t, c, m, &templates)
		}
		return "no such command"
	})
}

// report describes one packet in a few lines.
func report(t *testing.T, c sfutest.Command, m *ExtensionMap, templates *Templates) string {
	t.Helper()
	raw, err := hex.DecodeString(strings.ReplaceAll(c.Input, "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	var p Packet
	if err := p.Parse(raw, m); err != nil {
		return err.Error()
	}
	if err := p.Describe(codecNamed(c.Args[0])); err != nil {
		return err.Error()
	}
	dd, err := p.DescribeLayers(templates)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	d := &p.Descriptor
	fmt.Fprintf(&b, "number=%d header=%d payload=%d padding=%d marker=%v\n", p.Sequence, p.HeaderSize, len(p.Payload()), p.PaddingSize, p.Marker)
	fmt.Fprintf(&b, "layer=%d,%d keyframe=%v start=%v end=%v sync=%v\n", d.Spatial, d.Temporal, d.Keyframe, d.Start, d.End, d.Sync)
	if level, voice, ok := p.AudioLevel(); ok {
		fmt.Fprintf(&b, "level=-%d voice=%v\n", level, voice)
	}
	if n, ok := p.TransportCC(); ok {
		fmt.Fprintf(&b, "transport number=%d\n", n)
	}
	if v := d.VP8; v.Size > 0 {
		fmt.Fprintf(&b, "vp8 size=%d picture=%d/%d tl0=%d/%v tid=%d/%v key=%d/%v\n",
			v.Size, v.PictureID, v.PictureIDSize, v.TL0, v.HasTL0, v.TID, v.HasTID, v.KeyIdx, v.HasKeyIdx)
	}
	if v := d.VP9; v.Size > 0 {
		fmt.Fprintf(&b, "vp9 size=%d picture=%d/%d predicted=%v flexible=%v inter=%v up=%v spatials=%d\n",
			v.Size, v.PictureID, v.PictureIDSize, v.Predicted, v.Flexible, v.InterLayer, v.SwitchUp, v.Spatials)
	}
	if p.Has().Has(DependencyDescriptor) {
		fmt.Fprintf(&b, "frame=%d template=%d structure=%v targets=%d active=%b/%v for=", dd.FrameNumber, dd.TemplateID, dd.HasStructure,
			templates.Targets(), dd.Active, dd.HasActive)
		for i := range templates.Targets() {
			b.WriteByte("-DSR"[dd.Indication(i)])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// captured is the packets of all conversations, as seeds for fuzzing.
func captured(tb testing.TB) (packets [][]byte) {
	tb.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		tb.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)^packet .*\n((?:[0-9a-f]+\n)+)`).FindAllStringSubmatch(string(text), -1) {
			raw, err := hex.DecodeString(strings.ReplaceAll(found[1], "\n", ""))
			if err != nil {
				tb.Fatal(err)
			}
			packets = append(packets, raw)
		}
	}
	return packets
}

func codecNamed(name string) Codec {
	return max(CodecFromMIME("video/"+name), CodecFromMIME("audio/"+name))
}
