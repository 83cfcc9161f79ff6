package ice_test

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/pion/stun/v4"

	"salon/sfu/transport/ice"
)

// build writes a message with another implementation's hands.
func build(t testing.TB, parts ...stun.Setter) []byte {
	t.Helper()
	m, err := stun.Build(parts...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

// role is ICE-CONTROLLING or ICE-CONTROLLED.
func role(controlling bool, tie uint64) stun.RawAttribute {
	kind := stun.AttrICEControlled
	if controlling {
		kind = stun.AttrICEControlling
	}
	return stun.RawAttribute{Type: kind, Value: binary.BigEndian.AppendUint64(nil, tie)}
}

func priority(p uint32) stun.RawAttribute {
	return stun.RawAttribute{Type: stun.AttrPriority, Value: binary.BigEndian.AppendUint32(nil, p)}
}

func useCandidate() stun.RawAttribute { return stun.RawAttribute{Type: stun.AttrUseCandidate} }

// question is a check of from's, as it should be, with some more in it.
func question(t testing.TB, from, to *end, more ...stun.Setter) []byte {
	t.Helper()
	parts := append([]stun.Setter{stun.TransactionID, stun.BindingRequest, stun.NewUsername(to.ufrag + ":" + from.ufrag), priority(110 << 24)}, more...)
	return build(t, append(parts, stun.NewShortTermIntegrity(to.pwd), stun.Fingerprint)...)
}

// kinds decodes what an agent wants to send.
func kinds(t testing.TB, out []ice.Outgoing) (list []stun.MessageType) {
	t.Helper()
	for _, o := range out {
		m := &stun.Message{Raw: o.Message}
		if err := m.Decode(); err != nil {
			t.Fatal(err)
		}
		list = append(list, m.Type)
	}
	return list
}

func TestRequestsAreLookedAtInOrder(t *testing.T) {
	answer, check, refusal := stun.BindingSuccess, stun.BindingRequest, stun.BindingError
	n := newNet()
	names := n.end("a", 5, "10.0.0.1:1000")
	header := []stun.Setter{stun.TransactionID, stun.BindingRequest, stun.NewUsername("bufrag:aufrag")}
	sealed := stun.NewShortTermIntegrity("b-password-of-22-chars")
	odd := stun.RawAttribute{Type: 0x0077, Value: []byte{1, 2, 3}}
	for name, c := range map[string]struct {
		message []byte
		want    []stun.MessageType
	}{
		"as it should be":            {build(t, append(header, sealed, stun.Fingerprint)...), []stun.MessageType{answer, check}},
		"without a fingerprint":      {build(t, append(header, sealed)...), []stun.MessageType{answer, check}},
		"a wrong password":           {build(t, append(header, stun.NewShortTermIntegrity("c-password-of-22-chars"), stun.Fingerprint)...), nil},
		"no password":                {build(t, append(header, stun.Fingerprint)...), nil},
		"no user":                    {build(t, stun.TransactionID, stun.BindingRequest, sealed, stun.Fingerprint), nil},
		"another user of ours":       {build(t, stun.TransactionID, stun.BindingRequest, stun.NewUsername("x:aufrag"), sealed, stun.Fingerprint), nil},
		"another user of theirs":     {build(t, stun.TransactionID, stun.BindingRequest, stun.NewUsername("bufrag:x"), sealed, stun.Fingerprint), nil},
		"the first user counts":      {build(t, append(header, stun.NewUsername("x:y"), sealed, stun.Fingerprint)...), []stun.MessageType{answer, check}},
		"not understood":             {build(t, append(header, odd, sealed, stun.Fingerprint)...), []stun.MessageType{refusal}},
		"not understood, not sealed": {build(t, append(header, odd, stun.Fingerprint)...), nil},
		"not understood but behind":  {build(t, append(header, sealed, odd)...), []stun.MessageType{answer, check}},
		"optional":                   {build(t, append(header, stun.RawAttribute{Type: 0xc057, Value: []byte{1}}, sealed, stun.Fingerprint)...), []stun.MessageType{answer, check}},
		"the same role, a larger tie": {build(t, append(header, role(false, 9), sealed, stun.Fingerprint)...),
			[]stun.MessageType{refusal}},
		"the same role, a smaller tie": {build(t, append(header, role(false, 1), sealed, stun.Fingerprint)...),
			[]stun.MessageType{answer, check}},
		"an indication": {build(t, stun.TransactionID, stun.NewType(stun.MethodBinding, stun.ClassIndication), stun.Fingerprint), nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := n.end("b", 5, "10.0.0.2:2000")
			b.Start(n.now, false, names.ufrag, names.pwd)
			for cut := range len(c.message) {
				if b.Receive(n.now, names.at[0], c.message[:cut]) {
					t.Fatalf("took %d of %d bytes", cut, len(c.message))
				}
			}
			bad := slices.Clone(c.message)
			bad[len(bad)-1] ^= 1
			if name != "not understood but behind" && b.Receive(n.now, names.at[0], bad) {
				t.Fatal("took a message with its last byte changed")
			}
			if taken := b.Receive(n.now, names.at[0], c.message); taken != (c.want != nil) {
				t.Errorf("taken %v", taken)
			}
			out := b.Take()
			if got := kinds(t, out); !slices.Equal(got, c.want) {
				t.Fatalf("answers %v, want %v", got, c.want)
			}
			for _, o := range out {
				if len(o.Message) > 2*len(c.message) {
					t.Errorf("%d bytes lead to %d", len(c.message), len(o.Message))
				}
			}
		})
	}
}

func TestWhatIsNotUnderstoodIsNamed(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	b.Start(n.now, false, a.ufrag, a.pwd)
	var odd []stun.Setter
	for i := range 20 {
		odd = append(odd, stun.RawAttribute{Type: stun.AttrType(0x0100 + i)})
	}
	b.Receive(n.now, a.at[0], question(t, a, b, odd...))
	m := &stun.Message{Raw: b.Take()[0].Message}
	var code stun.ErrorCodeAttribute
	var unknown stun.UnknownAttributes
	if m.Decode() != nil || code.GetFrom(m) != nil || unknown.GetFrom(m) != nil || stun.NewShortTermIntegrity(b.pwd).Check(m) != nil {
		t.Fatalf("%v", m)
	}
	if code.Code != stun.CodeUnknownAttribute || len(unknown) != 8 || unknown[0] != 0x0100 || unknown[7] != 0x0107 {
		t.Errorf("%d %v", code.Code, unknown)
	}
}

func TestAnswersThatDoNotCount(t *testing.T) {
	here, elsewhere := netip.MustParseAddrPort("10.0.0.1:1000"), netip.MustParseAddrPort("10.0.0.1:1001")
	mapped := stun.RawAttribute{Type: stun.AttrXORMappedAddress, Value: []byte{0, 1, 0, 1, 2, 3, 4, 5}}
	for name, c := range map[string]struct {
		from      netip.AddrPort
		pwd       string
		more      []stun.Setter
		otherID   bool
		connected bool
	}{
		"as it should be":     {from: here, pwd: "a-password-of-22-chars", connected: true},
		"from elsewhere":      {from: elsewhere, pwd: "a-password-of-22-chars"},
		"by somebody else":    {from: here, pwd: "c-password-of-22-chars"},
		"under our password":  {from: here, pwd: "b-password-of-22-chars"},
		"to another question": {from: here, pwd: "a-password-of-22-chars", otherID: true},
		"not understood":      {from: here, pwd: "a-password-of-22-chars", more: []stun.Setter{stun.RawAttribute{Type: 0x0077}}},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNet()
			a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
			b.Start(n.now, false, a.ufrag, a.pwd)
			b.Receive(n.now, here, question(t, a, b, role(true, 1), useCandidate()))
			ours := &stun.Message{Raw: b.Take()[1].Message}
			if err := ours.Decode(); err != nil {
				t.Fatal(err)
			}
			if c.otherID {
				ours.TransactionID[3]++
			}
			parts := append([]stun.Setter{stun.NewTransactionIDSetter(ours.TransactionID), stun.BindingSuccess, mapped}, c.more...)
			b.Receive(n.now, c.from, build(t, append(parts, stun.NewShortTermIntegrity(c.pwd), stun.Fingerprint)...))
			if got := b.State() == ice.Connected; got != c.connected {
				t.Errorf("connected %v", got)
			}
		})
	}
}

