package ice_test

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"salon/sfu/transport/ice"
)

// A net carries the messages of agents in virtual time.
type net struct {
	now   time.Time
	delay time.Duration
	loss  float64
	rng   *rand.Rand
	ends  []*end
	wire  []flight
	sent  int
	asked [2]int // questions whose answers may not wait, and that may
}

// What answers to patient questions are late by, at most where feedback waits.
const (
	patient     = 0x9a17
	patientLate = 250 * time.Millisecond
)

// An end is an agent at its addresses: the first is where it sends from.
type end struct {
	*ice.Agent
	name       string
	at         []netip.AddrPort
	ufrag, pwd string
	states     []ice.State
	cut        bool // nothing reaches it or leaves it
}

type flight struct {
	at       time.Time
	from, to netip.AddrPort
	message  []byte
}

func newNet() *net {
	return &net{now: time.Unix(1000, 0), delay: 10 * time.Millisecond, rng: rand.New(rand.NewPCG(1, 2))}
}

func config() ice.Config {
	return ice.Config{DisconnectAfter: 5 * time.Second, FailAfter: 20 * time.Second, KeepAlive: 3 * time.Second, Patient: patient}
}

func (n *net) end(name string, tie uint64, at ...string) *end {
	e := &end{name: name, ufrag: name + "ufrag", pwd: name + "-password-of-22-chars"}
	e.Agent = ice.NewAgent(config(), e.ufrag, e.pwd, tie)
	for _, a := range at {
		e.at = append(e.at, netip.MustParseAddrPort(a))
	}
	n.ends = append(n.ends, e)
	return e
}

// tell gives e the candidates of other.
func (n *net) tell(e, other *end) {
	for i, a := range other.at {
		e.Add(n.now, ice.Candidate{Addr: a, Priority: 126<<24 | uint32(1000-i)<<8 | 255, Kind: ice.Host})
	}
}

func (n *net) connect(controlling, controlled *end) {
	controlling.Start(n.now, true, controlled.ufrag, controlled.pwd)
	controlled.Start(n.now, false, controlling.ufrag, controlling.pwd)
}

// run lets time pass.
func (n *net) run(d time.Duration) {
	const step = 5 * time.Millisecond
	for end := n.now.Add(d); n.now.Before(end); n.now = n.now.Add(step) {
		for _, e := range n.ends {
			if at, _ := e.Deadline(); !at.IsZero() && !at.After(n.now) {
				e.Tick(n.now)
			}
			n.collect(e)
		}
		n.land()
	}
}

func (n *net) collect(e *end) {
	for _, o := range e.Take() {
		n.sent++
		at := n.now.Add(n.delay)
		kind, waits := binary.BigEndian.Uint16(o.Message), binary.BigEndian.Uint16(o.Message[8:]) == patient
		switch {
		case kind == 0x0101 && waits:
			at = at.Add(patientLate)
		case kind == 0x0001 && waits:
			n.asked[1]++
		case kind == 0x0001:
			n.asked[0]++
		}
		if !e.cut && n.rng.Float64() >= n.loss {
			n.wire = append(n.wire, flight{at, e.at[0], o.To, o.Message})
		}
	}
	if s := e.State(); len(e.states) == 0 || e.states[len(e.states)-1] != s {
		e.states = append(e.states, s)
	}
}

func (n *net) land() {
	var later []flight
	wire := n.wire
	n.wire = nil
	for _, f := range wire {
		if f.at.After(n.now) {
			later = append(later, f)
			continue
		}
		for _, e := range n.ends {
			for _, a := range e.at {
				if a == f.to && !e.cut {
					e.Receive(n.now, f.from, f.message)
					n.collect(e)
				}
			}
		}
	}
	n.wire = append(later, n.wire...)
}

func (e *end) want(t *testing.T, state ice.State, at string) {
	t.Helper()
	if e.State() != state {
		t.Errorf("%s is in state %d, want %d; before: %v", e.name, e.State(), state, e.states)
	}
	if at != "" && e.Selected() != netip.MustParseAddrPort(at) {
		t.Errorf("%s sends to %v, want %s", e.name, e.Selected(), at)
	}
}

