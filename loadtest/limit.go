package loadtest

// How a limit is sought; our choices.
const (
	growth   = 1.5
	closely  = 1.125 // a bad step so near above a good one is the limit
	maxSteps = 16
	smallest = 0.05
)

// A seeker decides how large the next step of a search is, as a multiple of the first. It looks upwards until a step is
// bad, or downwards until one is good, and then between the two.
type seeker struct {
	factor    float64 // of the next step
	good, bad float64 // the largest good and the smallest bad so far; 0: none
	steps     int
}

func newSeeker() *seeker { return &seeker{factor: 1} }

// learn takes the outcome of the step.
func (s *seeker) learn(good bool) {
	s.steps++
	if good {
		s.good = s.factor
	} else {
		s.bad = s.factor
	}
	switch {
	case s.bad == 0:
		s.factor *= growth
	case s.good == 0:
		s.factor /= growth
	default:
		s.factor = (s.good + s.bad) / 2
	}
}

// done tells whether there is nothing more to learn.
func (s *seeker) done() bool {
	return s.steps >= maxSteps || s.factor < smallest || s.good > 0 && s.bad > 0 && s.bad/s.good < closely
}