func TestAnOldAnswerIsNoConsent(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	var heard []byte // the last answer to b
	for range 4000 {
		n.run(5 * time.Millisecond)
		for _, f := range n.wire {
			if f.to == b.at[0] && f.message[0] == 1 {
				heard = f.message
			}
		}
	}
	a.cut = true
	for i := range 31 {
		if i < 24 { // the last answer may have been 6 s old
			b.want(t, ice.Connected, "")
		}
		b.Heard(n.now)
		b.Receive(n.now, a.at[0], heard)
		n.run(time.Second)
	}
	b.want(t, ice.Failed, "")
}

// Whoever knows the password can have us send to an address that is not its own, but not much.
func TestForgedSourcesAreNotShotAt(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	b.Start(n.now, false, a.ufrag, a.pwd)
	victim := netip.MustParseAddrPort("10.9.9.9:53")
	checks := 0
	for range 10_000 { // in 10 s
		b.Receive(n.now, victim, question(t, a, b, role(true, 1), useCandidate()))
		if at, _ := b.Deadline(); !at.After(n.now) {
			b.Tick(n.now)
		}
		for _, kind := range kinds(t, b.Take()) {
			if kind == stun.BindingRequest {
				checks++
			}
		}
		n.now = n.now.Add(time.Millisecond)
	}
	if checks < 20 || checks > 150 {
		t.Errorf("%d checks for 10000 requests", checks)
	}
	b.want(t, ice.Checking, "")
}

