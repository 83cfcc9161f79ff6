package sfu

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"salon/sfu/room"
	"salon/sfu/transport"
)

// A nat is a client's socket behind a NAT: to the client it is always the same, to others it has another port after each rebind.
type nat struct {
	own    net.Addr // what the client takes it for
	in     chan natted
	closed chan struct{}
	once   sync.Once
	reads  sync.WaitGroup

	out net.PacketConn // guarded by mu
	mu  sync.Mutex
}

type natted struct {
	b    []byte
	from net.Addr
}

func newNAT(t *testing.T) *nat {
	t.Helper()
	n := &nat{in: make(chan natted, 256), closed: make(chan struct{})}
	n.rebind(t)
	n.own = n.outside().LocalAddr()
	t.Cleanup(func() { _ = n.Close(); n.reads.Wait() })
	return n
}

// rebind gives it another port; what goes to the one before is lost.
func (n *nat) rebind(t *testing.T) {
	t.Helper()
	fresh, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n.mu.Lock()
	old := n.out
	n.out = fresh
	n.mu.Unlock()
	if old != nil {
		_ = old.Close()
	}
	n.reads.Go(func() {
		b := make([]byte, 2000)
		for {
			k, from, err := fresh.ReadFrom(b)
			if err != nil {
				return
			}
			select {
			case n.in <- natted{append([]byte(nil), b[:k]...), from}:
			case <-n.closed:
				return
			}
		}
	})
}

func (n *nat) outside() net.PacketConn {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.out
}

func (n *nat) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case p := <-n.in:
		return copy(b, p.b), p.from, nil
	case <-n.closed:
		return 0, nil, net.ErrClosed
	}
}

func (n *nat) WriteTo(b []byte, to net.Addr) (int, error) { return n.outside().WriteTo(b, to) }

func (n *nat) Close() error {
	n.once.Do(func() { close(n.closed); _ = n.outside().Close() })
	return nil
}

func (n *nat) LocalAddr() net.Addr { return n.own }

func (n *nat) SetDeadline(time.Time) error      { return nil }
func (n *nat) SetReadDeadline(time.Time) error  { return nil }
func (n *nat) SetWriteDeadline(time.Time) error { return nil }

// A client that gets another port from its NAT in the middle of a call is followed there, though it does not know of it: whether it is
// the one that nominates, with one connection, or we are, with two.
func TestANewPortIsFollowed(t *testing.T) {
	for name, single := range map[string]bool{"one connection": true, "two connections": false} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, Config{Transport: transport.Config{KeepAlive: 300 * time.Millisecond, DisconnectAfter: time.Second}})
			a := join(t, s, "club", "anna", true)
			picture := a.publish(room.Video, room.Camera)
			var nats []*nat
			b := joinTuned(t, s, "club", "boris", single, func(settings *webrtc.SettingEngine) {
				n := newNAT(t)
				nats = append(nats, n)
				settings.SetICEUDPMux(webrtc.NewICEUDPMux(nil, n))
				settings.SetICETimeouts(bound, bound, 200*time.Millisecond)
			})
			track := b.track(picture)
			for range 2 {
				for _, n := range nats {
					n.rebind(t)
				}
				for { // what came before
					_ = track.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
					if _, _, err := track.ReadRTP(); err != nil {
						break
					}
				}
				_ = track.SetReadDeadline(time.Now().Add(bound))
				if _, _, err := track.ReadRTP(); err != nil {
					t.Fatalf("nothing at the new port: %v", err)
				}
			}
		})
	}
}
