package transport_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/pion/webrtc/v4"

	"salon/sfu/transport"
)

// talking connects a peer with data channels to our side.
func talking(t *testing.T, cfg transport.Config) (*side, *webrtc.PeerConnection, map[string]*webrtc.DataChannel) {
	t.Helper()
	s := newHouse(t, cfg).side(t, transport.Answerer)
	pc := newPeer(t)
	channels := dataChannels(t, pc)
	open := make(chan struct{}, len(channels))
	for _, dc := range channels {
		dc.OnOpen(func() { open <- struct{}{} })
	}
	offerFrom(t, pc, s, everything)
	s.await(t, transport.ChannelsOpen)
	for range channels {
		receive(t, open)
	}
	return s, pc, channels
}

func TestMessagesArriveOnTheirChannel(t *testing.T) {
	s, _, channels := talking(t, transport.Config{})
	got := make(chan []byte, 4)
	channels["_reliable"].OnMessage(func(m webrtc.DataChannelMessage) { got <- m.Data })
	large := bytes.Repeat([]byte("x"), 60000)
	must(t, channels["_reliable"].Send(large))
	if e := s.await(t, transport.Message); e.Channel != transport.Reliable || !bytes.Equal(e.Data, large) {
		t.Errorf("%v with %d bytes", e.Channel, len(e.Data))
	}
	must(t, channels["_lossy"].Send([]byte("quick")))
	if e := s.await(t, transport.Message); e.Channel != transport.Lossy || string(e.Data) != "quick" {
		t.Errorf("%v with %q", e.Channel, e.Data)
	}
	must(t, s.SendMessage(transport.Reliable, large))
	if m := receive(t, got); !bytes.Equal(m, large) {
		t.Errorf("peer got %d bytes", len(m))
	}
}

func TestTooLongMessageEndsItsChannelOnly(t *testing.T) {
	s := newHouse(t, transport.Config{MaxMessage: 1000}).side(t, transport.Answerer)
	pc := newPeer(t)
	channels := dataChannels(t, pc)
	open, ended := make(chan struct{}, len(channels)), make(chan struct{})
	for _, dc := range channels {
		dc.OnOpen(func() { open <- struct{}{} })
	}
	channels["_reliable"].OnClose(func() { close(ended) })
	s.boast = true // the client keeps to what it hears, and hears of more
	offerFrom(t, pc, s, everything)
	for range channels {
		receive(t, open)
	}
	must(t, channels["_lossy"].Send(make([]byte, 1000)))
	s.await(t, transport.Message)
	must(t, channels["_reliable"].Send(make([]byte, 1001)))
	receive(t, ended)
	must(t, channels["_lossy"].Send([]byte("still")))
	s.await(t, transport.Message)
	if err := s.SendMessage(transport.Reliable, []byte("x")); !errors.Is(err, transport.ErrNotOpen) {
		t.Errorf("send on an ended channel: %v", err)
	}
}

func TestPeerThatDoesNotDrainCostsOnlyItsMessages(t *testing.T) {
	s, _, _ := talking(t, transport.Config{MaxMessage: 1000, MaxBuffered: 4000})
	refused := false
	for range 1000 {
		if err := s.SendMessage(transport.Reliable, make([]byte, 1000)); err != nil {
			if !errors.Is(err, transport.ErrBackpressure) {
				t.Fatal(err)
			}
			refused = true
			break
		}
	}
	if !refused || s.Counts().Backpressure == 0 {
		t.Error("a thousand messages at once were all taken")
	}
}

func TestPeerThatLeavesIsNoticed(t *testing.T) {
	s, pc, _ := talking(t, transport.Config{})
	must(t, pc.Close())
	s.await(t, transport.Closed)
}

func TestPeerWithoutChannelsThatLeavesIsNoticed(t *testing.T) {
	s := newHouse(t, transport.Config{}).side(t, transport.Answerer)
	pc := newPeer(t)
	_, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	must(t, err)
	there := make(chan struct{})
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			close(there)
		}
	})
	offerFrom(t, pc, s, everything)
	s.await(t, transport.Connected)
	receive(t, there) // before its handshake is done it has nobody to say good-bye to
	must(t, pc.Close())
	s.await(t, transport.Closed)
}

func TestChannelsMayComeWithALaterOffer(t *testing.T) {
	s := newHouse(t, transport.Config{}).side(t, transport.Answerer)
	pc := newPeer(t)
	_, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	must(t, err)
	offerFrom(t, pc, s, everything)
	s.await(t, transport.Connected)
	dataChannels(t, pc)
	offerFrom(t, pc, s, everything)
	s.await(t, transport.ChannelsOpen)
}

func TestWeLeaveAndThePeerNotices(t *testing.T) {
	s, pc, channels := talking(t, transport.Config{})
	ended := make(chan struct{})
	channels["_reliable"].OnClose(func() { close(ended) })
	must(t, s.Close())
	must(t, s.Close())
	receive(t, ended)
	_ = pc
}
