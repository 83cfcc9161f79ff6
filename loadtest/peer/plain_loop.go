package peer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pion/logging"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"salon/loadtest/measure"
	"salon/loadtest/media"
)

// NewPlain makes a plain peer for the address family that reaches the server.
func NewPlain(set *Setting, role Role, in *measure.Intake, tracks []*media.Track) (*Plain, error) {
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(set.Local.IsLoopback())
	network := webrtc.NetworkTypeUDP4
	if set.Local.Is6() {
		network = webrtc.NetworkTypeUDP6
	}
	settings.SetNetworkTypes([]webrtc.NetworkType{network})
	sock, err := set.Well.Open(set.Local, nil)
	if err != nil {
		return nil, err
	}
	settings.SetICEUDPMux(sock)
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled
	settings.LoggerFactory = quiet
	codecs, err := codecsOf(set.Video)
	if err != nil {
		return nil, errors.Join(err, sock.Close())
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(codecs)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("set up plain peer: %w", err), sock.Close())
	}
	p := &Plain{pc: pc, sock: sock, log: set.Log, intake: in, life: newLife(), sending: make(map[*media.Track]*sending)}
	var up, down sync.Once
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		switch s {
		case webrtc.PeerConnectionStateConnected:
			up.Do(func() {
				sock.Grown()
				close(p.life.ready)
			})
		case webrtc.PeerConnectionStateFailed:
			down.Do(func() { close(p.life.failed) })
		default:
		}
	})
	pc.OnTrack(func(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { p.read(remote) })
	if role != Receives {
		if err := p.openChannels(); err != nil {
			p.Close()
			return nil, err
		}
	}
	for _, t := range tracks {
		p.publish(t)
	}
	if role == Whole {
		p.Receive(firstAudios, firstVideos)
	}
	return p, nil
}

// read counts a track's packets until the connection ends. pion calls it on a goroutine of its own.
// Closing the connection wakes only one of a track's readers, and pion may have left a probe of early media beside ours:
// a deadline wakes all.
func (p *Plain) read(remote *webrtc.TrackRemote) {
	defer context.AfterFunc(p.life.ctx, func() { _ = remote.SetReadDeadline(time.Unix(1, 0)) })()
	_, name, _ := strings.Cut(remote.Codec().MimeType, "/")
	codec := media.Codec(name)
	if codec.Video() {
		p.ask(remote)
	}
	for {
		pkt, attributes, err := remote.ReadRTP()
		if err != nil {
			return
		}
		if len(pkt.Payload) == 0 {
			continue // a probe
		}
		repaired := attributes.Get(webrtc.AttributeRtxSsrc) != nil
		p.intake.Take(time.Now(), codec, pkt.Payload, repaired)
	}
}

// ask wants a keyframe, as a decoder does that begins.
func (p *Plain) ask(remote *webrtc.TrackRemote) {
	pli := &rtcp.PictureLossIndication{MediaSSRC: uint32(remote.SSRC())}
	if err := p.pc.WriteRTCP([]rtcp.Packet{pli}); err != nil {
		p.log.Debug("keyframe not asked for", "err", err)
	}
}

// listen reads what receivers say about a track that we send, until the connection ends. NACKs are answered by pion.
func (p *Plain) listen(t *media.Track, sender *webrtc.RTPSender) {
	p.life.loops.Go(func() {
		for {
			list, _, err := sender.ReadRTCP()
			if err != nil {
				return
			}
			for _, pkt := range list {
				switch pkt.(type) {
				case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
					t.Layers[0].WantKey.Store(true)
				}
			}
		}
	})
}

// Close ends the connection and waits for its goroutines.
func (p *Plain) Close() {
	p.life.cancel()
	_ = p.pc.GracefulClose() // nothing to do about it
	_ = p.sock.Close()       // nothing is lost with a datagram socket
	p.life.loops.Wait()
}
