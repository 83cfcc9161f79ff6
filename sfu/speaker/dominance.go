package speaker

import "math"

// The windows. Numbers of the paper, save the scale of levels and the two thresholds, which are ours: they put the border between noise
// and speech at about -41 dBov.
const (
	bands         = 13 // steps of loudness of one slot, the paper's sub-bands; 3.8 dB each
	mediumSlots   = 5  // slots in a medium window: 100 ms
	longMediums   = 10 // medium windows in a long one: 1 s
	activeBands   = 4  // a slot with more is speech
	activeSlots   = 2  // a medium window with more slots of speech is speech
	beatImmediate = 3  // by how much the logarithms of the scores must differ
	beatMedium    = 2
	beatLong      = 0
	minScore      = 1e-10
)

// scores holds the log-likelihood ratio of speech to silence for each possible count in a window.
type scores struct {
	immediate [bands + 1]float64
	medium    [mediumSlots + 1]float64
	long      [longMediums + 1]float64
}

func newScores() scores {
	const speech = 0.5 // a part of a window is active with this probability while somebody speaks
	var s scores
	fill(s.immediate[:], speech, 0.78)
	fill(s.medium[:], speech, 24)
	fill(s.long[:], speech, 47)
	return s
}

// fill computes ln C(n,v) + v ln p + (n-v) ln(1-p) - ln lambda + lambda v for each v: binomial when there is speech,
// exponential when there is none.
func fill(dst []float64, p, lambda float64) {
	n := float64(len(dst) - 1)
	for i := range dst {
		v := float64(i)
		score := logFactorial(n) - logFactorial(v) - logFactorial(n-v) + v*math.Log(p) + (n-v)*math.Log(1-p) - math.Log(lambda) + lambda*v
		dst[i] = max(score, minScore)
	}
}

func logFactorial(n float64) float64 {
	v, _ := math.Lgamma(n + 1)
	return v
}

// activity is how much somebody speaks, in the three windows.
type activity struct{ immediate, medium, long float64 }

// elect lets the one take over who beats the dominant one in all windows, the clearest in the medium one if there are several.
func (d *Detector) elect() {
	held := activity{immediate: minScore, medium: minScore, long: minScore}
	if d.dominant != nil {
		held = d.scores.of(d.dominant)
	}
	best := 0.0
	var next *talker
	for _, t := range d.talkers {
		if t == d.dominant || !t.active {
			continue
		}
		a := d.scores.of(t)
		medium := math.Log(a.medium / held.medium)
		if math.Log(a.immediate/held.immediate) > beatImmediate && medium > beatMedium &&
			math.Log(a.long/held.long) > beatLong && medium > best {
			best, next = medium, t
		}
	}
	if next != nil {
		d.dominant = next
	}
}

func (s *scores) of(t *talker) activity {
	var immediate, newest, long int
	for w := range longMediums {
		count := 0
		for k := w * mediumSlots; k < (w+1)*mediumSlots; k++ {
			b := loudness(t.back(k))
			if w == 0 {
				immediate += b
			}
			if b > activeBands {
				count++
			}
		}
		if w == 0 {
			newest = count
		}
		if count > activeSlots {
			long++
		}
	}
	return activity{s.immediate[immediate/mediumSlots], s.medium[newest], s.long[long]}
}

// loudness maps a level in -dBov to 0..bands.
func loudness(level uint8) int {
	return min(bands, max(0, (quietest-int(level))*bands/(quietest-loudest)))
}
