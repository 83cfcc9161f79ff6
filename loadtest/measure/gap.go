package measure

import (
	"cmp"
	"slices"
	"time"
)

// A Gap is a stretch in which nothing came of a track to one participant, from its last packet to the next.
type Gap struct {
	Track    uint32 // as its smallest layer is called
	From, To time.Time
}

// Length of the gap.
func (g Gap) Length() time.Duration { return g.To.Sub(g.From) }

// maxGaps bounds what one participant remembers: more means that nothing flows at all.
const maxGaps = 4096

// A flow is when one track came. Its Intake owns it.
type flow struct {
	last   time.Time
	broken bool // a life ended since
}

// arrive notes a packet that came at now, and the gap before it: what is longer than silence (0: nothing is), or lay
// between two lives.
func (f *flow) arrive(now time.Time, silence time.Duration) (from time.Time, gap bool) {
	from = f.last
	gap = !from.IsZero() && (f.broken || silence > 0 && now.Sub(from) > silence)
	f.last, f.broken = now, false
	return from, gap
}

// Break tells that the participant lost its session: what comes of each track next ends a gap.
func (in *Intake) Break() {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, r := range in.tracks {
		r.flow.broken = true
	}
}

// Gaps are those that are over, in the order in which they ended.
func (in *Intake) Gaps() []Gap {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.gaps)
}

// Flows tells when each track came last, ordered by track.
func (in *Intake) Flows() []Gap {
	in.mu.Lock()
	defer in.mu.Unlock()
	var list []Gap
	for id, r := range in.tracks {
		list = append(list, Gap{Track: id, From: r.flow.last})
	}
	slices.SortFunc(list, func(a, b Gap) int { return cmp.Compare(a.Track, b.Track) })
	return list
}
