package transport

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/pion/datachannel"
	"github.com/pion/dtls/v3"
	"github.com/pion/sctp"
)

// firstBuffer is what a channel reads into at first, in bytes; it grows up to
// Config.MaxMessage with the messages that come.
const firstBuffer = 512

// tooLong tells that a message does not fit the buffer; it waits for a larger.
func tooLong(err error) bool { return errors.Is(err, io.ErrShortBuffer) }

// carry runs the data channels of a connection until one side ends it.
func (t *Transport) carry(c *dtls.Conn) {
	assoc, err := t.associate(c)
	if err != nil {
		t.log.Debug("no data channels", "err", err)
		return
	}
	closed := make(chan struct{})
	stop := context.AfterFunc(t.ctx, func() {
		defer close(closed)
		_ = assoc.Close() // ends accept
	})
	var readers sync.WaitGroup
	if t.role == Offerer {
		t.dial(assoc, &readers)
	}
	t.accept(assoc, &readers)
	if stop() {
		_ = assoc.Close() // ends every reader
	} else {
		<-closed
	}
	readers.Wait()
}

// associate sets SCTP up. Both sides begin it (RFC 8841 section 9).
func (t *Transport) associate(c *dtls.Conn) (*sctp.Association, error) {
	ctx, cancel := context.WithTimeout(t.ctx, t.cfg.HandshakeWithin)
	defer cancel()
	a, err := sctp.ClientContext(ctx,
		sctp.WithNetConn(c),
		sctp.WithMTU(sctpMTU),
		sctp.WithMaxMessageSize(t.channels.peerMax.Load()),
		sctp.WithLoggerFactory(t.factory.quiet),
	)
	return a, wrap("set up sctp", err)
}

// accept takes the channels that the peer opens.
func (t *Transport) accept(assoc *sctp.Association, readers *sync.WaitGroup) {
	var places = make(chan struct{}, maxStreams)
	for {
		stream, err := assoc.AcceptStream()
		if err != nil {
			return
		}
		select {
		case places <- struct{}{}:
		default:
			_ = stream.Close()
			continue
		}
		readers.Go(func() {
			defer func() { <-places }()
			t.greet(stream)
		})
	}
}

// greet waits for the opening message of the peer's channel, then reads it.
func (t *Transport) greet(stream *sctp.Stream) {
	stream.SetDefaultPayloadType(sctp.PayloadTypeWebRTCBinary)
	dc, err := datachannel.Server(stream, &datachannel.Config{LoggerFactory: t.factory.quiet})
	if err != nil {
		_ = stream.Close()
		return
	}
	ch, known := channelOf(dc.Config.Label)
	if !known {
		t.read(dc, func([]byte) { t.counts.ignored.Add(1) })
		return
	}
	t.use(ch, dc)
}

// dial opens our channels. The DTLS server's streams have odd numbers
// (RFC 8832 section 6).
func (t *Transport) dial(assoc *sctp.Association, readers *sync.WaitGroup) {
	for ch := Reliable; ch < channelCount; ch++ {
		cfg := &datachannel.Config{Label: ch.String(), LoggerFactory: t.factory.quiet}
		if ch == Lossy {
			cfg.ChannelType = datachannel.ChannelTypePartialReliableRexmitUnordered
		}
		dc, err := datachannel.Dial(assoc, uint16(ch)*2+1, cfg)
		if err != nil {
			return // the association has ended
		}
		readers.Go(func() { t.use(ch, dc) })
	}
}

// use reads a channel of ours until it ends, as the place to send on, too.
func (t *Transport) use(ch Channel, dc *datachannel.DataChannel) {
	if t.channels.set(ch, dc) {
		t.emit(Event{Kind: ChannelsOpen})
	}
	defer t.channels.open[ch].CompareAndSwap(dc, nil)
	t.read(dc, func(data []byte) {
		t.emit(Event{Kind: Message, Channel: ch, Data: append([]byte(nil), data...)})
	})
}

// read passes every message to take, until the channel ends or a message is
// longer than Config.MaxMessage. While take waits, SCTP makes the peer wait.
func (t *Transport) read(dc *datachannel.DataChannel, take func([]byte)) {
	defer func() { _ = dc.Close() }()
	buf := make([]byte, min(firstBuffer, t.cfg.MaxMessage))
	for {
		n, err := dc.Read(buf)
		switch {
		case err == nil:
			take(buf[:n])
		case tooLong(err) && len(buf) < t.cfg.MaxMessage:
			buf = make([]byte, min(2*len(buf), t.cfg.MaxMessage))
		default:
			return
		}
	}
}
