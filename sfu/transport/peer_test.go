package transport_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
	"go.uber.org/goleak"

	"salon/sfu/transport"
	"salon/sfu/udp"
)

// patience is how long a test waits for what must come; it only has to be
// longer than a busy machine needs.
const patience = 20 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A house is a running endpoint with a factory on it.
type house struct {
	endpoint *udp.Endpoint
	factory  *transport.Factory
}

func newHouse(t *testing.T, cfg transport.Config) *house {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	ep, err := udp.Listen(udp.Config{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Shards: 2, Loopback: true}, log)
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = ep.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		_ = ep.Close()
	})
	cfg.Loopback = true
	f, err := transport.NewFactory(cfg, ep, log)
	must(t, err)
	running.Go(func() { _ = f.Run(ctx) })
	return &house{endpoint: ep, factory: f}
}

// A side is our end of a connection as a test sees it.
type side struct {
	*transport.Transport
	events chan transport.Event
	rtp    chan []byte
	rtcp   chan []byte
	batch  *udp.Batch
	boast  bool // tell the peer that we take longer messages than we do

	control sync.Mutex // in place of the room's goroutine
}

func (s *side) HandleRTP(_ time.Time, burst [][]byte, _ transport.Out) {
	for _, p := range burst {
		select {
		case s.rtp <- append([]byte(nil), p...):
		default:
		}
	}
}

func (s *side) HandleRTCP(_ time.Time, pkt []byte, _ transport.Out) {
	select {
	case s.rtcp <- append([]byte(nil), pkt...):
	default:
	}
}

func (h *house) side(t *testing.T, role transport.Role) *side {
	t.Helper()
	s := &side{
		events: make(chan transport.Event, 64),
		rtp:    make(chan []byte, 1024),
		rtcp:   make(chan []byte, 1024),
		batch:  h.endpoint.NewBatch(),
	}
	var err error
	s.Transport, err = h.factory.New(role, s, s.events)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// await reads events until one of this kind.
func (s *side) await(t *testing.T, kind transport.EventKind) transport.Event {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		select {
		case e := <-s.events:
			if e.Kind == kind {
				return e
			}
			if e.Kind == transport.Failed {
				t.Fatalf("connection failed: %v", e.Err)
			}
		case <-late.C:
			t.Fatalf("no event %v", kind)
		}
	}
}

// newPeer is a client by pion/webrtc, on loopback only, without interceptors.
func newPeer(t *testing.T, profiles ...dtls.SRTPProtectionProfile) *webrtc.PeerConnection {
	t.Helper()
	var se webrtc.SettingEngine
	se.SetIncludeLoopbackCandidate(true)
	se.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	se.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	se.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	if len(profiles) > 0 {
		se.SetSRTPProtectionProfiles(profiles...)
	}
	var me webrtc.MediaEngine
	must(t, me.RegisterDefaultCodecs())
	api := webrtc.NewAPI(webrtc.WithSettingEngine(se), webrtc.WithMediaEngine(&me), webrtc.WithInterceptorRegistry(&interceptor.Registry{}))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	must(t, err)
	t.Cleanup(func() { _ = pc.GracefulClose() })
	return pc
}

// trickle sends the peer's candidates to our side as they come.
func trickle(t *testing.T, pc *webrtc.PeerConnection, s *side) {
	t.Helper()
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c == nil {
			return
		}
		text, err := json.Marshal(c.ToJSON())
		if err == nil {
			s.control.Lock()
			defer s.control.Unlock()
			_ = s.AddCandidate(string(text))
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// receive waits for one value.
func receive[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case v := <-ch:
		return v
	case <-late.C:
		t.Fatal("nothing came")
		panic(io.EOF)
	}
}