func TestTwoAgentsMeet(t *testing.T) {
	for name, c := range map[string]struct {
		loss              float64
		hidden1, hidden2  bool // nobody tells the address of
		first, then, both time.Duration
	}{
		"as usual":                       {both: 60 * time.Millisecond},
		"the controlling one is hidden":  {hidden1: true, both: 60 * time.Millisecond},
		"the controlled one is hidden":   {hidden2: true, both: 200 * time.Millisecond},
		"a third of the packets is lost": {loss: 0.33, both: 5 * time.Second},
		"controlled starts late":         {then: 300 * time.Millisecond, both: 400 * time.Millisecond},
		"controlling starts late":        {first: 300 * time.Millisecond, both: 400 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNet()
			n.loss = c.loss
			a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
			began := n.now
			if c.first == 0 {
				a.Start(n.now, true, b.ufrag, b.pwd)
			}
			if !c.hidden2 {
				n.tell(a, b)
			}
			n.run(c.then)
			b.Start(n.now, false, a.ufrag, a.pwd)
			if !c.hidden1 {
				n.tell(b, a)
			}
			if c.first > 0 {
				n.run(c.first)
				a.Start(n.now, true, b.ufrag, b.pwd)
			}
			for a.State() != ice.Connected || b.State() != ice.Connected {
				n.run(5 * time.Millisecond)
				if n.now.Sub(began) > c.both {
					t.Fatalf("not connected within %v: %v, %v", c.both, a.states, b.states)
				}
			}
			a.want(t, ice.Connected, "10.0.0.2:2000")
			b.want(t, ice.Connected, "10.0.0.1:1000")
			n.run(time.Minute)
			a.want(t, ice.Connected, "10.0.0.2:2000")
			b.want(t, ice.Connected, "10.0.0.1:1000")
			if n.loss == 0 && len(a.states)+len(b.states) > 6 {
				t.Errorf("unsteady: %v, %v", a.states, b.states)
			}
		})
	}
}

func TestTheBestAddressIsChosen(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000", "[2001:db8::2]:2000")
	n.connect(a, b)
	a.Add(n.now, ice.Candidate{Addr: netip.MustParseAddrPort("10.0.0.3:9"), Priority: 126<<24 | 65535<<8, Kind: ice.Host}) // nobody is there
	n.tell(a, b)
	n.tell(b, a)
	n.run(time.Second)
	a.want(t, ice.Connected, "10.0.0.2:2000")
	b.want(t, ice.Connected, "10.0.0.1:1000")
}

func TestAQuietWayCostsLittle(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(10 * time.Second)
	n.sent = 0
	for range 600 { // media both ways
		a.Heard(n.now)
		b.Heard(n.now)
		n.run(100 * time.Millisecond)
	}
	if n.sent < 2*2*10 || n.sent > 2*2*15 {
		t.Errorf("%d messages in a minute", n.sent)
	}
}

func TestAnswersMayWaitWhileThePeerIsHeard(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(time.Second)
	if n.asked[0] == 0 || n.asked[1] != 0 {
		t.Errorf("while they meet %d questions in a hurry, %d that are not", n.asked[0], n.asked[1])
	}
	n.asked = [2]int{}
	for range 200 { // media both ways
		a.Heard(n.now)
		b.Heard(n.now)
		n.run(100 * time.Millisecond)
	}
	if n.asked[0] != 0 || n.asked[1] < 6 {
		t.Errorf("while they hear each other %d questions in a hurry, %d that are not", n.asked[0], n.asked[1])
	}
	b.cut = true
	n.run(3 * time.Second) // the last question that was not in a hurry may be under way
	n.asked = [2]int{}
	n.run(2 * time.Second)
	if n.asked[0] == 0 || n.asked[1] != 0 {
		t.Errorf("while one is silent %d questions in a hurry, %d that are not", n.asked[0], n.asked[1])
	}
}

