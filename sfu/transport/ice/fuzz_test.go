package ice_test

import (
	"net/netip"
	"testing"
	"time"

	"salon/sfu/transport/ice"
)

// FuzzReceive: whatever a stranger sends, nothing changes and nothing panics.
func FuzzReceive(f *testing.F) {
	n := newNet()
	a, b := n.end("a", 1, "10.0.0.1:1000"), n.end("b", 2, "10.0.0.2:2000")
	n.connect(a, b)
	n.tell(a, b)
	for range 8 {
		n.run(5 * time.Millisecond)
		for _, fl := range n.wire {
			f.Add(fl.message)
		}
	}
	from := netip.MustParseAddrPort("10.6.6.6:666")
	f.Fuzz(func(t *testing.T, datagram []byte) {
		stranger := ice.NewAgent(config(), "x", "a-password-nobody-knows", 1)
		stranger.Start(n.now, false, "y", "another-nobody-knows-it")
		if stranger.Receive(n.now, from, datagram) || stranger.State() != ice.Checking || len(stranger.Take()) > 0 {
			t.Error("took the word of a stranger")
		}
		if b.Receive(n.now, from, datagram) && len(datagram) < 20 {
			t.Error("took what is no message")
		}
		b.Take()
	})
}

func FuzzParse(f *testing.F) {
	f.Add("candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host generation 0 ufrag abcd")
	f.Add("a=candidate:842163049 1 udp 1677729535 198.51.100.7 46154 typ srflx raddr 0.0.0.0 rport 0")
	f.Add("candidate:1 1 udp 2113937151 a-b.local 5000 typ host")
	f.Add("candidate:1 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active")
	f.Fuzz(func(t *testing.T, line string) {
		c, ok, err := ice.Parse(line)
		if ok && (err != nil || !c.Addr.IsValid() || c.Addr.Port() == 0 || c.Kind == 0) {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

func TestParse(t *testing.T) {
	for line, want := range map[string]ice.Candidate{
		"candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host generation 0":           {Addr: netip.MustParseAddrPort("192.0.2.1:50000"), Priority: 2130706431, Kind: ice.Host},
		"a=candidate:8 1 UDP 1677729535 2001:db8::7 46154 typ srflx raddr :: rport 0":  {Addr: netip.MustParseAddrPort("[2001:db8::7]:46154"), Priority: 1677729535, Kind: ice.ServerReflexive},
		"candidate:3 1 udp 41885439 198.51.100.9 3478 typ relay raddr 0.0.0.0 rport 0": {Addr: netip.MustParseAddrPort("198.51.100.9:3478"), Priority: 41885439, Kind: ice.Relayed},
		"candidate:1 2 udp 2130706431 192.0.2.1 50000 typ host":                        {},
		"candidate:1 1 udp 2113937151 a-b.local 5000 typ host":                         {},
		"candidate:1 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active":             {},
		"candidate:1 1 udp 2130706431 0.0.0.0 50000 typ host":                          {},
		"candidate:": {},
		"":           {},
	} {
		c, ok, err := ice.Parse(line)
		if err != nil || ok != (want.Kind != 0) || c != want && ok {
			t.Errorf("%q: %+v, %v, %v", line, c, ok, err)
		}
	}
	for _, line := range []string{"candidate:1 1", "hello", "candidate:1 1 udp x 192.0.2.1 50000 typ host", "candidate:1 1 udp 1 192.0.2.1 70000 typ host"} {
		if _, _, err := ice.Parse(line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
	lines := ice.Lines([]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:7882"), netip.MustParseAddrPort("[::1]:7882")})
	if len(lines) != 2 || lines[0] != "candidate:1 1 udp 2130706431 192.0.2.1 7882 typ host" || lines[1] != "candidate:2 1 udp 2130706175 ::1 7882 typ host" {
		t.Errorf("%q", lines)
	}
}
