package forward

import (
	"math/rand/v2"
	"time"
	"unsafe"

	"salon/sfu/layer"
	"salon/sfu/packet"
	"salon/sfu/prefetch"
	"salon/sfu/seq"
)

// DownTrackConfig describes a Subscription as the session description of its Subscriber does.
type DownTrackConfig struct {
	SSRC, RTXSSRC uint32
	PayloadType   uint8
	RTX           uint8 // payload type of retransmissions; 0: send them as they were
	ClockRate     uint32
	Extensions    map[string]uint8 // by URI
	MID           string           // sent while the subscriber may not know the SSRC; empty: not at all
	CNAME         string
}

// Room for headers that grow on their way: the most that an extension block of ours adds.
const headerRoom = 64

// A DownTrack is the egress of one Subscription. The Shard's lock guards it.
type DownTrack struct {
	peer  *Peer
	path  Path // the peer's
	track *Track
	cfg   DownTrackConfig

	extensions *packet.ExtensionMap // shared with others who negotiated the same; nil once closed before it began

	// what is wanted and what flows
	max      layer.Layer
	paused   bool
	selector layer.Selector

	// outgoing numbers
	source   *Receiver // of the layer that flows
	skips    bool      // the newest packet was left out
	skipped  uint32    // its timestamp
	numbers  seq.Rewriter
	clock    clock
	vp8      pictureIDs
	sent     sentRow
	rtx      uint64 // next number of the retransmission stream
	reporter reporter

	closed bool
}

// Subscribe leads a track to this Peer. Nothing flows until SetMax.
func (p *Peer) Subscribe(t *Track, cfg DownTrackConfig) *DownTrack {
	d := &DownTrack{
		peer: p, path: p.path, track: t, cfg: cfg,
		max: layer.None(), selector: layer.NewSelector(),
		rtx: uint64(rand.N(1 << 15)),
	}
	d.numbers.Start(uint16(rand.N(1 << 15)))
	s := p.shard
	d.sent = newSentRow(t.video, cfg.RTX == 0, s.cfg.HistoryAge)
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.closed || t.closed {
		d.closed = true
		return d
	}
	d.extensions = s.extensions.share(packet.NewExtensionMap(cfg.Extensions))
	p.legs = append(p.legs, d)
	p.reportAt = time.Time{}
	p.bySSRC[cfg.SSRC] = d
	if cfg.RTXSSRC != 0 {
		p.bySSRC[cfg.RTXSSRC] = d
	}
	t.legs = append(t.legs, d)
	return d
}

// Close ends the leg. It may be called twice.
func (d *DownTrack) Close() {
	s := d.peer.shard
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.closed {
		return
	}
	d.closed = true
	d.peer.legs = without(d.peer.legs, d)
	delete(d.peer.bySSRC, d.cfg.SSRC)
	delete(d.peer.bySSRC, d.cfg.RTXSSRC)
	d.track.legs = without(d.track.legs, d)
}

// SetMax sets the best layer that this Subscription may get; layer.None pauses it. What flows is the best one below
// it that the publisher sends. A new layer begins with its next keyframe, which is asked for.
func (d *DownTrack) SetMax(l layer.Layer) {
	s := d.peer.shard
	s.mu.Lock()
	defer s.mu.Unlock()
	d.max = l
	d.paused = l.IsNone()
	d.retarget()
}

// Current returns the layer that flows.
func (d *DownTrack) Current() layer.Layer {
	s := d.peer.shard
	s.mu.Lock()
	defer s.mu.Unlock()
	return d.selector.Current()
}

func (d *DownTrack) retarget() {
	d.selector.SetTarget(d.track.reachable(d.max))
}

// forward takes one packet of the encoding r of its track, and returns how many bytes went out; 0: it does not go to this leg.
func (d *DownTrack) forward(now time.Time, r *Receiver, pkt *arrival, out Out) int {
	in := r.number(&pkt.Packet)
	var number uint64
	switch d.selector.Select(r.spatial, &pkt.Descriptor) {
	case layer.Drop:
		return 0
	case layer.Skip:
		d.skip(in, &pkt.Packet)
		return 0
	case layer.Switch:
		number = d.numbers.Switch(in)
		d.clock.follow(now, r, pkt.Timestamp, d.cfg.ClockRate)
		d.vp8.follow(&pkt.Descriptor.VP8)
		d.source = r
	case layer.Forward:
		if len(pkt.Payload()) == 0 {
			d.numbers.Drop(in) // padding that the publisher probes with ends here
			return 0
		}
		var ok bool
		if number, ok = d.numbers.Map(in); !ok {
			return 0
		}
	}
	if pkt.Timestamp != d.skipped {
		d.skips = false
	}
	p := passage{number: number - in, clock: d.clock.shift, spatial: r.spatial}
	if pkt.Descriptor.Codec == packet.VP8 {
		p.vp8 = d.vp8.rewrite(&pkt.Descriptor.VP8)
	}
	overall := d.overall()
	d.sent.put(number, p, overall)
	d.clock.sent(now, pkt.Timestamp)
	d.reporter.count(len(pkt.Payload()))
	var pad uint8
	if d.cfg.RTX != 0 { // else it goes out again under the same number, and then byte for byte the same
		pad = pkt.pad
	}
	return d.write(out, &pkt.Packet, p.vp8, packet.Outgoing{
		PayloadType: d.cfg.PayloadType, Marker: pkt.Marker, Sequence: uint16(number),
		Timestamp: pkt.Timestamp + p.clock, SSRC: d.cfg.SSRC, TransportCC: overall, HasTransportCC: true,
	}, wrapping{index: number, pad: pad})
}

