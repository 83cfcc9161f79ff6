package peer

import (
	"context"
	"sync"

	"github.com/pion/datachannel"
	"github.com/pion/dtls/v3"
	"github.com/pion/logging"
	"github.com/pion/sctp"
)

const (
	maxChannelMessage = 64 << 10 // bytes
	// sctpMTU leaves room for DTLS in the 1200 bytes that every path carries.
	sctpMTU = 1191
)

// carry opens the data channels that clients open, and reads what comes on them, until the peer's end.
func (l *Lean) carry(conn *dtls.Conn, remote answer) {
	if !remote.data {
		<-l.life.ctx.Done()
		return
	}
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled
	ctx, cancel := context.WithTimeout(l.life.ctx, connectWithin)
	assoc, err := sctp.ClientContext(ctx, sctp.WithNetConn(conn), sctp.WithMTU(sctpMTU),
		sctp.WithMaxMessageSize(maxChannelMessage), sctp.WithLoggerFactory(quiet))
	cancel()
	if err != nil {
		l.log.Debug("no data channels", "err", err)
		<-l.life.ctx.Done()
		return
	}
	if l.role == Receives {
		l.serve(assoc, quiet)
		return
	}
	first := uint16(0) // even for the DTLS client (RFC 8832 section 6)
	if remote.active {
		first = 1
	}
	var readers sync.WaitGroup
	for i, label := range []string{"_reliable", "_lossy", "_data_track"} {
		cfg := &datachannel.Config{Label: label, LoggerFactory: quiet}
		if i > 0 {
			cfg.ChannelType = datachannel.ChannelTypePartialReliableRexmitUnordered
		}
		dc, err := datachannel.Dial(assoc, first+2*uint16(i), cfg) //nolint:gosec // three
		if err != nil {
			break // the association has ended
		}
		readers.Go(func() { drain(dc) })
	}
	<-l.life.ctx.Done()
	_ = assoc.Close() // ends every reader
	readers.Wait()
}

// serve takes the channels that the server opens, until the peer's end.
func (l *Lean) serve(assoc *sctp.Association, quiet logging.LoggerFactory) {
	var readers sync.WaitGroup
	readers.Go(func() {
		for {
			dc, err := datachannel.Accept(assoc, &datachannel.Config{LoggerFactory: quiet})
			if err != nil {
				return // the association has ended
			}
			readers.Go(func() { drain(dc) })
		}
	})
	<-l.life.ctx.Done()
	_ = assoc.Close() // ends every reader
	readers.Wait()
}

func drain(dc *datachannel.DataChannel) {
	buf := make([]byte, maxChannelMessage)
	for {
		if _, err := dc.Read(buf); err != nil {
			return
		}
	}
}
