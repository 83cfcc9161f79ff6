package forward

import (
	"slices"

	"salon/sfu/packet"
)

// bind finds the encoding that a new SSRC belongs to: by announcement, else by the MID and RID that the sender adds
// until it knows that we know (RFC 8843 section 9.2, RFC 8852), else by its payload type when only one track could be meant.
func (p *Peer) bind(pkt *packet.Packet) (stream, bool) {
	st := &p.shard.stats
	if len(p.streams) >= p.shard.cfg.MaxStreams {
		st.DroppedBound++
		return stream{}, false
	}
	str, ok := p.announced(pkt)
	if !ok {
		str, ok = p.tagged(pkt)
	}
	if !ok {
		st.DroppedUnknown++
		return stream{}, false
	}
	p.streams[pkt.SSRC] = str
	return str, true
}

func (p *Peer) announced(pkt *packet.Packet) (stream, bool) {
	for _, t := range p.tracks {
		if primary, known := t.cfg.RTX[pkt.SSRC]; known {
			if str, ok := p.streams[primary]; ok {
				return stream{receiver: str.receiver, rtx: true}, !str.rtx
			}
			if len(t.cfg.RIDs) > 1 {
				return stream{}, false // of which encoding? its own extension may say so
			}
			// The retransmission stream may speak first, when the sender probes with it.
			return stream{receiver: t.receiver(0), rtx: true}, true
		}
		if len(t.cfg.RIDs) == 0 && slices.Contains(t.cfg.SSRCs, pkt.SSRC) {
			return t.bindSSRC(0, pkt)
		}
	}
	return stream{}, false
}

func (p *Peer) tagged(pkt *packet.Packet) (stream, bool) {
	t := p.trackOf(pkt)
	if t == nil {
		return stream{}, false
	}
	if rid := pkt.Extension(packet.RepairedRID); rid != nil {
		if i := indexOf(t.cfg.RIDs, rid); i >= 0 {
			return stream{receiver: t.receiver(i), rtx: true}, true
		}
	}
	if rid := pkt.Extension(packet.RID); rid != nil && len(t.cfg.RIDs) > 0 {
		if i := indexOf(t.cfg.RIDs, rid); i >= 0 {
			return t.bindSSRC(i, pkt)
		}
		return stream{}, false
	}
	if len(t.cfg.RIDs) > 1 {
		return stream{}, false // which encoding? wait for a packet that says so
	}
	return t.bindSSRC(0, pkt)
}

// trackOf returns the one track that pkt's MID or, without one, its payload type can mean.
func (p *Peer) trackOf(pkt *packet.Packet) *Track {
	mid := pkt.Extension(packet.MID)
	var found *Track
	for _, t := range p.tracks {
		if mid != nil {
			if string(mid) == t.cfg.MID {
				return t
			}
			continue
		}
		if _, _, ok := t.format(pkt.PayloadType); ok && t.unbound() {
			if found != nil {
				return nil
			}
			found = t
		}
	}
	return found
}

func (t *Track) unbound() bool {
	return slices.Contains(t.receivers, nil)
}

// bindSSRC makes pkt's SSRC the encoding spatial. A sender that begins a new SSRC for the same encoding replaces the old one.
func (t *Track) bindSSRC(spatial int, pkt *packet.Packet) (stream, bool) {
	_, rtx, ok := t.format(pkt.PayloadType)
	if !ok {
		return stream{}, false
	}
	r := t.receiver(spatial)
	if rtx {
		return stream{receiver: r, rtx: true}, true
	}
	if r.ssrc != 0 && r.ssrc != pkt.SSRC {
		t.peer.forget(r)
		r.restart()
	}
	r.ssrc = pkt.SSRC
	return stream{receiver: r}, true
}

// forget takes the SSRCs of an encoding out, with those of its retransmissions.
func (p *Peer) forget(r *Receiver) {
	for ssrc, str := range p.streams {
		if str.receiver == r {
			delete(p.streams, ssrc)
		}
	}
}

// receiver returns the Receiver of a spatial layer, made when first needed.
func (t *Track) receiver(spatial int) *Receiver {
	if t.receivers[spatial] == nil {
		t.receivers[spatial] = newReceiver(t, int8(spatial))
	}
	return t.receivers[spatial]
}

func indexOf(rids []string, rid []byte) int {
	for i, r := range rids {
		if r == string(rid) {
			return i
		}
	}
	return -1
}
