package peer

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/socket"
)

// A Plain peer is a client by pion/webrtc with its usual interceptors: an independent stack that negotiates,
// decrypts, reports and asks again as it sees fit. It costs ten times a lean one. Its socket is swept like theirs, so that a
// server on this machine is not charged for waking it up.
type Plain struct {
	pc     *webrtc.PeerConnection
	sock   *socket.Socket
	log    *slog.Logger
	intake *measure.Intake
	life   life

	sending map[*media.Track]*sending
}

// sending is one published track.
type sending struct {
	local     *webrtc.TrackLocalStaticRTP
	number    uint16
	timestamp uint32
}

func (p *Plain) openChannels() error {
	for _, label := range []string{"_reliable", "_lossy"} {
		if _, err := p.pc.CreateDataChannel(label, nil); err != nil {
			return fmt.Errorf("make data channel: %w", err)
		}
	}
	return nil
}

// Accept implements Peer.
func (p *Plain) Accept(sdp string) (string, error) {
	err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: sdp})
	if err != nil {
		return "", fmt.Errorf("take offer: %w", err)
	}
	a, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("create answer: %w", err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(a); err != nil {
		return "", fmt.Errorf("set answer: %w", err)
	}
	<-gathered
	return p.pc.LocalDescription().SDP, nil
}

// Receive implements Peer.
func (p *Plain) Receive(audio, video int) {
	for range audio {
		p.transceiver(webrtc.RTPCodecTypeAudio)
	}
	for range video {
		p.transceiver(webrtc.RTPCodecTypeVideo)
	}
}

func (p *Plain) transceiver(kind webrtc.RTPCodecType) {
	_, err := p.pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	if err != nil {
		p.log.Warn("transceiver not added", "err", err)
	}
}

func (p *Plain) publish(t *media.Track) {
	capability := capabilityOf(t.Codec)
	local, err := webrtc.NewTrackLocalStaticRTP(capability, t.CID, "loadtest")
	if err != nil {
		p.log.Warn("track not made", "err", err)
		return
	}
	tr, err := p.pc.AddTransceiverFromTrack(local, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		p.log.Warn("track not added", "err", err)
		return
	}
	p.sending[t] = &sending{local: local, number: uint16(rand.Uint32N(1 << 15)), timestamp: rand.Uint32()} //nolint:gosec // need not be secret
	p.listen(t, tr.Sender())
}

// Offer implements Peer.
func (p *Plain) Offer() (string, error) {
	o, err := p.pc.CreateOffer(nil)
	if err != nil {
		return "", fmt.Errorf("create offer: %w", err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(o); err != nil {
		return "", fmt.Errorf("set offer: %w", err)
	}
	<-gathered
	return p.pc.LocalDescription().SDP, nil
}

// Answer implements Peer.
func (p *Plain) Answer(sdp string) error {
	err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp})
	if err != nil {
		return fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	return nil
}

// Candidate implements Peer.
func (p *Plain) Candidate(init string) error {
	var c webrtc.ICECandidateInit
	if err := json.Unmarshal([]byte(init), &c); err != nil {
		return fmt.Errorf("read candidate: %w", err)
	}
	if err := p.pc.AddICECandidate(c); err != nil {
		return fmt.Errorf("add candidate: %w", err)
	}
	return nil
}

// Ready implements Peer.
func (p *Plain) Ready() <-chan struct{} { return p.life.ready }

// Failed implements Peer.
func (p *Plain) Failed() <-chan struct{} { return p.life.failed }

// Send implements Peer.
func (p *Plain) Send(t *media.Track, _ int, b media.Burst, _ time.Time) {
	s := p.sending[t]
	if s == nil {
		return
	}
	for i, payload := range b.Payloads {
		pkt := rtp.Packet{Header: rtp.Header{
			Version: 2, Marker: b.Marker && i == len(b.Payloads)-1, PayloadType: payloadOf(t.Codec),
			SequenceNumber: s.number, Timestamp: s.timestamp + b.Timestamp,
		}, Payload: payload}
		s.number++
		if err := s.local.WriteRTP(&pkt); err != nil {
			p.log.Debug("packet not sent", "err", err)
		}
	}
}

func capabilityOf(c media.Codec) webrtc.RTPCodecCapability {
	if !c.Video() {
		return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: media.AudioClock, Channels: 2, SDPFmtpLine: opusFormat}
	}
	return webrtc.RTPCodecCapability{
		MimeType: "video/" + string(c), ClockRate: media.VideoClock, SDPFmtpLine: formatOf(c),
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: "goog-remb"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}},
	}
}

// codecsOf are Opus and the run's codec of video, as lean peers offer them.
func codecsOf(video media.Codec) (*webrtc.MediaEngine, error) {
	var m webrtc.MediaEngine
	number := payloadOf(video)
	rtx := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: media.VideoClock, SDPFmtpLine: fmt.Sprintf("apt=%d", number)}
	err := errors.Join(
		m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: capabilityOf(media.Opus), PayloadType: payloadOpus}, webrtc.RTPCodecTypeAudio),
		m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: capabilityOf(video), PayloadType: webrtc.PayloadType(number)}, webrtc.RTPCodecTypeVideo),
		m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: rtx, PayloadType: webrtc.PayloadType(number + 1)}, webrtc.RTPCodecTypeVideo))
	if err != nil {
		return nil, fmt.Errorf("set up codecs: %w", err)
	}
	return &m, nil
}
