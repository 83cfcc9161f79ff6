package transport

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/pion/datachannel"
)

// A Channel is one of the data channels of the client protocol.
type Channel uint8

// The channels, known by their labels.
const (
	Reliable Channel = iota // "_reliable": ordered, nothing is lost
	Lossy                   // "_lossy": unordered, nothing is sent twice

	channelCount
)

// String is the label of the channel.
func (c Channel) String() string {
	switch c {
	case Reliable:
		return "_reliable"
	case Lossy:
		return "_lossy"
	case channelCount:
	}
	return "unknown"
}

// channelOf finds the channel of a label.
func channelOf(label string) (Channel, bool) {
	for c := Reliable; c < channelCount; c++ {
		if c.String() == label {
			return c, true
		}
	}
	return 0, false
}

const (
	// maxStreams is how many data channels a peer may have; clients open three.
	maxStreams = 16
	// sctpMTU leaves room for DTLS in the 1200 bytes every path carries.
	sctpMTU = 1191
)

// channels are the data channels that carry messages. The loops open and end
// them; the room's goroutine sends.
type channels struct {
	maxMessage  int // bytes we take
	maxBuffered int // bytes that may wait per channel
	wanted      chan struct{}
	wantOnce    sync.Once

	peerMax atomic.Uint32 // bytes the peer takes
	open    [channelCount]atomic.Pointer[datachannel.DataChannel]
	told    atomic.Bool // ChannelsOpen has been emitted
}

func (cs *channels) limits(cfg Config) {
	cs.maxMessage, cs.maxBuffered = cfg.MaxMessage, cfg.MaxBuffered
	cs.wanted = make(chan struct{})
}

// want lets the channels come as soon as the connection stands.
func (cs *channels) want(peerMax uint32) {
	cs.peerMax.Store(peerMax)
	cs.wantOnce.Do(func() { close(cs.wanted) })
}

// set registers an open channel and tells whether both are open for the first
// time.
func (cs *channels) set(c Channel, dc *datachannel.DataChannel) (complete bool) {
	cs.open[c].Store(dc)
	for i := range cs.open {
		if cs.open[i].Load() == nil {
			return false
		}
	}
	return cs.told.CompareAndSwap(false, true)
}

// SendMessage queues data for the peer and never waits. ErrNotOpen: no such
// channel yet, or no longer; ErrTooLong: more than the peer takes;
// ErrBackpressure: the peer does not drain what it was sent, so this message
// is dropped and counted.
func (t *Transport) SendMessage(ch Channel, data []byte) error {
	if ch >= channelCount {
		return ErrNotOpen
	}
	cs := &t.channels
	dc := cs.open[ch].Load()
	switch {
	case dc == nil:
		return ErrNotOpen
	case len(data) > int(cs.peerMax.Load()):
		return ErrTooLong
	case dc.BufferedAmount()+uint64(len(data)) > uint64(cs.maxBuffered): //nolint:gosec // positive
		t.counts.backpressure.Add(1)
		return ErrBackpressure
	}
	if _, err := dc.Write(data); err != nil {
		return fmt.Errorf("send on %s: %w: %w", ch, ErrNotOpen, err)
	}
	return nil
}
