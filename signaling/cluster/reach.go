package cluster

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"salon/sfu/id"
)

// A verdict says whose fault it is that a node doesn't reach the registry.
type verdict int

const (
	// undecided: nothing failed lately, or not everybody has been asked. Nobody is let in, nobody is sent away.
	undecided verdict = iota
	// ours: others reach the registry, or may. Rooms are given up before their leases end.
	ours
	// everybodys: nobody can take a room. Everybody keeps what they hold.
	everybodys
)

// forgetAfter is after how many leases without a sign of life a node isn't counted any more: long enough for all to be back
// on a registry that lost everything.
const forgetAfter = 2

// A reach is what a node knows about who reaches the registry: itself, by what it asked of it, and the others, by asking them.
// It reads no clock. Its tenure owns it.
type reach struct {
	cfg  MemberConfig
	self id.Node
	// When that was asked what the registry answered last, and what it last left without an answer.
	succeeded, failed time.Time
	steady            time.Time // since when the answers have no gap
	peers             map[id.Node]*peer
}

// A peer is another node.
type peer struct {
	node   Node
	absent time.Time // since when the registry doesn't list it; zero: it does
	asking bool      // a question is on its way
	asked  time.Time // when the last question began
	// What came of the last question that has ended, and when that one began.
	answered         time.Time
	reached, reaches bool
	better           bool // it reached the registry before and after we didn't
}

func newReach(cfg MemberConfig, self id.Node) reach {
	return reach{cfg: cfg, self: self, peers: map[id.Node]*peer{}}
}

// succeed notes that the registry answered what was asked then.
func (r *reach) succeed(asked time.Time) {
	if !asked.After(r.succeeded) {
		return
	}
	if r.failing() || asked.Sub(r.succeeded) > r.lately() {
		r.steady = asked
		for _, p := range r.peers {
			if !p.absent.IsZero() {
				p.absent = asked // while nobody could be listed, nobody was missing
			}
		}
	}
	r.succeeded = asked
	for _, p := range r.peers {
		p.better = false
	}
}

// fail notes that the registry left unanswered what was asked then.
func (r *reach) fail(asked time.Time) {
	if asked.After(r.failed) {
		r.failed = asked
	}
}

// failing tells that the registry leaves us without answers.
func (r *reach) failing() bool { return r.failed.After(r.succeeded) }

// reaches tells that the registry is reached. Whoever gets a room from it has to say so for some time.
func (r *reach) reaches(now time.Time) bool {
	return !r.succeeded.IsZero() && !r.failing() && now.Sub(r.succeeded) <= r.lately()
}

// tell is what others are told who ask.
func (r *reach) tell(now time.Time) Answer {
	if !r.reaches(now) {
		return Answer{}
	}
	return Answer{Reaches: true, Settled: r.settled(now), For: now.Sub(r.steady), Ago: now.Sub(r.succeeded)}
}

// settled tells that this node has reached the registry for so long that everybody who asks around has heard of it, and of this
// node at all. Until then it takes no rooms: somebody who heard that it doesn't reach the registry may be keeping them.
func (r *reach) settled(now time.Time) bool {
	return r.cfg.Alone || r.reaches(now) && now.Sub(r.steady) >= r.lately()
}

// lately is how old something may be to count: two rounds, and an answer that takes its time.
func (r *reach) lately() time.Duration { return 2*r.cfg.Interval + r.cfg.Interval/2 }

// list takes over which nodes the registry lists.
func (r *reach) list(now time.Time, nodes []Node) {
	listed := map[id.Node]bool{}
	for _, n := range nodes {
		if n.ID == r.self {
			continue
		}
		listed[n.ID] = true
		p := r.peers[n.ID]
		if p == nil {
			p = &peer{}
			r.peers[n.ID] = p
		}
		p.node, p.absent = n, time.Time{}
	}
	for name, p := range r.peers {
		switch {
		case listed[name]:
		case p.node.Draining: // it said that it would go
			delete(r.peers, name)
		case p.absent.IsZero():
			p.absent = now
		case now.Sub(p.absent) >= forgetAfter*r.cfg.Lease:
			delete(r.peers, name)
		}
	}
}

// ask returns the next node to ask, and notes that it is.
func (r *reach) ask(now time.Time) (Node, bool) {
	if !r.failing() {
		return Node{}, false
	}
	for _, p := range r.sorted() {
		if !p.asking && now.Sub(p.asked) >= r.askEvery() {
			p.asking, p.asked = true, now
			return p.node, true
		}
	}
	return Node{}, false
}

// askEvery is how often a node is asked. Twice a round: between the moment when all have noticed that the registry is away and
// the moment when rooms have to be given up, each has to answer once more.
func (r *reach) askEvery() time.Duration { return r.cfg.Interval / 2 }

// askAt is when the next node wants to be asked.
func (r *reach) askAt() (at time.Time, wanted bool) {
	if !r.failing() {
		return time.Time{}, false
	}
	for _, p := range r.peers {
		if next := p.asked.Add(r.askEvery()); !p.asking && (!wanted || next.Before(at)) {
			at, wanted = next, true
		}
	}
	return at, wanted
}

// answer notes what came of a question: nil is nothing.
func (r *reach) answer(now time.Time, node id.Node, asked time.Time, a *Answer) {
	p := r.peers[node]
	if p == nil {
		return
	}
	p.asking = false
	p.answered, p.reached, p.reaches = asked, a != nil, a != nil && a.Reaches
	if !p.reaches {
		p.better = false
		return
	}
	p.better = p.better || now.Add(-a.For).Before(r.failed) && r.failed.Before(now.Add(-a.Ago))
}

// judge says whose fault it is. That another node reaches the registry is no fault of ours as long as it didn't reach it both before
// and after we failed to: when the registry goes or comes back, one is the last or the first. Half of the nodes that were known
// are not enough to keep rooms: the other half may be with the registry. since is when the oldest question began whose answer
// the verdict rests on.
func (r *reach) judge(now time.Time) (v verdict, since time.Time) {
	fresh := now.Add(-r.lately())
	if !r.failing() || r.failed.Before(fresh) {
		return undecided, time.Time{}
	}
	waiting, reached := false, 1 // ourselves
	since = r.failed
	for _, p := range r.peers {
		if p.answered.Before(fresh) {
			waiting = true
			continue
		}
		switch {
		case p.better:
			return ours, p.answered
		case p.reaches:
			waiting = true
		case p.reached:
			reached++
		}
		if p.answered.Before(since) {
			since = p.answered
		}
	}
	switch {
	case waiting:
		return undecided, time.Time{}
	case 2*reached > len(r.peers)+1:
		return everybodys, since
	default:
		return ours, since
	}
}

// nodes returns the others that are known, ordered by ID.
func (r *reach) nodes() []Node {
	nodes := make([]Node, 0, len(r.peers))
	for _, p := range r.sorted() {
		nodes = append(nodes, p.node)
	}
	return nodes
}

func (r *reach) sorted() []*peer {
	return slices.SortedFunc(maps.Values(r.peers), func(a, b *peer) int { return cmp.Compare(a.node.ID, b.node.ID) })
}
