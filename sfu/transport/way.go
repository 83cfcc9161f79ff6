package transport

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"salon/sfu/transport/ice"
	"salon/sfu/udp"
)

// A way is how a Transport reaches its peer: the ICE agent, and what it speaks through. Socket readers, the Factory's loop and the
// room's goroutine drive the agent; what it wants to send leaves on the goroutine that drove it.
type way struct {
	found     chan struct{} // closed when there is a way for the first time
	foundOnce sync.Once

	agent     *ice.Agent
	ufrag     string // ours
	retired   string // ours before the restart under way: media still comes under it
	via       vias
	reports   []ice.State // not yet told
	reporting bool
	closed    bool

	mu sync.Mutex // guards the fields of this group
}

// A writer sends STUN and DTLS under one of our ufrags, in one address family.
type writer interface {
	WriteToAddrPort(b []byte, to netip.AddrPort) (int, error)
	Close() error
}

// openWay sets the agent up on the shared socket.
func (t *Transport) openWay() error {
	n := &t.negotiation
	n.ufrag, n.pwd = newCredentials()
	cfg := ice.Config{DisconnectAfter: t.cfg.DisconnectAfter, FailAfter: t.cfg.FailAfter, KeepAlive: t.cfg.KeepAlive, Patient: udp.Patient}
	w := &t.way
	w.found = make(chan struct{})
	w.agent, w.ufrag = ice.NewAgent(cfg, n.ufrag, n.pwd, newNumber()), n.ufrag
	via, err := t.attach(n.ufrag) // from here on readers come
	w.mu.Lock()
	defer w.mu.Unlock()
	w.via = via
	return err
}

// attach lets what comes for ufrag reach t.
func (t *Transport) attach(ufrag string) (via vias, err error) {
	t.factory.endpoint.Attach(ufrag, t)
	for family, ip := range []net.IP{net.IPv4zero, net.IPv6zero} {
		conn, failure := t.factory.endpoint.GetConn(ufrag, &net.UDPAddr{IP: ip})
		if failure != nil {
			err = errors.Join(err, failure) // there may be no socket of this family
			continue
		}
		w, ok := conn.(writer)
		if !ok {
			panic("transport: the endpoint's connections write to netip addresses")
		}
		via[family] = w
	}
	if via == (vias{}) {
		t.factory.endpoint.RemoveConnByUfrag(ufrag)
		return via, wrap("open a way", err)
	}
	return via, nil
}

// reattach takes other credentials of ours into use; what comes under those before is taken until there is a way again.
func (t *Transport) reattach(now time.Time, ufrag, pwd string) error {
	via, err := t.attach(ufrag)
	if err != nil {
		return err
	}
	w := &t.way
	gone := func() string {
		w.mu.Lock()
		defer w.mu.Unlock()
		gone := w.retired
		w.retired, w.ufrag, w.via = w.ufrag, ufrag, via
		return gone
	}()
	if gone != "" {
		t.factory.endpoint.RemoveConnByUfrag(gone)
	}
	t.drive(func(a *ice.Agent) { a.Restart(now, ufrag, pwd) })
	return nil
}

// drive lets f work with the agent, sends what came of it, and has changes of its state told.
func (t *Transport) drive(f func(a *ice.Agent)) {
	r := t.step(f)
	t.carryOut(r)
	if r.urgent {
		t.factory.hurry()
	}
}

// tend is called by the Factory's loop: it does what is due and tells when there will be more.
func (t *Transport) tend(now time.Time) (at time.Time, urgent bool) {
	heard := t.born.Add(time.Duration(t.heard.Load()))
	r := t.step(func(a *ice.Agent) {
		a.Heard(heard)
		if at, _ := a.Deadline(); !at.IsZero() && !at.After(now) {
			a.Tick(now)
		}
		if !a.Consented(now) {
			t.dest.Store(nil) // RFC 7675 section 5.1: nothing more until the peer has answered again
		}
	})
	t.carryOut(r)
	return r.at, r.urgent
}

// vias are the writers by address family: IPv4, IPv6; nil where no socket is.
type vias [2]writer