func TestASilentPeerIsNoticed(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(10 * time.Second)
	b.cut = true
	n.run(900 * time.Millisecond) // the last word may have been 4 s old
	a.want(t, ice.Connected, "10.0.0.2:2000")
	n.run(4 * time.Second)
	a.want(t, ice.Disconnected, "10.0.0.2:2000")
	b.cut = false
	n.run(4 * time.Second)
	a.want(t, ice.Connected, "10.0.0.2:2000")
	b.want(t, ice.Connected, "10.0.0.1:1000")
	b.cut = true
	n.run(21 * time.Second)
	a.want(t, ice.Disconnected, "")
	n.run(5 * time.Second)
	a.want(t, ice.Failed, "")
	b.want(t, ice.Failed, "")
	if at, _ := a.Deadline(); !at.IsZero() {
		t.Error("a failed agent wants to be woken")
	}
}

func TestMediaWithoutConsentEnds(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(10 * time.Second)
	b.cut = true
	for range 400 {
		a.Heard(n.now)
		n.run(100 * time.Millisecond)
		if n.now.Sub(time.Unix(1010, 0)) < 20*time.Second {
			a.want(t, ice.Connected, "")
		}
	}
	a.want(t, ice.Failed, "")
}

func TestNobodyThere(t *testing.T) {
	n := newNet()
	a := n.end("a", 1, "10.0.0.1:1000")
	a.Start(n.now, true, "nobody", "a-password-of-22-chars")
	for i := range 100 {
		a.Add(n.now, ice.Candidate{Addr: netip.AddrPortFrom(netip.MustParseAddr("10.0.0.9"), uint16(1+i)), Priority: 1, Kind: ice.Host})
	}
	n.run(24 * time.Second)
	a.want(t, ice.Checking, "")
	n.run(2 * time.Second)
	a.want(t, ice.Failed, "")
	if n.sent != 64*7 {
		t.Errorf("%d checks into the void", n.sent)
	}
}

func TestBothWantTheSameRole(t *testing.T) {
	for _, controlling := range []bool{true, false} {
		n := newNet()
		a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000", "10.0.0.2:2001")
		a.Start(n.now, controlling, b.ufrag, b.pwd)
		b.Start(n.now, controlling, a.ufrag, a.pwd)
		n.tell(a, b)
		n.tell(b, a)
		n.run(time.Second)
		a.want(t, ice.Connected, "10.0.0.2:2000")
		b.want(t, ice.Connected, "10.0.0.1:1000")
	}
}

func TestAnotherAddressTakesOver(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(10 * time.Second)
	a.at = []netip.AddrPort{netip.MustParseAddrPort("10.0.0.1:1999")} // its NAT has forgotten it
	n.run(8 * time.Second)
	b.want(t, ice.Connected, "10.0.0.1:1999")
	a.want(t, ice.Connected, "10.0.0.2:2000")
}

func TestRestart(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(time.Second)
	old := a.ufrag
	a.ufrag, a.pwd, a.at = "again", "another-password-of-22", []netip.AddrPort{netip.MustParseAddrPort("10.0.0.7:1000")}
	a.Restart(n.now, a.ufrag, a.pwd)
	n.run(time.Second) // the offer is on its way
	a.want(t, ice.Checking, "")
	b.want(t, ice.Connected, "10.0.0.1:1000")
	b.ufrag, b.pwd = "anew", "yet-another-password-22"
	b.Restart(n.now, b.ufrag, b.pwd)
	b.Start(n.now, false, a.ufrag, a.pwd)
	n.tell(b, a)
	n.run(300 * time.Millisecond)
	a.Start(n.now, true, b.ufrag, b.pwd)
	n.tell(a, b)
	n.run(300 * time.Millisecond)
	a.want(t, ice.Connected, "10.0.0.2:2000")
	b.want(t, ice.Connected, "10.0.0.7:1000")
	if old == a.ufrag {
		t.Error("nothing was restarted")
	}
}

func TestStrangersAreIgnored(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	thief := n.end("a", 3, "10.6.6.6:666")
	thief.Start(n.now, true, b.ufrag, "not-the-password-of-22")
	n.tell(thief, b)
	n.connect(a, b)
	n.run(time.Second)
	b.want(t, ice.Checking, "")
	n.tell(a, b)
	n.run(time.Second)
	b.want(t, ice.Connected, "10.0.0.1:1000")
	thief.want(t, ice.Checking, "")
}
