package room

import (
	"slices"
	"strings"

	"salon/sfu/forward"
	"salon/sfu/id"
	"salon/sfu/layer"
	"salon/sfu/transport/jsep"
)

// A Subscription is a Participant's wish for a Publication. It waits for a section of its receiver's session
// description, and flows from then on.
type Subscription struct {
	owner *Participant
	pub   *Publication

	ssrc, rtxSSRC uint32
	mid           string // of its section; empty while it waits for one
	leg           *forward.DownTrack
}

// consider brings p's subscription to pub in line with what p wants.
func (p *Participant) consider(pub *Publication) {
	if pub.owner == p || p.room.publications[pub.state.SID] != pub {
		return
	}
	wanted, said := p.wants[pub.state.SID]
	if !said {
		wanted = p.join.AutoSubscribe
	}
	wanted = wanted && p.join.Grants.Subscribe
	sub := p.subscriptions[pub.state.SID]
	switch {
	case wanted && sub == nil:
		p.subscribe(pub)
	case !wanted && sub != nil:
		sub.end()
	}
}

// subscribeTo notes which tracks the client wants or no longer wants, those too that aren't there yet.
func (p *Participant) subscribeTo(tracks []id.Track, on bool) {
	for _, track := range tracks {
		remember(p, p.wants, track, on)
		if pub := p.room.publications[track]; pub != nil {
			p.consider(pub)
		}
	}
}

// wish notes in which quality the client wants tracks.
func (p *Participant) wish(tracks []id.Track, w Wish) {
	for _, track := range tracks {
		remember(p, p.wishes, track, w)
		if sub := p.subscriptions[track]; sub != nil {
			sub.apply()
		}
	}
}

func (p *Participant) subscribe(pub *Publication) {
	sub := &Subscription{owner: p, pub: pub, ssrc: p.receiver.newSSRC(), rtxSSRC: p.receiver.newSSRC()}
	p.subscriptions[pub.state.SID] = sub
	p.touch()
	pub.subs = append(pub.subs, sub)
	if !pub.taken {
		pub.taken = true
		pub.owner.emit(TrackTaken{Track: pub.state.SID})
	}
}

// end takes the subscription away. Its section is free for another after the next round of descriptions.
func (s *Subscription) end() {
	s.owner.receiver.sections.release(s.mid)
	s.detach()
	s.owner.touch()
	delete(s.owner.subscriptions, s.pub.state.SID)
	s.pub.subs = slices.DeleteFunc(s.pub.subs, func(other *Subscription) bool { return other == s })
}

// detach ends the leg: the subscription waits for a section. The next leg needs SSRCs of its own.
func (s *Subscription) detach() {
	if s.leg != nil {
		s.leg.Close()
		s.leg = nil
		s.ssrc, s.rtxSSRC = s.owner.receiver.newSSRC(), s.owner.receiver.newSSRC()
	}
	s.mid = ""
}

// sending describes the subscription for a section that can carry it.
func (s *Subscription) sending(codec jsep.Codec, extensions map[string]uint8) *jsep.Sending {
	out := &jsep.Sending{
		StreamID: string(s.pub.owner.sid) + "|" + s.streamToken(), TrackID: string(s.pub.state.SID),
		CNAME: string(s.pub.owner.sid), SSRC: s.ssrc, Codec: codec, Extensions: extensions,
	}
	if codec.RTX != 0 {
		out.RTXSSRC = s.rtxSSRC
	}
	return out
}

// streamToken groups what belongs together: the stream's name. Older clients find the track by it, so it is the track's id
// for them, and so it is on a section that carried another track first: browsers go on calling the section's track by that
// one's id, and the stream's is the only name that clients look at before it.
func (s *Subscription) streamToken() string {
	const packedStreams = 10 // protocol level from which the stream's name stands there
	sid := s.pub.state.SID
	if s.owner.join.Protocol >= packedStreams && s.owner.receiver.sections.first[s.mid] == sid {
		return s.pub.state.Stream
	}
	return string(sid)
}

// downstream returns the extensions that a packet on its way to a subscriber may carry. Transport-wide numbers are among them
// where the client sends feedback on them.
func downstream(send *jsep.Sending) map[string]uint8 {
	kept := map[string]uint8{}
	if n, ok := send.Extensions[jsep.ExtensionTransportCC]; ok && send.Codec.TransportCC {
		kept[jsep.ExtensionTransportCC] = n
	}
	for _, uri := range []string{
		"urn:ietf:params:rtp-hdrext:ssrc-audio-level",
		"urn:ietf:params:rtp-hdrext:sdes:mid",
		"urn:3gpp:video-orientation",
		"http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
		"http://www.webrtc.org/experiments/rtp-hdrext/color-space",
		"http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
		dependencyDescriptor,
	} {
		if n, ok := send.Extensions[uri]; ok {
			kept[uri] = n
		}
	}
	return kept
}