func TestAStaleAddressHasToProveItself(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(time.Second)
	first := a.at[0]
	a.at = []netip.AddrPort{netip.MustParseAddrPort("10.0.0.1:1999")}
	n.run(20 * time.Second)
	b.want(t, ice.Connected, "10.0.0.1:1999")
	for range 10 { // says a, who is not there any more
		b.Receive(n.now, first, question(t, a, b, role(true, 1), useCandidate(), priority(200<<24)))
		n.run(time.Second)
		b.want(t, ice.Connected, "10.0.0.1:1999")
	}
}

func TestRestartsDoNotReplaceConsent(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(10 * time.Second)
	gone := n.now
	b.cut = true
	for range 20 {
		a.Restart(n.now, a.ufrag, a.pwd)
		a.Start(n.now, true, b.ufrag, b.pwd)
		n.run(2 * time.Second)
		a.want(t, ice.Checking, "")
		since := n.now.Sub(gone)
		if allowed := a.Consented(n.now); since < 20*time.Second && !allowed || since > 31*time.Second && allowed {
			t.Errorf("%v after the last sign: allowed to send: %v", since, allowed)
		}
	}
	b.cut = false
	b.Restart(n.now, b.ufrag, b.pwd)
	n.connect(a, b)
	n.tell(a, b)
	n.run(time.Second)
	if !a.Consented(n.now) {
		t.Error("no consent of a peer that is back")
	}
}

func TestEveryNewPortIsFollowed(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(time.Second)
	for port := uint16(2); port < 80; port++ { // more than addresses are remembered
		a.at = []netip.AddrPort{netip.AddrPortFrom(a.at[0].Addr(), port)}
		n.run(15 * time.Second)
		b.want(t, ice.Connected, a.at[0].String())
		a.want(t, ice.Connected, "10.0.0.2:2000")
	}
}

// A peer that nominates once and never again may be given another port without knowing it.
func TestANewPortNeedsNoNomination(t *testing.T) {
	for _, controlling := range []bool{true, false} {
		n := newNet()
		a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
		n.connect(a, b)
		if controlling {
			n = newNet()
			b, a = n.end("b", 2, "10.0.0.2:2000"), n.end("a", 1, "10.0.0.1:1000")
			n.connect(b, a)
		}
		n.tell(a, b)
		n.tell(b, a)
		n.run(10 * time.Second)
		b.want(t, ice.Connected, "10.0.0.1:1000")
		n.ends = []*end{b} // a is played by hand from here on
		at := netip.MustParseAddrPort("10.0.0.1:1999")
		since := n.now
		for b.Selected() != at {
			if n.now.Sub(since) > 8*time.Second {
				t.Fatalf("controlling %v: not followed", controlling)
			}
			if ms := n.now.Sub(since).Milliseconds(); ms%5000 == 2500 {
				b.Receive(n.now, at, question(t, a, b, role(!controlling, 1)))
				n.collect(b)
			}
			answerAt(t, n, a, b, at)
			b.Heard(n.now) // media from the new port are as authentic as those from the old one
			n.run(5 * time.Millisecond)
		}
		b.want(t, ice.Connected, "")
	}
}

