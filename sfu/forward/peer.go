package forward

import (
	"math/rand/v2"
	"slices"
	"time"

	"salon/sfu/packet"
)

// A Peer is the media of one Transport: the tracks published over it and the legs that lead to it.
// It satisfies the interface by which a Transport hands over what it opened.
type Peer struct {
	shard *Shard
	path  Path
	ssrc  uint32 // the sender of our feedback

	// owned by the Shard's lock
	extensions *packet.ExtensionMap // of packets that come in
	tracks     []*Track
	streams    map[uint32]stream // by SSRC
	legs       []*DownTrack
	bySSRC     map[uint32]*DownTrack // by SSRC of the leg and of its retransmissions
	feedback   feedbackState
	overall    uint16    // transport-wide number of the next packet to this peer
	reportAt   time.Time // no leg's report is due before
	closed     bool

	burst []arrival // scratch of HandleRTP
}

// A stream is what an SSRC of this peer stands for.
type stream struct {
	receiver *Receiver
	rtx      bool
}

// NewPeer returns a Peer that belongs to the Shard until it is closed.
func (s *Shard) NewPeer(path Path) *Peer {
	p := &Peer{
		shard:   s,
		path:    path,
		ssrc:    newSSRC(),
		streams: map[uint32]stream{},
		bySSRC:  map[uint32]*DownTrack{},
	}
	p.extensions = packet.NewExtensionMap(nil)
	s.add(p)
	return p
}

// Close ends the Peer, its tracks and the legs that lead to it. It may be called twice.
func (p *Peer) Close() {
	p.shard.mu.Lock()
	defer p.shard.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	for _, t := range p.tracks {
		t.close()
	}
	for _, d := range p.legs {
		d.track.legs = without(d.track.legs, d)
	}
	p.tracks, p.legs = nil, nil
	p.shard.remove(p)
}

// SetExtensions tells which header extension has which number in packets that come in. Where that changes, earlier packets would be
// read differently, and are not sent again.
func (p *Peer) SetExtensions(ids map[string]uint8) {
	m := packet.NewExtensionMap(ids)
	p.shard.mu.Lock()
	defer p.shard.mu.Unlock()
	if *m == *p.extensions {
		return
	}
	p.extensions = m
	for _, t := range p.tracks {
		for _, r := range t.receivers {
			if r != nil {
				r.history = t.newHistory()
			}
		}
	}
}

// Publish adds a track that comes in over this Peer.
func (p *Peer) Publish(cfg TrackConfig) *Track {
	cfg.Formats = slices.Clone(cfg.Formats)
	t := &Track{peer: p, cfg: cfg, receivers: make([]*Receiver, max(1, len(cfg.RIDs)))}
	for i := range cfg.Formats {
		f := &cfg.Formats[i]
		f.codec = packet.CodecFromMIME(f.MIME)
		t.video = t.video || f.codec.IsVideo()
	}
	p.shard.mu.Lock()
	defer p.shard.mu.Unlock()
	if p.closed {
		t.closed = true
		return t
	}
	p.tracks = append(p.tracks, t)
	return t
}

// HandleRTP takes a burst of opened packets of this peer, in the order in which they came. They are borrowed
// until it returns, and changed in place where a retransmission is unwrapped.
func (p *Peer) HandleRTP(now time.Time, burst [][]byte, out Out) {
	s := p.shard
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.closed {
		return
	}
	for len(p.burst) < len(burst) {
		p.burst = append(p.burst, arrival{})
	}
	var run *Receiver // the encoding that the packets first..n belong to
	first, n, row := 0, 0, uint32(0)
	for _, raw := range burst {
		pkt := &p.burst[n]
		pkt.pad = 0
		r := p.accept(now, raw, &pkt.Packet)
		if r == nil {
			continue
		}
		if r != run || r.row != row {
			p.pass(now, run, row, p.burst[first:n], out)
			run, first, row = r, n, r.row
		}
		n++
	}
	p.pass(now, run, row, p.burst[first:n], out)
	p.requestMissing(now, out)
	s.tickAlong(now, out)
}

// pass fans out packets of one row of r. Where another row has begun behind them, they come too late: their numbers would be read as
// numbers of that one.
func (p *Peer) pass(now time.Time, r *Receiver, row uint32, pkts []arrival, out Out) {
	if r != nil && r.row != row {
		p.shard.stats.DroppedUnknown += uint64(len(pkts))
		return
	}
	p.shard.fanout(now, r, pkts, out)
}

// accept parses raw into pkt and returns the encoding it belongs to; nil when there is nothing to forward.
func (p *Peer) accept(now time.Time, raw []byte, pkt *packet.Packet) *Receiver {
	st := &p.shard.stats
	st.PacketsIn++
	st.BytesIn += uint64(len(raw))
	if pkt.Parse(raw, p.extensions) != nil {
		st.DroppedMalformed++
		return nil
	}
	if number, ok := pkt.TransportCC(); ok {
		p.feedback.received(now, pkt.SSRC, number)
	}
	str, ok := p.streams[pkt.SSRC]
	if !ok {
		if str, ok = p.bind(pkt); !ok {
			return nil
		}
	}
	if str.rtx && !str.receiver.unwrapRTX(pkt, p.extensions) {
		return nil
	}
	if !str.receiver.receive(now, pkt) {
		return nil
	}
	return str.receiver
}

func newSSRC() uint32 { return rand.Uint32() | 1 }
