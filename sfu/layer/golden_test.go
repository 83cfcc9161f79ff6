package layer

import (
	"fmt"
	"strings"
	"testing"

	"salon/sfu/packet"
	"salon/sfu/sfutest"
)

// Conversations of a Selector with a publisher of up to three encodings. Verdicts are written one letter a packet:
// - dropped, s skipped, F forwarded, S switched to.
//
//	new
//	target none | target S T
//	play [codec=vp8|vp9] [key=...]      a line of frames as SPATIAL.TEMPORAL, "k" behind a keyframe, "y" where a decoder may climb
//	restart
func TestConversations(t *testing.T) {
	s := NewSelector()
	sfutest.Golden(t, "testdata/*.txt", func(c sfutest.Command) string {
		switch c.Name {
		case "new":
			s = NewSelector()
		case "restart":
			s.Restart()
		case "target":
			to := None()
			if len(c.Args) == 2 {
				_, _ = fmt.Sscan(strings.Join(c.Args, " "), &to.Spatial, &to.Temporal)
			}
			s.SetTarget(to)
		case "play":
			codec := packet.VP8
			if c.Value("codec", "vp8") == "vp9" {
				codec = packet.VP9
			}
			return verdicts(&s, codec, c.Input) + state(&s)
		default:
			t.Fatalf("%s:%d: what is %q?", c.File, c.Line, c.Name)
		}
		return state(&s)
	})
}

func verdicts(s *Selector, codec packet.Codec, frames string) string {
	var b strings.Builder
	for _, frame := range strings.Fields(frames) {
		var spatial int8
		d := packet.Descriptor{Codec: codec, Start: true, End: true}
		_, _ = fmt.Sscanf(frame, "%d.%d", &spatial, &d.Temporal)
		d.Keyframe, d.Sync = strings.HasSuffix(frame, "k"), strings.HasSuffix(frame, "y")
		fmt.Fprintf(&b, "%s %c\n", frame, "-sFS"[s.Select(spatial, &d)])
	}
	return b.String()
}

func state(s *Selector) string {
	text := fmt.Sprintf("target %v current %v", s.Target(), s.Current())
	if spatial, waits := s.Waits(); waits {
		text += fmt.Sprintf(" waits for a keyframe of %d", spatial)
	}
	return text
}
