package cluster

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"salon/sfu/id"
	"salon/sfu/sfutest"
)

// A stage is what surrounds a tenure in a golden conversation. Answers take 10 ms, and no answer takes the patience.
type stage struct {
	*tenure
	now      time.Time
	begun    time.Time
	registry string            // up, quiet, down
	lost     []string          // rooms whose lease is another's
	peers    map[string]string // yes, no, silent
	since    time.Time         // since when the peers that say yes reach the registry
	rooms    []Held
	due      []event
	trace    strings.Builder
}

type event struct {
	at time.Time
	do func()
}

const promptly = 10 * time.Millisecond

// TestGoldenTenure plays conversations with a tenure:
//
//	node [b c ...]                     begins, beside these
//	registry up|quiet|down [lost=R,R]  how it is from here on; lost: whose leases are others'
//	peer NAME yes|no|silent            what it says when it is asked whether it reaches the registry
//	acquire ROOM EPOCH                 the registry gives a lease
//	enter ROOM, entered ROOM           an admission begins, and ends
//	rooms [ROOM ...]                   are those that exist
//	leave ROOM, moved ROOM [back]      a handover, and its end
//	drain
//	run DURATION                       time passes; shows what is done (rooms are looked at silently)
//	pause DURATION                     time passes and nothing is done
//	state                              what is held, until when it is safe, and when to call again
func TestGoldenTenure(t *testing.T) {
	var s *stage
	sfutest.Golden(t, "testdata/tenure/*.txt", func(c sfutest.Command) string {
		if c.Name == "node" {
			s = newStage(t, c.Args)
			return ""
		}
		s.trace.Reset()
		s.play(t, c)
		return s.trace.String()
	})
}

func newStage(t *testing.T, peers []string) *stage {
	cfg, err := MemberConfig{}.validate()
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{tenure: newTenure(cfg, "ND_a"), begun: noon(), now: noon(), since: noon(), registry: "up", peers: map[string]string{}}
	for _, name := range peers {
		s.peers[name] = "yes"
	}
	return s
}