const dependencyDescriptor = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"

// flow begins the leg on the section mid. It may be called again for the same section.
func (s *Subscription) flow(mid string, send *jsep.Sending) {
	s.mid = mid
	if s.leg == nil {
		s.leg = s.owner.receiver.peer.Subscribe(s.pub.track, forward.DownTrackConfig{
			SSRC: send.SSRC, RTXSSRC: send.RTXSSRC, PayloadType: send.Codec.PayloadType, RTX: send.Codec.RTX,
			ClockRate: send.Codec.ClockRate, Extensions: downstream(send), CNAME: send.CNAME,
		})
	}
	s.apply()
}

// apply lets the wish rule what flows. Nothing flows before the connection stands: a keyframe sent
// before would be lost.
func (s *Subscription) apply() {
	if s.leg == nil || !s.owner.receiver.connected {
		return
	}
	s.leg.SetMax(s.pub.best(s.owner.wishes[s.pub.state.SID]))
}

// best returns the layer that w asks for.
func (pub *Publication) best(w Wish) layer.Layer {
	if pub.state.Kind == Audio {
		if w.Disabled {
			return layer.None()
		}
		return layer.Layer{}
	}
	if w.Disabled || w.HasQuality && w.Quality == Off {
		return layer.None()
	}
	top := int8(max(1, len(pub.rids)) - 1)
	best := layer.Layer{Spatial: top, Temporal: temporal(w.FPS)}
	switch {
	case w.Width > 0 && w.Height > 0:
		sizes := make([]layer.Size, 0, len(pub.rids))
		for i, e := range pub.state.Encodings {
			if i < max(1, len(pub.rids)) {
				sizes = append(sizes, layer.Size{Width: e.Width, Height: e.Height})
			}
		}
		if len(sizes) > 0 {
			best.Spatial = layer.Cover(sizes, layer.Size{Width: w.Width, Height: w.Height})
		}
	case w.HasQuality:
		best.Spatial = int8(w.Quality)
	}
	best.Spatial = min(best.Spatial, top)
	return best
}

// temporal returns how many temporal layers a frame rate needs, for encoders that send 30 frames/s in three
// layers that each double the rate.
func temporal(fps uint32) int8 {
	const full = 30
	switch {
	case fps == 0 || fps > full/2:
		return layer.MaxTemporal
	case fps > full/4:
		return 1
	}
	return 0
}

// fits finds the codec of a section that can carry the subscription's track.
func (s *Subscription) fits(codecs []jsep.Codec) (jsep.Codec, bool) {
	return jsep.Match(codecs, s.pub.codec.MIME, s.pub.codec.FMTP)
}

// waiting returns p's subscriptions of a kind that have no section, in the order of their tracks' ids so that a
// round of descriptions can be repeated.
func (p *Participant) waiting(kind Kind) []*Subscription {
	var list []*Subscription
	for _, sub := range p.subscriptions {
		if sub.mid == "" && sub.pub.state.Kind == kind {
			list = append(list, sub)
		}
	}
	slices.SortFunc(list, func(a, b *Subscription) int {
		return strings.Compare(string(a.pub.state.SID), string(b.pub.state.SID))
	})
	return list
}

// countWaiting tells how many subscriptions have no section.
func (p *Participant) countWaiting() (audio, video int) {
	for _, sub := range p.subscriptions {
		switch {
		case sub.mid != "":
		case sub.pub.state.Kind == Audio:
			audio++
		default:
			video++
		}
	}
	return audio, video
}

// refuse ends a subscription that no codec of its client can carry, and tells the client.
func (s *Subscription) refuse() {
	track := s.pub.state.SID
	s.end()
	s.owner.wants[track] = false
	s.owner.emit(SubscriptionRefused{Track: track, Reason: CodecUnsupported})
}

func midsOf(p *Participant) map[string]id.Track {
	m := map[string]id.Track{}
	for sid, sub := range p.subscriptions {
		if sub.mid != "" {
			m[sub.mid] = sid
		}
	}
	return m
}
