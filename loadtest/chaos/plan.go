package chaos

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// A Kind is what breaks.
type Kind string

// The kinds of fault.
const (
	Kill       Kind = "kill"        // a node dies without a word, and is started again
	Stop       Kind = "stop"        // a node stands still for longer than a lease, and goes on
	Drain      Kind = "drain"       // a node is asked to end, and started again
	RedisKill  Kind = "redis-kill"  // Redis dies, and is started again with nothing in it
	RedisPause Kind = "redis-pause" // Redis stands still
	RedisSlow  Kind = "redis-slow"  // everything to Redis and back takes long
	CutRedis   Kind = "cut-redis"   // a node does not reach Redis
	CutNodes   Kind = "cut-nodes"   // two nodes don't reach each other
	Isolate    Kind = "isolate"     // a node reaches neither Redis nor other nodes; clients reach it
	Unplug     Kind = "unplug"      // nobody reaches a node, and it nobody; only where nodes have networks of their own
)

// kinds are all of them, in the order of reports.
func kinds() []Kind {
	return []Kind{Kill, Stop, Drain, RedisKill, RedisPause, RedisSlow, CutRedis, CutNodes, Isolate, Unplug}
}

func (k Kind) known() bool { return slices.Contains(kinds(), k) }

// ofRedis tells that a fault is Redis's: nobody in a living room may notice it.
func (k Kind) ofRedis() bool { return k == RedisKill || k == RedisPause || k == RedisSlow }

func kindNames() string {
	var list []string
	for _, k := range kinds() {
		list = append(list, string(k))
	}
	return strings.Join(list, " ")
}

// A Fault is one thing that breaks, for a while.
type Fault struct {
	Kind  Kind
	Nodes []int         // which; none where it is Redis
	Hold  time.Duration // until it is mended
	// Held: links keep silent instead of ending their connections, as a network does that loses everything.
	Held  bool
	Delay time.Duration // of RedisSlow
}

// String is the fault in words.
func (f Fault) String() string {
	text := string(f.Kind)
	switch len(f.Nodes) {
	case 1:
		text += fmt.Sprintf(" node %d", f.Nodes[0])
	case 2:
		text += fmt.Sprintf(" nodes %d and %d", f.Nodes[0], f.Nodes[1])
	}
	if f.Delay > 0 {
		text += fmt.Sprintf(" by %v", f.Delay)
	}
	if f.Held {
		text += " silently"
	}
	if f.Hold > 0 {
		text += fmt.Sprintf(" for %v", f.Hold)
	}
	return text
}

// A plan deals faults: each kind once before any comes again, in an order and with details that only the seed decides.
type plan struct {
	cfg  Config
	rng  *rand.Rand
	deck []Kind
}

func newPlan(cfg Config) *plan {
	return &plan{cfg: cfg, rng: rand.New(rand.NewPCG(cfg.Seed, 0xc4a05))} //nolint:gosec // to be repeated
}

// next deals a fault.
func (p *plan) next() Fault {
	if len(p.deck) == 0 {
		p.deck = slices.Clone(p.cfg.Only)
		if len(p.deck) == 0 {
			p.deck = kinds()
		}
		p.deck = slices.DeleteFunc(p.deck, func(k Kind) bool { return k == Unplug && !p.cfg.Namespaces })
		p.rng.Shuffle(len(p.deck), func(i, j int) { p.deck[i], p.deck[j] = p.deck[j], p.deck[i] })
	}
	kind := p.deck[0]
	p.deck = p.deck[1:]
	return p.fault(kind)
}

func (p *plan) fault(kind Kind) Fault {
	f := Fault{Kind: kind}
	two := p.rng.Perm(p.cfg.Nodes)[:2]
	hold := p.between(time.Second, p.cfg.Hold)
	silently := p.rng.IntN(2) == 0 || p.cfg.Namespaces
	switch kind {
	case Kill:
		f.Nodes, f.Hold = two[:1], p.between(time.Second, 8*time.Second)
	case Stop:
		f.Nodes, f.Hold = two[:1], p.cfg.Lease+p.between(time.Second, max(p.cfg.Hold-p.cfg.Lease, 2*time.Second))
	case Drain:
		f.Nodes = two[:1]
	case RedisKill, RedisPause:
		f.Hold = hold
	case RedisSlow:
		f.Hold, f.Delay = hold, p.between(50*time.Millisecond, 100*time.Millisecond)
	case CutRedis:
		f.Nodes, f.Hold, f.Held = two[:1], hold, silently
	case CutNodes:
		f.Nodes, f.Hold, f.Held = two, hold, silently
	case Unplug:
		f.Nodes, f.Hold = two[:1], hold
	case Isolate:
		f.Nodes, f.Hold, f.Held = two[:1], max(hold, p.cfg.Lease), silently
	}
	slices.Sort(f.Nodes)
	return f
}

// between draws a time, in tenths of a second.
func (p *plan) between(least, most time.Duration) time.Duration {
	const step = 50 * time.Millisecond
	if most <= least {
		return least
	}
	return least + time.Duration(p.rng.Int64N(int64((most-least)/step)+1))*step
}
