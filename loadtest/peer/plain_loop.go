package peer

import (
	"fmt"
	"sync"
	"time"

	"github.com/pion/logging"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"salon/loadtest/measure"
	"salon/loadtest/media"
)

// NewPlain makes a plain peer for the address family that reaches the server.
func NewPlain(set *Setting, in *measure.Intake, tracks []*media.Track) (*plain, error) {
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(set.local.IsLoopback())
	network := webrtc.NetworkTypeUDP4
	if set.local.Is6() {
		network = webrtc.NetworkTypeUDP6
	}
	settings.SetNetworkTypes([]webrtc.NetworkType{network})
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled
	settings.LoggerFactory = quiet
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, fmt.Errorf("set up plain peer: %w", err)
	}
	p := &plain{pc: pc, log: set.log, intake: in, life: newLife(), sending: make(map[*media.Track]*sending)}
	var once sync.Once
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		switch s {
		case webrtc.PeerConnectionStateConnected:
			once.Do(func() { close(p.life.ready) })
		case webrtc.PeerConnectionStateFailed:
			once.Do(func() { close(p.life.failed) })
		default:
		}
	})
	pc.OnTrack(func(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { p.read(remote) })
	for _, label := range []string{"_reliable", "_lossy"} {
		if _, err := pc.CreateDataChannel(label, nil); err != nil {
			p.Close()
			return nil, fmt.Errorf("make data channel: %w", err)
		}
	}
	for _, t := range tracks {
		p.publish(t)
	}
	p.Receive(firstAudios, firstVideos)
	return p, nil
}

// read counts a track's packets until the connection ends. pion calls it on a goroutine of its own.
func (p *plain) read(remote *webrtc.TrackRemote) {
	video := remote.Kind() == webrtc.RTPCodecTypeVideo
	if video {
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
		p.intake.Take(time.Now(), pkt.Payload, video, repaired)
	}
}

// ask wants a keyframe, as a decoder does that begins.
func (p *plain) ask(remote *webrtc.TrackRemote) {
	pli := &rtcp.PictureLossIndication{MediaSSRC: uint32(remote.SSRC())}
	if err := p.pc.WriteRTCP([]rtcp.Packet{pli}); err != nil {
		p.log.Debug("keyframe not asked for", "err", err)
	}
}

// listen reads what receivers say about a track that we send, until the connection ends. NACKs are answered by pion.
func (p *plain) listen(t *media.Track, sender *webrtc.RTPSender) {
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
func (p *plain) Close() {
	p.life.cancel()
	_ = p.pc.GracefulClose() // nothing to do about it
	p.life.loops.Wait()
}
