package sfu

import (
	"context"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pion/dtls/v3"
	"github.com/pion/webrtc/v4"

	"salon/sfu/room"
)

// A diary keeps what a server logs, a line for each message: "message key=value ...".
type diary struct {
	lines *[]string // guarded by mu
	mu    *sync.Mutex
	with  []slog.Attr
}

func newDiary() diary { return diary{lines: &[]string{}, mu: &sync.Mutex{}} }

func (d diary) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }

func (d diary) Handle(_ context.Context, r slog.Record) error {
	var line strings.Builder
	line.WriteString(r.Message)
	add := func(a slog.Attr) bool { line.WriteString(" " + a.String()); return true }
	for _, a := range d.with {
		add(a)
	}
	r.Attrs(add)
	d.mu.Lock()
	defer d.mu.Unlock()
	*d.lines = append(*d.lines, line.String())
	return nil
}

func (d diary) WithAttrs(attrs []slog.Attr) slog.Handler {
	d.with = slices.Concat(d.with, attrs)
	return d
}

func (d diary) WithGroup(string) slog.Handler { return d }

// says tells whether there is a line with all these words.
func (d diary) says(words ...string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.ContainsFunc(*d.lines, func(line string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line+" ", w+" ") })
	})
}

// need fails unless there is a line with all these words.
func (d diary) need(t *testing.T, words ...string) {
	t.Helper()
	if !d.says(words...) {
		d.mu.Lock()
		defer d.mu.Unlock()
		t.Errorf("no line says %q:\n%s", words, strings.Join(*d.lines, "\n"))
	}
}

// exchange has two clients see and hear each other, over one connection and over two.
func exchange(t *testing.T, s *Server, tune func(*webrtc.SettingEngine)) {
	t.Helper()
	a := joinTuned(t, s, "club", "anna", true, tune)
	picture := a.publish(room.Video, room.Camera)
	b := joinTuned(t, s, "club", "boris", false, tune)
	b.receive(picture)
	sound := b.publish(room.Audio, room.Microphone)
	a.receive(sound)
}

func asUsual(*webrtc.SettingEngine) {}

func TestMediaFlowsHoweverTheSocketsAreDriven(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  Config
		says []string
	}{
		"without offload": {Config{Offload: "off"}, []string{"batching=true", "gso=false", "gro=false"}},
		"one by one":      {Config{Plain: true}, []string{"batching=false", "gso=false", "gro=false"}},
		"one socket":      {Config{Shards: 1}, []string{"sockets=1"}},
		"bound to IPv4":   {Config{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			log := newDiary()
			exchange(t, serveLogged(t, c.cfg, log), asUsual)
			log.need(t, append([]string{"udp listening"}, c.says...)...)
			log.need(t, "connected", "network=udp4", "srtp=SRTP_AEAD_AES_128_GCM")
		})
	}
}

func TestMediaFlowsWithEveryCipher(t *testing.T) {
	for name, profile := range map[string]dtls.SRTPProtectionProfile{
		"SRTP_AES128_CM_HMAC_SHA1_80": dtls.SRTP_AES128_CM_HMAC_SHA1_80,
		"SRTP_AEAD_AES_256_GCM":       dtls.SRTP_AEAD_AES_256_GCM,
	} {
		t.Run(name, func(t *testing.T) {
			log := newDiary()
			exchange(t, serveLogged(t, Config{}, log), func(settings *webrtc.SettingEngine) {
				settings.SetSRTPProtectionProfiles(profile)
			})
			log.need(t, "connected", "srtp="+name)
		})
	}
}

func TestMediaFlowsOverIPv6(t *testing.T) {
	for name, cfg := range map[string]Config{
		"both families": {},
		"IPv6 alone":    {Bind: []netip.Addr{netip.IPv6Loopback()}},
	} {
		t.Run(name, func(t *testing.T) {
			log := newDiary()
			exchange(t, serveLogged(t, cfg, log), func(settings *webrtc.SettingEngine) {
				settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP6})
			})
			log.need(t, "connected", "network=udp6", "srtp=SRTP_AEAD_AES_128_GCM")
		})
	}
}

func TestMediaFlowsOverTCP(t *testing.T) {
	for name, c := range map[string]struct {
		cfg     Config
		network webrtc.NetworkType
	}{
		"IPv4":                  {Config{}, webrtc.NetworkTypeTCP4},
		"IPv6":                  {Config{}, webrtc.NetworkTypeTCP6},
		"where UDP has no IPv6": {Config{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}, webrtc.NetworkTypeTCP4},
	} {
		t.Run(name, func(t *testing.T) {
			log := newDiary()
			s := serveLogged(t, c.cfg, log)
			exchange(t, s, func(settings *webrtc.SettingEngine) { settings.SetNetworkTypes([]webrtc.NetworkType{c.network}) })
			log.need(t, "tcp listening")
			log.need(t, "connected", "network="+c.network.String(), "srtp=SRTP_AEAD_AES_128_GCM")
			if st := s.Stats().TCP; st.DatagramsOut == 0 || st.Dropped != 0 {
				t.Errorf("%+v", st)
			}
		})
	}
}
