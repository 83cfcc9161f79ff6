package baseline

import (
	"context"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// maxPacket holds every datagram that a path of Ethernet carries.
const maxPacket = 1500

// past is a deadline that every reader of a track has missed. Closing the connection wakes only one of them, and pion may
// have left a probe of early media beside ours.
var past = time.Unix(1, 0)

// forward is what is measured: it reads a published track and writes each packet to the track's local twin, which
// copies it to every subscriber. Of simulcast the first layer to arrive is taken. It begins with the
// track's first packet and ends with the context.
func (c *session) forward(ctx context.Context, remote *webrtc.TrackRemote) {
	defer context.AfterFunc(ctx, func() { _ = remote.SetReadDeadline(past) })()
	t := c.room.claim(c.self, remote.ID())
	if t == nil {
		return
	}
	local, err := webrtc.NewTrackLocalStaticRTP(remote.Codec().RTPCodecCapability, t.GetSid(), c.self.sid+"|"+t.GetStream())
	if err != nil {
		return // the codec was negotiated
	}
	t.MimeType = remote.Codec().MimeType
	c.room.publish(c.self, &publication{
		track: t, local: local, ask: &asker{pc: c.pc, ssrc: uint32(remote.SSRC())},
	})
	buf := make([]byte, maxPacket)
	var pkt rtp.Packet
	for {
		n, _, err := remote.Read(buf)
		if err != nil {
			return // the connection has ended
		}
		if err := pkt.Unmarshal(buf[:n]); err != nil {
			continue
		}
		// The publisher's extensions mean nothing to subscribers, whose ids are their own.
		pkt.Extension, pkt.Extensions = false, nil
		_ = local.WriteRTP(&pkt) // one subscriber who is going must not stop the others
	}
}

// run reads a subscriber's RTCP, so that the interceptors see it, and passes keyframe requests on.
func (r *reader) run() {
	for {
		list, _, err := r.sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, pkt := range list {
			switch pkt.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				r.of.ask.keyframe(time.Now())
			}
		}
	}
}

// drain reads a publisher's RTCP, so that the interceptors see it.
func drain(receiver *webrtc.RTPReceiver) {
	buf := make([]byte, maxPacket)
	for {
		if _, _, err := receiver.Read(buf); err != nil {
			return
		}
	}
}

// keyframeEvery is how often a publisher is bothered: many subscribers ask at once.
const keyframeEvery = 500 * time.Millisecond

// An asker asks a publisher for keyframes.
type asker struct {
	pc   *webrtc.PeerConnection
	ssrc uint32

	asked time.Time // guarded by mu
	mu    sync.Mutex
}

func (a *asker) keyframe(now time.Time) {
	a.mu.Lock()
	due := now.Sub(a.asked) >= keyframeEvery
	if due {
		a.asked = now
	}
	a.mu.Unlock()
	if due {
		_ = a.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: a.ssrc}}) // it may be going
	}
}