// A round is what came of one use of the agent.
type round struct {
	out     []ice.Outgoing
	via     vias
	retired string // a ufrag of ours that is of no use any more
	at      time.Time
	urgent  bool
}

// step is the part of drive that holds the lock.
func (t *Transport) step(f func(a *ice.Agent)) (r round) {
	w := &t.way
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return r
	}
	before, aimed := w.agent.State(), w.agent.Selected()
	f(w.agent)
	if to := w.agent.Selected(); to.IsValid() && to != aimed {
		dest := udp.NewDest(to)
		t.dest.Store(&dest)
		r.retired, w.retired = w.retired, ""
	}
	if after := w.agent.State(); after != before {
		w.reports = append(w.reports, after)
		if !w.reporting {
			w.reporting = true
			t.startReport()
		}
	}
	r.out, r.via = w.agent.Take(), w.via
	r.at, r.urgent = w.agent.Deadline()
	return r
}

func (t *Transport) carryOut(r round) {
	for _, o := range r.out {
		_ = r.via.send(o.Message, o.To) // as good as lost on the way; the agent asks again
	}
	if r.retired != "" {
		t.factory.endpoint.RemoveConnByUfrag(r.retired)
	}
}

func (v vias) send(b []byte, to netip.AddrPort) error {
	family := 0
	if to.Addr().Is6() {
		family = 1
	}
	if v[family] == nil && udp.IsLine(to.Addr()) {
		family = 1 - family // lines are of no family
	}
	if v[family] == nil {
		return fmt.Errorf("send to %v: %w", to, udp.ErrNoSocket)
	}
	_, err := v[family].WriteToAddrPort(b, to)
	return wrap("send", err)
}

// next takes a state that is to be told; false when there is none, and then the next one needs another reporter.
func (w *way) next() (s ice.State, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.reports) == 0 {
		w.reporting = false
		return 0, false
	}
	s = w.reports[0]
	w.reports = w.reports[1:]
	return s, true
}

// HandleControl implements udp.ControlHandler.
func (t *Transport) HandleControl(now time.Time, from netip.AddrPort, b []byte) {
	if b[0] > 3 {
		t.inbox.put(b)
		return
	}
	taken := false
	t.drive(func(a *ice.Agent) { taken = a.Receive(now, from, b) })
	if !taken {
		t.counts.stray.Add(1)
	}
}

// onState takes what the agent thinks of the connection, change by change.
func (t *Transport) onState(s ice.State) {
	switch s {
	case ice.Connected:
		t.arrived()
	case ice.Checking:
		t.lost.Store(true)
	case ice.Disconnected:
		t.lost.Store(true)
		t.emit(Event{Kind: Disconnected})
	case ice.Failed:
		t.lost.Store(true)
		t.emit(Event{Kind: Failed})
	case ice.New:
	}
}

// arrived tells once that media flows: whichever comes last, the way (again) or the keys, finds the other one there.
func (t *Transport) arrived() {
	dest := t.dest.Load()
	if t.sealer.Load() == nil || dest == nil || !t.lost.CompareAndSwap(true, false) {
		return
	}
	t.emit(Event{Kind: Connected, Network: t.network(dest.AddrPort()), Profile: t.Profile()})
}

// network names what carries datagrams to the peer at that address.
func (t *Transport) network(to netip.AddrPort) string {
	origin, stream := t.factory.endpoint.Origin(to)
	name := "udp"
	if stream {
		name = "tcp"
	}
	if origin.Addr().Is4() {
		return name + "4"
	}
	return name + "6"
}

// close ends the agent: nothing is driven or reported any more.
func (w *way) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
}

// closeWay ends everything about the way; the loops have ended.
func (t *Transport) closeWay() {
	w := &t.way
	for _, ufrag := range []string{w.ufrag, w.retired} {
		if ufrag != "" {
			t.factory.endpoint.RemoveConnByUfrag(ufrag)
		}
	}
	for _, v := range w.via {
		if v != nil {
			_ = v.Close() // the ufrag is gone: nothing of it remains
		}
	}
}
