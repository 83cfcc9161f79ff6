package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Summary is what a trace shows, in figures; as text, a few lines for people.
type Summary struct {
	Name, Origin, Codec string
	Length              time.Duration
	Layers              []LayerSummary
	// Apart is how long after the first layer's first packet the last layer's first one left, of each picture.
	Apart Spread
}

// A LayerSummary is what one layer shows in one round.
type LayerSummary struct {
	RID           string
	Width, Height uint16
	BitsPerS      float64 // of payload
	FramesPerS    float64
	PacketsPerS   float64
	Packets       Spread // of a frame
	Sizes         Spread // of packets, bytes
	Even          int    // frames of several packets that differ by one byte or not at all
	Uneven        int    // the others of several packets
	Rising        int    // frames of several packets that begin with the shorter ones
	Tailed        int    // frames of several packets that are of one size but for a shorter last one
	Spans         Spread // from a frame's first to its last packet
	Late          Spread // a frame's first packet behind its RTP timestamp, from the earliest
	Temporal      [8]int // frames of each temporal layer
	Keys          int    // keyframes on demand
	KeyBytes      Spread
	KeySpans      Spread
	// Of audio.
	Voiced int    // packets that say somebody speaks
	Pauses int    // distances of more than one packet
	Gaps   Spread // those distances, as RTP timestamps have them
	Quiet  Spread // bytes of the packets behind a pause
}

// A Spread is a distribution by three of its quantiles and its end. Durations are in µs.
type Spread struct{ P50, P90, P99, Max int64 }

func spread(list []int64) Spread {
	if len(list) == 0 {
		return Spread{}
	}
	list = slices.Sorted(slices.Values(list))
	at := func(share float64) int64 { return list[min(int(share*float64(len(list))), len(list)-1)] }
	return Spread{P50: at(0.5), P90: at(0.9), P99: at(0.99), Max: list[len(list)-1]}
}

func (s Spread) String() string { return fmt.Sprintf("%d/%d/%d/%d", s.P50, s.P90, s.P99, s.Max) }

// Summarize says what t shows.
func Summarize(t *Trace) Summary {
	s := Summary{Name: t.Name, Origin: t.Origin, Codec: t.Codec, Length: t.Length(), Apart: apart(t)}
	for i := range t.Layers {
		s.Layers = append(s.Layers, t.summarize(&t.Layers[i]))
	}
	return s
}

func (t *Trace) summarize(l *Layer) LayerSummary {
	s := LayerSummary{RID: l.RID, Width: l.Width, Height: l.Height, Keys: len(l.Keys)}
	var bytes, packets, counts, sizes, spans, late, gaps, quiet []int64
	for i, f := range l.Frames {
		bytes = append(bytes, int64(f.Bytes()))
		counts = append(counts, int64(len(f.Packets)))
		spans = append(spans, f.Span().Microseconds())
		late = append(late, (f.At - t.span(uint64(f.Ticks))).Microseconds())
		s.Temporal[f.Temporal&7]++
		for _, p := range f.Packets {
			sizes = append(sizes, int64(p.Size))
		}
		s.compare(f)
		if f.Voice {
			s.Voiced++
		}
		if i > 0 {
			if d := t.span(uint64(f.Ticks - l.Frames[i-1].Ticks)); d > opusPacket && t.Codec == "opus" {
				gaps, quiet = append(gaps, d.Microseconds()), append(quiet, int64(f.Bytes()))
			}
		}
	}
	packets = sizes
	seconds := t.Length().Seconds()
	s.BitsPerS = 8 * float64(sum(bytes)) / seconds
	s.FramesPerS, s.PacketsPerS = float64(len(l.Frames))/seconds, float64(len(packets))/seconds
	s.Packets, s.Sizes, s.Spans = spread(counts), spread(sizes), spread(spans)
	s.Pauses, s.Gaps, s.Quiet = len(gaps), spread(gaps), spread(quiet)
	earliest := slices.Min(late)
	for i := range late {
		late[i] -= earliest
	}
	s.Late = spread(late)
	var keyBytes, keySpans []int64
	for _, f := range l.Keys {
		keyBytes, keySpans = append(keyBytes, int64(f.Bytes())), append(keySpans, f.Span().Microseconds())
	}
	s.KeyBytes, s.KeySpans = spread(keyBytes), spread(keySpans)
	return s
}

// opusPacket is the distance of Opus packets while somebody speaks.
const opusPacket = 20 * time.Millisecond

// compare looks at the sizes within a frame.
func (s *LayerSummary) compare(f Frame) {
	if len(f.Packets) < 2 {
		return
	}
	bySize := func(a, b Packet) int { return cmp.Compare(a.Size, b.Size) }
	if slices.MaxFunc(f.Packets, bySize).Size-slices.MinFunc(f.Packets, bySize).Size <= 1 {
		s.Even++
	} else {
		s.Uneven++
	}
	if slices.IsSortedFunc(f.Packets, bySize) {
		s.Rising++
	}
	first, last := f.Packets[0].Size, len(f.Packets)-1
	differs := func(p Packet) bool { return p.Size != first }
	if !slices.ContainsFunc(f.Packets[:last], differs) && f.Packets[last].Size < first {
		s.Tailed++
	}
}

// apart is how far the layers of a picture are from one another.
func apart(t *Trace) Spread {
	first, last := map[uint32]time.Duration{}, map[uint32]time.Duration{}
	for _, l := range t.Layers {
		for _, f := range l.Frames {
			if at, ok := first[f.Ticks]; !ok || f.At < at {
				first[f.Ticks] = f.At
			}
			last[f.Ticks] = max(last[f.Ticks], f.At)
		}
	}
	var list []int64
	for ticks, at := range first {
		list = append(list, (last[ticks] - at).Microseconds())
	}
	return spread(list)
}

func sum(list []int64) (n int64) {
	for _, x := range list {
		n += x
	}
	return n
}

// String is the summary for people. Quantiles are p50/p90/p99/max.
func (s Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s, %s), %.2f s; layers of a picture apart: %s µs\n", s.Name, s.Codec, s.Origin, s.Length.Seconds(), s.Apart)
	for _, l := range s.Layers {
		fmt.Fprintf(&b, "  %s %dx%d: %.0f kbit/s, %.1f frames/s, %.1f packets/s; packets of a frame %s, bytes of a packet %s\n",
			l.RID, l.Width, l.Height, l.BitsPerS/1000, l.FramesPerS, l.PacketsPerS, l.Packets, l.Sizes)
		fmt.Fprintf(&b, "    a frame leaves within %s µs, %s µs behind its timestamp; temporal layers %v\n", l.Spans, l.Late, l.Temporal)
		if n := l.Even + l.Uneven; n > 0 {
			fmt.Fprintf(&b, "    of %d frames of several packets, %d differ by at most a byte, %d have the shorter ones first, %d only a shorter last one\n",
				n, l.Even, l.Rising, l.Tailed)
		}
		if l.Keys > 0 {
			fmt.Fprintf(&b, "    %d keyframes on demand: %s bytes within %s µs\n", l.Keys, l.KeyBytes, l.KeySpans)
		}
		if l.Voiced > 0 {
			fmt.Fprintf(&b, "    %d packets with voice; %d pauses of %s µs, ended by packets of %s bytes\n", l.Voiced, l.Pauses, l.Gaps, l.Quiet)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