// warmSteps is how many steps warm has.
const warmSteps = 1 + WarmSteps

// warm asks for what forward will touch of the leg, in warmSteps steps, as Path.Warm does.
func (d *DownTrack) warm(step int) {
	switch step {
	case 0:
		prefetch.Object(d)
		return
	case 1:
		prefetch.Field(d.peer, unsafe.Offsetof(d.peer.overall))
		d.numbers.Warm()
		d.sent.warm()
	}
	d.path.Warm(step - 1)
}

// skip leaves out a packet of a frame that a lower frame rate does without.
func (d *DownTrack) skip(in uint64, pkt *packet.Packet) {
	if d.skips && d.skipped == pkt.Timestamp {
		d.numbers.DropThrough(in) // what is missing in between is of the same frame
	} else {
		d.numbers.Drop(in)
	}
	d.skips, d.skipped = true, pkt.Timestamp
	d.vp8.skip(&pkt.Descriptor)
}

// A wrapping is what stands around a payload beside the header.
type wrapping struct {
	index  uint64 // by which the packet is sealed
	prefix []byte // before the payload
	pad    uint8  // bytes behind it
}

// overall takes the next transport-wide number, if the leg's packets carry one.
func (d *DownTrack) overall() uint16 {
	if d.extensions.ID(packet.TransportCC) == 0 {
		return 0
	}
	d.peer.overall++
	return d.peer.overall
}

// write copies header and payload into the batch, adds shift to a VP8 descriptor, and sends. It returns the size before sealing.
func (d *DownTrack) write(out Out, pkt *packet.Packet, shift pictureID, h packet.Outgoing, w wrapping) int {
	payload := pkt.Payload()
	h.Padding = w.pad > 0
	buf := d.path.Reserve(out, pkt.HeaderSize+headerRoom+len(w.prefix)+len(payload)+int(w.pad))
	raw := packet.AppendHeader(buf[:0], h, pkt, d.extensions, packet.Forwarded)
	header := len(raw)
	raw = append(raw, w.prefix...)
	body := len(raw)
	raw = append(raw, payload...)
	if pkt.Descriptor.Codec == packet.VP8 {
		id := shift.after(&pkt.Descriptor.VP8)
		pkt.Descriptor.VP8.Rewrite(raw[body:], id.picture, id.tl0, id.key)
	}
	if w.pad > 0 {
		raw = raw[:len(raw)+int(w.pad)]
		clear(raw[len(raw)-int(w.pad):])
		raw[len(raw)-1] = w.pad
	}
	d.path.SendRTP(out, raw, header, w.index)
	return len(raw)
}

// resend answers a request for the outgoing number: once more the packet that had it, under a number of the
// retransmission stream where one was agreed on (RFC 4588).
func (d *DownTrack) resend(now time.Time, number uint16, rtt time.Duration, out Out) {
	st := &d.peer.shard.stats
	s, ok := d.sent.get(number)
	if !ok || int(s.spatial) >= len(d.track.receivers) || d.track.receivers[s.spatial] == nil {
		st.ResendMissed++
		return
	}
	if !d.sent.repeats.allow(now, s.out, rtt) {
		return
	}
	r := d.track.receivers[s.spatial]
	raw, ok := r.history.Get(s.in)
	var pkt packet.Packet
	if !ok || pkt.Parse(raw, d.track.peer.extensions) != nil {
		st.ResendMissed++
		return
	}
	format, rtx, ok := d.track.format(pkt.PayloadType) // the encoding may have changed its codec since
	if !ok || rtx {
		st.ResendMissed++
		return
	}
	_ = pkt.Describe(format.codec) // it was described when it came
	st.Resent++
	var again amount
	h := packet.Outgoing{
		PayloadType: d.cfg.PayloadType, Marker: pkt.Marker, Sequence: uint16(s.out),
		Timestamp: pkt.Timestamp + s.clock, SSRC: d.cfg.SSRC, TransportCC: s.overall, HasTransportCC: true,
	}
	if d.cfg.RTX == 0 {
		// Two packets sealed under one index have to be the same, transport-wide number and all (RFC 7714 section 10).
		again.add(d.write(out, &pkt, s.vp8, h, wrapping{index: s.out}))
		st.sent(again)
		return
	}
	h.PayloadType, h.SSRC, h.Sequence, h.TransportCC = d.cfg.RTX, d.cfg.RTXSSRC, uint16(d.rtx), d.overall()
	original := [2]byte{byte(s.out >> 8), byte(s.out)}
	again.add(d.write(out, &pkt, s.vp8, h, wrapping{index: d.rtx, prefix: original[:]}))
	st.sent(again)
	d.rtx++
}
