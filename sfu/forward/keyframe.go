package forward

import (
	"time"

	"github.com/pion/rtcp"
)

// A keyframeRequest merges what all subscribers of one encoding ask for into few requests to its publisher.
// The zero value has asked for nothing.
type keyframeRequest struct {
	wanted  bool // by a subscriber that lost its picture; legs that wait for a switch are asked each tick
	askedAt time.Time
}

func (k *keyframeRequest) arrived() { k.wanted = false }

// want asks for a keyframe at once, or as soon as the last request is KeyframeInterval old.
func (r *Receiver) want(now time.Time, out Out) {
	r.keyframe.wanted = true
	r.ask(now, out)
}

func (r *Receiver) ask(now time.Time, out Out) {
	p := r.track.peer
	if r.ssrc == 0 || now.Sub(r.keyframe.askedAt) < p.shard.cfg.KeyframeInterval {
		return
	}
	r.keyframe.askedAt = now
	p.shard.stats.KeyframesAsked++
	p.sendRTCP(out, &rtcp.PictureLossIndication{SenderSSRC: p.ssrc, MediaSSRC: r.ssrc})
}

// askForWaiting asks on behalf of every leg that waits to switch.
func (t *Track) askForWaiting(now time.Time, out Out) {
	for _, d := range t.legs {
		if spatial, waits := d.selector.Waits(); waits && !d.paused && t.receivers[spatial] != nil {
			t.receivers[spatial].keyframe.wanted = true
		}
	}
	for _, r := range t.receivers {
		if r != nil && r.keyframe.wanted {
			r.ask(now, out)
		}
	}
}
