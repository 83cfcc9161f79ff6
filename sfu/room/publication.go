package room

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"salon/sfu/forward"
	"salon/sfu/id"
	"salon/sfu/transport/jsep"
)

// A TrackRequest announces a track that its client is about to publish.
type TrackRequest struct {
	CID    string   // the client's own id of it: the track id in its session description
	SID    id.Track // set when this is a second codec of a track that is published already
	Kind   Kind
	Source Source
	Name   string
	MIME   string // "video/vp8"; empty: as the session description says
	Muted  bool

	Width, Height uint32
	Encodings     []Encoding
	Stream        string

	DisableDTX, Stereo, DisableRED bool
	Encryption                     int32
	AudioFeatures                  []int32
	BackupCodecPolicy              int32
}

// A Publication is a Track offered to a Room: announced by AddTrack, visible to others once its media has a section
// of the publisher's session description.
type Publication struct {
	owner *Participant
	cid   string
	mime  string // asked for; empty: none
	state TrackState

	// since it has a section
	track *forward.Track
	codec jsep.Codec
	rids  []string // from the smallest upwards
	taken bool     // somebody has subscribed
	subs  []*Subscription
}

func (p *Participant) addTrack(req TrackRequest) (TrackState, error) {
	if !p.mayPublish(req.Source) {
		return TrackState{}, ErrNotAllowed
	}
	if req.SID != "" {
		// A second codec of the same track: we never ask for one.
		return TrackState{}, ErrUnknownTrack
	}
	if len(p.pending)+len(p.published) >= p.room.cfg.MaxTracks {
		return TrackState{}, ErrTooManyTracks
	}
	for _, pub := range slices.Concat(p.pending, p.published) {
		if pub.cid == req.CID {
			return TrackState{}, ErrDuplicateTrack
		}
	}
	encodings := slices.Clone(req.Encodings)
	slices.SortStableFunc(encodings, func(a, b Encoding) int { return cmp.Compare(a.Quality, b.Quality) })
	pub := &Publication{owner: p, cid: req.CID, mime: req.MIME, state: TrackState{
		SID: id.NewTrack(), Kind: req.Kind, Source: req.Source, Name: req.Name, MIME: req.MIME, Muted: req.Muted,
		Width: req.Width, Height: req.Height, Encodings: encodings, Stream: streamName(req),
		DisableDTX: req.DisableDTX, Stereo: req.Stereo, DisableRED: req.DisableRED, Encryption: req.Encryption,
		AudioFeatures: req.AudioFeatures, BackupCodecPolicy: req.BackupCodecPolicy,
	}}
	p.pending = append(p.pending, pub)
	return pub.state, nil
}

// streamName groups the tracks that belong together: what a person shows and says, and what a screen does.
func streamName(req TrackRequest) string {
	if req.Stream != "" {
		return req.Stream
	}
	switch req.Source {
	case Camera, Microphone:
		return "camera"
	case ScreenShare, ScreenShareAudio:
		return "screen"
	case SourceUnknown:
	}
	return "unknown"
}

// find returns p's own track, announced or published.
func (p *Participant) find(sid id.Track) *Publication {
	for _, pub := range slices.Concat(p.published, p.pending) {
		if pub.state.SID == sid {
			return pub
		}
	}
	return nil
}

// claim finds the announced track that a section carries: by its client id, else the first one of its kind, for
// clients that make new track ids on the way.
func (p *Participant) claim(s *jsep.Section) *Publication {
	kind := kindOf(s.Kind)
	at := slices.IndexFunc(p.pending, func(pub *Publication) bool { return pub.cid == s.TrackID && pub.state.Kind == kind })
	if at < 0 {
		at = slices.IndexFunc(p.pending, func(pub *Publication) bool { return pub.state.Kind == kind })
	}
	if at < 0 {
		return nil
	}
	pub := p.pending[at]
	p.pending = slices.Delete(p.pending, at, at+1)
	return pub
}

// open starts a publication on its section; false when the section has no codec that we can forward.
func (pub *Publication) open(l *link, s *jsep.Section) bool {
	codec, ok := pub.choose(s)
	if !ok {
		return false
	}
	pub.codec = codec
	pub.rids = rankRIDs(s.RIDs)
	pub.state.MID, pub.state.MIME = s.MID, codec.MIME
	pub.state.Simulcast = len(pub.rids) > 1
	for i := range pub.state.Encodings {
		if i < len(pub.rids) {
			pub.state.Encodings[i].RID = pub.rids[i]
		}
	}
	pub.track = l.peer.Publish(forward.TrackConfig{
		MID: s.MID, RIDs: pub.rids, SSRCs: s.SSRCs, RTX: s.RTX,
		Formats: []forward.Format{{PayloadType: codec.PayloadType, RTX: codec.RTX, MIME: codec.MIME, ClockRate: codec.ClockRate}},
	})
	return true
}

// upstream returns the header extensions that a publisher may use. The dependency descriptor is for codecs whose payload
// says too little: with it, browsers leave the picture ids and layers out of the VP8 payload, where we read them.
func (pub *Publication) upstream(offered map[string]uint8) map[string]uint8 {
	if pub.codec.MIME == jsep.MIMEAV1 {
		return offered
	}
	kept := maps.Clone(offered)
	delete(kept, dependencyDescriptor)
	return kept
}

// choose takes the codec that the client announced, where its description has it, else the one it likes best.
func (pub *Publication) choose(s *jsep.Section) (jsep.Codec, bool) {
	for _, c := range s.Codecs {
		if strings.EqualFold(c.MIME, pub.mime) {
			return c, true
		}
	}
	if len(s.Codecs) == 0 {
		return jsep.Codec{}, false
	}
	return s.Codecs[0], true
}

// rankRIDs orders encodings from the smallest upwards: by the names that clients of the protocol give them, else as they stand.
func rankRIDs(rids []string) []string {
	const ranks = "qhf"
	ranked := slices.Clone(rids)
	slices.SortStableFunc(ranked, func(a, b string) int {
		return cmp.Compare(strings.Index(ranks, a), strings.Index(ranks, b))
	})
	return ranked[:min(len(ranked), len(ranks))]
}

// publish shows a publication to everybody and offers it to those who may want it.
func (r *Room) publish(pub *Publication) {
	p := pub.owner
	if p.left {
		return
	}
	p.published = append(p.published, pub)
	r.publications[pub.state.SID] = pub
	r.count()
	r.changed(p)
	for _, other := range r.participants {
		other.consider(pub)
	}
	r.log.Info("track published", "participant", p.sid, "track", pub.state.SID, "mime", pub.state.MIME, "encodings", max(1, len(pub.rids)))
}

// withdraw ends a publication and the subscriptions to it.
func (r *Room) withdraw(pub *Publication) {
	p := pub.owner
	p.published = slices.DeleteFunc(p.published, func(other *Publication) bool { return other == pub })
	delete(r.publications, pub.state.SID)
	if pub.track != nil {
		pub.track.Close()
	}
	for _, sub := range slices.Clone(pub.subs) {
		sub.end()
	}
	for _, other := range r.participants {
		delete(other.wants, pub.state.SID)
		delete(other.wishes, pub.state.SID)
	}
	r.count()
	if !p.left {
		r.changed(p)
	}
	r.log.Info("track unpublished", "participant", p.sid, "track", pub.state.SID)
}

func kindOf(k jsep.Kind) Kind {
	switch k {
	case jsep.Audio:
		return Audio
	case jsep.Video:
		return Video
	case jsep.Application:
	}
	return 0
}
