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
	spare   bool // after a time without requests, one may follow another before its interval is over
}

// keyframeGap is the least time between two requests in any case: within it, the keyframe that was asked for is still on its way.
const keyframeGap = 100 * time.Millisecond

// due tells whether a request may go out now, and takes note that it does. Two people who come in at about the same time both get
// their picture at once; a third one, or a fourth loss, waits for the interval.
func (k *keyframeRequest) due(now time.Time, interval time.Duration) bool {
	switch since := now.Sub(k.askedAt); {
	case since >= 2*interval:
		k.spare = true
	case since >= interval:
	case since < min(keyframeGap, interval) || !k.spare:
		return false
	default:
		k.spare = false
	}
	k.askedAt = now
	return true
}

func (k *keyframeRequest) arrived() { k.wanted = false }

// want asks for a keyframe at once, or as soon as another request is due.
func (r *Receiver) want(now time.Time, out Out) {
	r.keyframe.wanted = true
	r.ask(now, out)
}

func (r *Receiver) ask(now time.Time, out Out) {
	p := r.track.peer
	if r.ssrc == 0 || !r.keyframe.due(now, p.shard.cfg.KeyframeInterval) {
		return
	}
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
