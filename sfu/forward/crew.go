package forward

// shareWork is how many packets a share of a burst has at least: handing it over wakes a goroutine, which costs as much as sending
// some dozens.
const shareWork = 512

// A Crew is what lets a room use more than the core that its burst arrived on: goroutines that carry a burst to some of its legs, while
// the one that brought it carries it to the others. A room with few legs never needs it.
type Crew struct {
	jobs chan *job // nobody waits to hand over: without a free worker the burst's goroutine does it all
	size int
}

// NewCrew returns a Crew for size goroutines, each of which has to call Work. With none, every burst stays on one core.
func NewCrew(size int) *Crew { return &Crew{jobs: make(chan *job), size: size} }

// A job is the share of a burst that a worker has taken. It is the Shard's, and used again.
type job struct {
	fan
	done chan struct{}
}

func (j *job) wait() { <-j.done }

// delegate hands shares of f's legs to whoever of the crew is free, takes them out of f, and returns them. The Shard's lock is held until
// all are done, so workers may touch what it guards: each the legs of its share, and nothing that two of them share is written.
func (s *Shard) delegate(f *fan) []*job {
	shares := min(len(f.legs)*len(f.pkts)/shareWork, s.crew.size+1)
	if shares < 2 {
		return nil
	}
	size := (len(f.legs) + shares - 1) / shares
	taken := 0
	for len(f.legs) > size {
		if taken == len(s.jobs) {
			s.jobs = append(s.jobs, &job{done: make(chan struct{}, 1)})
		}
		j := s.jobs[taken]
		j.fan = *f
		rest := len(f.legs) - size
		j.legs = f.legs[rest:]
		select {
		case s.crew.jobs <- j:
			taken++
			f.legs = f.legs[:rest]
		default:
			return s.jobs[:taken]
		}
	}
	return s.jobs[:taken]
}