// answerAt answers what is on its way to at in a's name.
func answerAt(t *testing.T, n *net, a, b *end, at netip.AddrPort) {
	t.Helper()
	for _, f := range n.wire {
		m := &stun.Message{Raw: f.message}
		if f.to != at || m.Decode() != nil || m.Type != stun.BindingRequest {
			continue
		}
		b.Receive(n.now, at, build(t, stun.NewTransactionIDSetter(m.TransactionID), stun.BindingSuccess,
			&stun.XORMappedAddress{IP: b.at[0].Addr().AsSlice(), Port: int(b.at[0].Port())},
			stun.NewShortTermIntegrity(a.pwd), stun.Fingerprint))
	}
}

// While the way in use answers, the peer's speaking from elsewhere too changes nothing.
func TestASecondAddressIsNoReasonToMove(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	n.run(10 * time.Second)
	other := netip.MustParseAddrPort("192.0.2.9:9")
	for i := range 6000 {
		if i%200 == 0 {
			b.Receive(n.now, other, question(t, a, b, role(true, 1)))
			n.collect(b)
		}
		answerAt(t, n, a, b, other)
		n.run(5 * time.Millisecond)
		b.want(t, ice.Connected, "10.0.0.1:1000")
	}
}

func TestEqualTiesAreSettled(t *testing.T) {
	for _, controlling := range []bool{true, false} {
		for loss := range 3 {
			n := newNet()
			n.loss = float64(loss) / 10
			a, b := n.end("a", 7, "10.0.0.1:1000"), n.end("b", 7, "10.0.0.2:2000")
			a.Start(n.now, controlling, b.ufrag, b.pwd)
			b.Start(n.now, controlling, a.ufrag, a.pwd)
			n.tell(a, b)
			n.tell(b, a)
			n.run(5 * time.Second)
			a.want(t, ice.Connected, "10.0.0.2:2000")
			b.want(t, ice.Connected, "10.0.0.1:1000")
		}
	}
}

func TestMappedAddressesAreTheSame(t *testing.T) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	b.Start(n.now, false, a.ufrag, a.pwd)
	b.Receive(n.now, netip.MustParseAddrPort("[::ffff:10.0.0.1]:1000"), question(t, a, b, role(true, 1)))
	for _, o := range b.Take() {
		if o.To != a.at[0] {
			t.Errorf("to %v", o.To)
		}
	}
}

// FuzzAuthentic: whatever the peer itself says, nothing panics, and what it leads to is bounded.
func FuzzAuthentic(f *testing.F) {
	f.Add([]byte{0, 0x25, 0, 0, 0x80, 0x2a, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8}, true, uint16(1000))
	f.Add([]byte{0, 0x24, 0, 4, 1, 2, 3, 4, 0, 0x77, 0, 0}, true, uint16(1))
	f.Add([]byte{0, 9, 0, 4, 0, 0, 4, 87}, false, uint16(1000))
	f.Fuzz(func(t *testing.T, attributes []byte, ask bool, port uint16) {
		n := newNet()
		a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
		b.Start(n.now, false, a.ufrag, a.pwd)
		n.tell(b, a)
		check := &stun.Message{Raw: b.Take()[0].Message}
		if err := check.Decode(); err != nil {
			t.Fatal(err)
		}
		head := []stun.Setter{stun.NewTransactionIDSetter(check.TransactionID), stun.BindingError}
		pwd := a.pwd
		if ask {
			head, pwd = []stun.Setter{stun.TransactionID, stun.BindingRequest, stun.NewUsername("bufrag:aufrag")}, b.pwd
		}
		m, err := stun.Build(head...)
		if err != nil {
			t.Fatal(err)
		}
		m.Raw = append(m.Raw, attributes[:min(len(attributes), 1000)&^3]...)
		m.Length = uint32(len(m.Raw) - 20) //nolint:gosec // a thousand at most
		m.WriteLength()
		if stun.NewShortTermIntegrity(pwd).AddTo(m) != nil || stun.Fingerprint.AddTo(m) != nil {
			return
		}
		from := netip.AddrPortFrom(a.at[0].Addr(), port)
		for range 3 {
			b.Receive(n.now, from, m.Raw)
			if out := b.Take(); len(out) > 2 {
				t.Errorf("%d messages for one", len(out))
			}
			n.run(time.Second)
		}
	})
}
