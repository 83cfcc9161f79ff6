package peer

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"salon/loadtest/measure"
	"salon/loadtest/media"
)

// A plain peer is a client by pion/webrtc with its usual interceptors: an independent stack that negotiates,
// decrypts, reports and asks again as it sees fit. It costs ten times a lean one.
type plain struct {
	pc     *webrtc.PeerConnection
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

func (p *plain) Receive(audio, video int) {
	for range audio {
		p.transceiver(webrtc.RTPCodecTypeAudio)
	}
	for range video {
		p.transceiver(webrtc.RTPCodecTypeVideo)
	}
}

func (p *plain) transceiver(kind webrtc.RTPCodecType) {
	_, err := p.pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	if err != nil {
		p.log.Warn("transceiver not added", "err", err)
	}
}

func (p *plain) publish(t *media.Track) {
	capability := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: media.AudioClock, Channels: 2}
	if t.Video {
		capability = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: media.VideoClock}
	}
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

func (p *plain) Offer() (string, error) {
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

func (p *plain) Answer(sdp string) error {
	err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp})
	if err != nil {
		return fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	return nil
}

func (p *plain) Candidate(init string) error {
	var c webrtc.ICECandidateInit
	if err := json.Unmarshal([]byte(init), &c); err != nil {
		return fmt.Errorf("read candidate: %w", err)
	}
	if err := p.pc.AddICECandidate(c); err != nil {
		return fmt.Errorf("add candidate: %w", err)
	}
	return nil
}

func (p *plain) Ready() <-chan struct{}  { return p.life.ready }
func (p *plain) Failed() <-chan struct{} { return p.life.failed }

func (p *plain) Send(t *media.Track, f media.Frame, _ time.Time) {
	s := p.sending[t]
	if s == nil {
		return
	}
	for i, payload := range f.Payloads {
		pkt := rtp.Packet{Header: rtp.Header{
			Version: 2, Marker: t.Video && i == len(f.Payloads)-1, PayloadType: payloadType(t),
			SequenceNumber: s.number, Timestamp: s.timestamp + f.Timestamp,
		}, Payload: payload}
		s.number++
		if err := s.local.WriteRTP(&pkt); err != nil {
			p.log.Debug("packet not sent", "err", err)
		}
	}
}