func (s *stage) play(t *testing.T, c sfutest.Command) {
	t.Helper()
	room := func() id.Room { return id.Room(c.Args[0]) }
	lease := func() Lease { return s.leaseOf(room()) }
	switch c.Name {
	case "registry":
		s.registry, s.lost = c.Args[0], strings.Split(c.Value("lost", ""), ",")
	case "peer":
		if c.Args[1] == "yes" && s.peers[c.Args[0]] != "yes" {
			s.since = s.now
		}
		s.peers[c.Args[0]] = c.Args[1]
	case "acquire":
		var epoch uint64
		_, _ = fmt.Sscan(c.Args[1], &epoch)
		usable, back := s.acquire(s.now, Lease{Room: room(), Node: s.self, Epoch: epoch, Expires: s.now.Add(s.cfg.Lease)})
		s.say("usable %v, back %v", usable, back)
	case "enter":
		l, ok := s.enter(s.now, room())
		s.say("in %v by %d", ok, l.Epoch)
	case "entered":
		s.entered(s.now, lease())
	case "rooms":
		s.rooms = nil
		for _, name := range c.Args {
			s.rooms = append(s.rooms, Held{Room: id.Room(name)})
		}
	case "leave":
		_, ok := s.leave(s.now, room())
		s.say("leaves %v", ok)
	case "moved":
		s.moved(s.now, lease(), slices.Contains(c.Args, "back"))
	case "drain":
		s.drain()
	case "run":
		s.run(duration(t, c.Args[0]))
	case "pause":
		s.now = s.now.Add(duration(t, c.Args[0]))
	case "state":
		s.state()
	default:
		t.Fatalf("%s:%d: unknown command %s", c.File, c.Line, c.Name)
	}
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (s *stage) leaseOf(room id.Room) Lease {
	if h := s.held[room]; h != nil {
		return h.lease
	}
	return Lease{Room: room}
}

func (s *stage) say(format string, args ...any) { fmt.Fprintf(&s.trace, format+"\n", args...) }

func (s *stage) at() time.Duration { return s.now.Sub(s.begun) }

// run lets time pass, from one deadline or answer to the next.
func (s *stage) run(d time.Duration) {
	end := s.now.Add(d)
	for {
		for step, ok := s.next(s.now); ok; step, ok = s.next(s.now) {
			s.start(step)
		}
		at, _ := s.deadline()
		slices.SortStableFunc(s.due, func(a, b event) int { return a.at.Compare(b.at) })
		answer := len(s.due) > 0 && !s.due[0].at.After(at)
		if answer {
			at = s.due[0].at
		}
		if at.After(end) {
			s.now = end
			return
		}
		s.now = later(s.now, at)
		if answer {
			do := s.due[0].do
			s.due = s.due[1:]
			do()
		}
	}
}

func (s *stage) later(d time.Duration, do func()) { s.due = append(s.due, event{s.now.Add(d), do}) }

func (s *stage) start(step step) {
	asked := s.now
	switch step.do {
	case look:
		s.later(promptly, func() { s.carry(asked, s.rooms) })
	case renew:
		s.renewal(asked, step.leases)
	case ask:
		name := string(step.node.ID)
		says := s.peers[name]
		s.say("%v ask %s: %s", s.at(), name, says)
		switch says {
		case "silent":
			s.later(s.cfg.Patience, func() { s.reach.answer(s.now, step.node.ID, asked, nil) })
		case "yes":
			s.later(promptly, func() {
				s.reach.answer(s.now, step.node.ID, asked, &Answer{Reaches: true, For: s.now.Sub(s.since), Ago: promptly})
			})
		default:
			s.later(promptly, func() { s.reach.answer(s.now, step.node.ID, asked, &Answer{}) })
		}
	case leave:
		s.say("%v leave %s: %s", s.at(), step.lease.Room, step.why)
		s.rooms = slices.DeleteFunc(s.rooms, func(h Held) bool { return h.Room == step.lease.Room })
		s.later(promptly, func() { s.left(step.lease.Room) })
	case release:
		s.say("%v release %s %d", s.at(), step.lease.Room, step.lease.Epoch)
		if s.registry == "down" {
			s.later(s.cfg.Patience, func() { s.released(s.now, step.lease, false) })
			return
		}
		s.later(promptly, func() { s.released(s.now, step.lease, true) })
	}
}

func (s *stage) renewal(asked time.Time, leases []Lease) {
	var mine []Lease
	var names []string
	for _, l := range leases {
		name := string(l.Room)
		if slices.Contains(s.lost, name) {
			name += "(lost)"
		} else {
			l.Expires = asked.Add(s.cfg.Lease)
			mine = append(mine, l)
		}
		names = append(names, name)
	}
	s.say("%v renew [%s]: %s", s.at(), strings.Join(names, " "), s.registry)
	if s.registry == "down" {
		s.later(s.cfg.Patience, func() {
			s.renewed(s.now, leases, nil, false, false)
			s.unanswered(asked)
		})
		return
	}
	quiet := s.registry == "quiet"
	s.later(promptly, func() {
		var nodes []Node
		for name := range s.peers {
			nodes = append(nodes, Node{ID: id.Node(name)})
		}
		s.reach.list(s.now, nodes)
		s.renewed(s.now, leases, mine, true, !quiet)
		s.answered(asked, quiet)
	})
}

func (s *stage) state() {
	names := map[Standing]string{Joining: "joining", Steady: "steady", Degraded: "degraded", Draining: "draining"}
	s.say("%v %s", s.at(), names[s.standing()])
	for _, l := range s.leases() {
		h := s.held[l.Room]
		s.say("%s %d: safe until %v, sure %v", l.Room, l.Epoch, h.safe.Sub(s.begun), h.sure(s.now))
	}
	at, why := s.deadline()
	s.say("again at %v for %s", at.Sub(s.begun), why)
}

// TestMemberConfigRefusesTimesThatLeaveNoTime for asking others before a lease ends.
func TestMemberConfigRefusesTimesThatLeaveNoTime(t *testing.T) {
	for name, cfg := range map[string]MemberConfig{
		"two renewals in a lease": {Lease: 2 * time.Second},
		"patience of a round":     {Patience: time.Second},
		"no patience":             {Patience: -1},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := cfg.validate(); !errors.Is(err, errConfig) {
				t.Errorf("%+v: %v", cfg, err)
			}
		})
	}
}
