package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// A receiver is the browser's peer: it takes everything, reports what a conference's server would report, and keeps
// notes. By pion/webrtc with its usual interceptors, whose feedback lets Chromium go up to its full rate.
type receiver struct {
	pc   *webrtc.PeerConnection
	wire *wire
	log  *slog.Logger
	what scene

	readers sync.WaitGroup
	streams []*stream // guarded by mu, with their notes
	mu      sync.Mutex
}

// A stream is one encoding of a track.
type stream struct {
	ssrc  uint32
	rid   string
	video bool
	clock uint32
	notes []note
}

// A note is what the wire does not show of a packet.
type note struct {
	number uint16
	size   int // of the payload, without padding
	marker bool
	shape  shape
	level  *rtp.AudioLevelExtension
}

func newReceiver(s scene, log *slog.Logger) (*receiver, error) {
	m, err := engine(s)
	if err != nil {
		return nil, err
	}
	var around interceptor.Registry
	if err := webrtc.RegisterDefaultInterceptors(m, &around); err != nil {
		return nil, fmt.Errorf("register interceptors: %w", err)
	}
	w, err := openWire()
	if err != nil {
		return nil, err
	}
	var settings webrtc.SettingEngine
	settings.SetICEUDPMux(webrtc.NewICEUDPMux(nil, w))
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	api := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(&around), webrtc.WithSettingEngine(settings))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open peer: %w", err), w.Close())
	}
	r := &receiver{pc: pc, wire: w, log: log, what: s}
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { r.readers.Go(func() { r.read(t) }) })
	return r, nil
}

// Payload types of ours; the browser's offer moves them.
const (
	payloadOpus  = 111
	payloadVideo = 96
	payloadRTX   = 97
)

// engine knows one video codec and Opus. It takes a dependency descriptor only where the payload doesn't tell the layer,
// as with VP8 browsers leave picture ids and layers out of the payload when there is one.
func engine(s scene) (*webrtc.MediaEngine, error) {
	feedback := []webrtc.RTCPFeedback{
		{Type: "goog-remb"}, {Type: "transport-cc"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"},
	}
	fmtp := map[string]string{
		"H264": "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
		"VP9":  "profile-id=0",
	}
	m := &webrtc.MediaEngine{}
	err := errors.Join(
		m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: payloadOpus, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
			RTCPFeedback: []webrtc.RTCPFeedback{{Type: "transport-cc"}},
		}}, webrtc.RTPCodecTypeAudio),
		m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: payloadVideo, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: "video/" + s.Codec, ClockRate: 90000, SDPFmtpLine: fmtp[s.Codec], RTCPFeedback: feedback,
		}}, webrtc.RTPCodecTypeVideo),
		m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: payloadRTX, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: fmt.Sprintf("apt=%d", payloadVideo),
		}}, webrtc.RTPCodecTypeVideo),
		m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uriLevel}, webrtc.RTPCodecTypeAudio),
	)
	if s.Codec == "AV1" {
		err = errors.Join(err, m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uriDependency}, webrtc.RTPCodecTypeVideo))
	}
	if err != nil {
		return nil, fmt.Errorf("register codecs: %w", err)
	}
	return m, nil
}

const (
	uriLevel      = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
	uriDependency = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
)

// answer takes the browser's offer and returns the complete answer. It asks for Opus with discontinuous transmission,
// which browsers use when their peer asks.
func (r *receiver) answer(offer string) (string, error) {
	err := r.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer})
	if err != nil {
		return "", fmt.Errorf("%w: %w", errOffer, err)
	}
	answer, err := r.pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errOffer, err)
	}
	gathered := webrtc.GatheringCompletePromise(r.pc)
	if err := r.pc.SetLocalDescription(answer); err != nil {
		return "", fmt.Errorf("%w: %w", errOffer, err)
	}
	<-gathered
	return strings.Replace(r.pc.LocalDescription().SDP, "useinbandfec=1", "useinbandfec=1;usedtx=1", 1), nil
}

// read keeps notes of one encoding until the connection ends.
func (r *receiver) read(t *webrtc.TrackRemote) {
	s := &stream{ssrc: uint32(t.SSRC()), rid: t.RID(), video: t.Kind() == webrtc.RTPCodecTypeVideo, clock: t.Codec().ClockRate}
	r.mu.Lock()
	r.streams = append(r.streams, s)
	r.mu.Unlock()
	level, dependency := r.extension(s.video, uriLevel), r.extension(s.video, uriDependency)
	reader := newShapeReader(r.what.Codec)
	for {
		p, attributes, err := t.ReadRTP()
		if err != nil {
			return
		}
		if attributes.Get(webrtc.AttributeRtxSsrc) != nil || len(p.Payload) == 0 {
			continue // probes of the bandwidth; nothing is lost on loopback
		}
		n := note{number: p.SequenceNumber, size: len(p.Payload), marker: p.Marker}
		if s.video {
			n.shape = reader.read(p.Payload, p.GetExtension(dependency))
		} else if raw := p.GetExtension(level); len(raw) > 0 {
			var l rtp.AudioLevelExtension
			if l.Unmarshal(raw) == nil {
				n.level = &l
			}
		}
		r.mu.Lock()
		s.notes = append(s.notes, n)
		r.mu.Unlock()
	}
}

// extension is the number that was agreed upon for a header extension; 0, which is none's, where there is none.
func (r *receiver) extension(video bool, uri string) uint8 {
	for _, t := range r.pc.GetTransceivers() {
		if (t.Kind() == webrtc.RTPCodecTypeVideo) != video || t.Receiver() == nil {
			continue
		}
		for _, x := range t.Receiver().GetParameters().HeaderExtensions {
			if x.URI == uri {
				return uint8(x.ID) //nolint:gosec // one or two bytes, RFC 8285
			}
		}
	}
	return 0
}

// wantKey asks for a keyframe of the n-th layer, counted round and round.
func (r *receiver) wantKey(n int) {
	var layers []uint32
	for _, s := range r.sorted() {
		if s.video {
			layers = append(layers, s.ssrc)
		}
	}
	if len(layers) == 0 {
		return
	}
	err := r.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: layers[n%len(layers)]}})
	if err != nil {
		r.log.Warn("keyframe not asked for", "err", err)
	}
}

// close ends the connection and everything that was started.
func (r *receiver) close() {
	_ = r.pc.Close()   // may be closed already
	_ = r.wire.Close() // may be closed already
	r.readers.Wait()
}

// sorted returns the streams from the smallest layer up, audio last.
func (r *receiver) sorted() []*stream {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := slices.Clone(r.streams)
	rank := func(s *stream) int {
		if !s.video {
			return len(r.what.Encodings)
		}
		return slices.IndexFunc(r.what.Encodings, func(e encoding) bool { return e.RID == s.rid })
	}
	slices.SortFunc(list, func(a, b *stream) int { return rank(a) - rank(b) })
	return list
}
