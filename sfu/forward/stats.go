package forward

// Stats counts what a Shard did since it began.
type Stats struct {
	PacketsIn, BytesIn   uint64 // RTP as received and opened
	PacketsOut, BytesOut uint64 // RTP as handed to a Path, before sealing

	// Dropped on the way in, by cause.
	DroppedMalformed uint64 // can't be parsed
	DroppedUnknown   uint64 // no published track for this SSRC
	DroppedRepeated  uint64 // received before
	DroppedBound     uint64 // more SSRCs than a peer may have

	NACKsIn, NACKsOut    uint64 // sequence numbers asked of us, and by us
	Resent, ResendMissed uint64 // retransmissions sent; asked for but no longer kept
	KeyframesAsked       uint64 // requests sent to publishers
	KeyframesWanted      uint64 // requests that came from subscribers
	Keyframes            uint64 // keyframes received
	TransportFeedback    uint64 // transport-wide feedback from subscribers
	RTCPMalformed        uint64
	RTCPUnsent           uint64 // ours, longer than a datagram should be

	Legs LegGauges
}

// LegGauges counts Subscriptions' video legs by what they get at the moment.
type LegGauges struct {
	Audio  uint64
	Layers [3]uint64 // video by spatial layer
	Paused uint64    // video that gets nothing because its client wants nothing
	Waits  uint64    // video that waits for its first keyframe
}

func (s *Stats) sent(a amount) {
	s.PacketsOut += a.packets
	s.BytesOut += a.bytes
}

// Add adds o to s.
func (s *Stats) Add(o *Stats) {
	s.PacketsIn += o.PacketsIn
	s.BytesIn += o.BytesIn
	s.PacketsOut += o.PacketsOut
	s.BytesOut += o.BytesOut
	s.DroppedMalformed += o.DroppedMalformed
	s.DroppedUnknown += o.DroppedUnknown
	s.DroppedRepeated += o.DroppedRepeated
	s.DroppedBound += o.DroppedBound
	s.NACKsIn += o.NACKsIn
	s.NACKsOut += o.NACKsOut
	s.Resent += o.Resent
	s.ResendMissed += o.ResendMissed
	s.KeyframesAsked += o.KeyframesAsked
	s.KeyframesWanted += o.KeyframesWanted
	s.Keyframes += o.Keyframes
	s.TransportFeedback += o.TransportFeedback
	s.RTCPMalformed += o.RTCPMalformed
	s.RTCPUnsent += o.RTCPUnsent
	s.Legs.Audio += o.Legs.Audio
	for i := range s.Legs.Layers {
		s.Legs.Layers[i] += o.Legs.Layers[i]
	}
	s.Legs.Paused += o.Legs.Paused
	s.Legs.Waits += o.Legs.Waits
}

func (s *Shard) legGauges() LegGauges {
	var g LegGauges
	for _, p := range s.peers {
		for _, d := range p.legs {
			current := d.selector.Current()
			switch {
			case !d.track.video:
				g.Audio++
			case d.paused:
				g.Paused++
			case current.IsNone():
				g.Waits++
			default:
				g.Layers[current.Spatial]++
			}
		}
	}
	return g
}
