package nodes

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"salon/sfu/id"
)

const secret = "a secret that is long enough"

func key(tb testing.TB, secret string) Key {
	tb.Helper()
	k, err := NewKey(secret)
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

func noon() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) }

func someHop() Hop {
	return Hop{
		From: "ND_a", To: "ND_b", Room: "book club 책", Epoch: 1 << 63, Client: netip.MustParseAddr("2001:db8::7"), At: noon(),
	}
}

const someTarget = "/rtc/v1?access_token=x.y.z&join_request=AAA"

func TestAHopArrivesAsItWasSent(t *testing.T) {
	k := key(t, secret)
	for name, h := range map[string]Hop{
		"all":         someHop(),
		"little":      {From: "ND_a", To: "ND_b", At: noon()},
		"signed body": {From: "ND_a", To: "ND_b", At: noon(), digest: "\x00\xff."},
	} {
		got, err := k.verify(k.sign(h, http.MethodGet, someTarget), http.MethodGet, someTarget, "ND_b", noon())
		if err != nil || !got.At.Equal(h.At) {
			t.Fatalf("%s: %+v, %v", name, got, err)
		}
		got.At = h.At
		if got != h {
			t.Errorf("%s: %+v, sent %+v", name, got, h)
		}
	}
}

func TestWhatIsNoHopIsRefused(t *testing.T) {
	k := key(t, secret)
	good := k.sign(someHop(), http.MethodGet, someTarget)
	changed := func(change func(h *Hop)) string {
		h := someHop()
		change(&h)
		return h.text() + good[strings.LastIndexByte(good, '.'):]
	}
	if _, err := k.verify(good, http.MethodGet, someTarget, "ND_b", noon()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		raw, method, target string
		self                id.Node
		at                  time.Time
		want                error
	}{
		"nothing":            {raw: "", want: errHopForm},
		"garbage":            {raw: "v1.........", want: errHopForm},
		"too long":           {raw: good + strings.Repeat("A", maxHop), want: errHopForm},
		"padded":             {raw: good + "=", want: errHopForm},
		"a version to come":  {raw: "v2" + good[2:], want: errHopForm},
		"no code":            {raw: good[:strings.LastIndexByte(good, '.')+1], want: errHopMAC},
		"half a code":        {raw: good[:len(good)-4], want: errHopMAC},
		"another secret":     {raw: key(t, "another").sign(someHop(), http.MethodGet, someTarget), want: errHopMAC},
		"the secret for key": {raw: Key{[]byte(secret)}.sign(someHop(), http.MethodGet, someTarget), want: errHopMAC},
		"another method":     {method: http.MethodPost, want: errHopMAC},
		"another path":       {target: "/internal/registry", want: errHopMAC},
		"another query":      {target: someTarget + "B", want: errHopMAC},
		"another sender":     {raw: changed(func(h *Hop) { h.From = "ND_c" }), want: errHopMAC},
		"another room":       {raw: changed(func(h *Hop) { h.Room = "other" }), want: errHopMAC},
		"another epoch":      {raw: changed(func(h *Hop) { h.Epoch++ }), want: errHopMAC},
		"another client":     {raw: changed(func(h *Hop) { h.Client = netip.Addr{} }), want: errHopMAC},
		"another time":       {raw: changed(func(h *Hop) { h.At = h.At.Add(time.Second) }), want: errHopMAC},
		"another addressee":  {raw: changed(func(h *Hop) { h.To = "ND_c" }), self: "ND_c", want: errHopMAC},
		"replayed elsewhere": {self: "ND_c", want: errHopOther},
		"old":                {at: noon().Add(window + time.Millisecond), want: errHopTime},
		"from the future":    {at: noon().Add(-window - time.Millisecond), want: errHopTime},
		"just in time":       {at: noon().Add(window), want: nil},
		"a clock behind":     {at: noon().Add(-window), want: nil},
	} {
		t.Run(name, func(t *testing.T) {
			if c.raw == "" && name != "nothing" {
				c.raw = good
			}
			if c.method == "" {
				c.method = http.MethodGet
			}
			if c.target == "" {
				c.target = someTarget
			}
			if c.self == "" {
				c.self = "ND_b"
			}
			if c.at.IsZero() {
				c.at = noon()
			}
			if _, err := k.verify(c.raw, c.method, c.target, c.self, c.at); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestKeysNeedASecret(t *testing.T) {
	if _, err := NewKey(""); !errors.Is(err, ErrConfig) {
		t.Errorf("got %v", err)
	}
}

// A hop that can be read has one way to be written, and nothing panics or grows.
func FuzzHop(f *testing.F) {
	k := key(f, secret)
	f.Add(k.sign(someHop(), http.MethodGet, someTarget))
	f.Add(k.sign(Hop{From: "ND_a", To: "ND_b"}, http.MethodGet, "/"))
	f.Add("v1.ND_a.ND_b.+1.1....")
	f.Add("v1.ND_a.ND_b.1.1.MS4y...AAAA")
	f.Add("v1.........")
	f.Fuzz(func(t *testing.T, raw string) {
		h, mac, err := parseHop(raw)
		if err != nil {
			if !errors.Is(err, errHopForm) {
				t.Fatalf("error %v", err)
			}
			return
		}
		if len(h.Room) > maxRoom || len(h.From) > maxNodeID || len(h.To) > maxNodeID || len(mac) > maxHop {
			t.Fatalf("too much: %+v", h)
		}
		if !strings.HasPrefix(raw, h.text()+".") {
			t.Fatalf("%q is written %q", raw, h.text())
		}
		if _, err := k.verify(raw, http.MethodGet, "/fuzz", h.To, h.At); err == nil {
			t.Fatalf("%q is believed", raw)
		}
	})
}
