package forward

import (
	"encoding/binary"
	"time"

	"salon/sfu/nack"
	"salon/sfu/packet"
	"salon/sfu/seq"
)

// Memory of a History, in bytes and packets: it grows with the rate of its encoding, by chunks.
const (
	audioHistoryPackets = 64 // 1.3 s of 20 ms packets
	audioHistoryChunk   = 2 << 10
	audioHistoryMax     = 16 << 10
	videoHistoryPackets = 1024
	videoHistoryChunk   = 8 << 10
	videoHistoryMax     = 1 << 20
)

// A Receiver is the ingress of one encoding of a Track: it knows which packets came, which are missing, and keeps
// the last second of them for whoever asks again. The Shard's lock guards it.
type Receiver struct {
	track   *Track
	spatial int8
	ssrc    uint32 // 0 until its first packet
	format  Format

	row      uint32 // counts the rows of numbers that have begun
	numbers  seq.Unwrapper
	doubts   bool   // the last packet's number was far off the row
	doubted  uint16 // that number
	wanted   *nack.Wanted
	history  *nack.History
	live     bool
	lastAt   time.Time
	keyframe keyframeRequest
	report   senderReport
	stats    reception
}

func newReceiver(t *Track, spatial int8) *Receiver {
	return &Receiver{track: t, spatial: spatial, wanted: nack.NewWanted(nack.WantedConfig{}), history: t.newHistory()}
}

func (t *Track) newHistory() *nack.History {
	s := t.peer.shard
	cfg, store := nack.HistoryConfig{Packets: audioHistoryPackets, MaxBytes: audioHistoryMax, MinAge: s.cfg.HistoryAge}, s.audioChunks
	if t.video {
		cfg.Packets, cfg.MaxBytes, store = videoHistoryPackets, videoHistoryMax, s.videoChunks
	}
	return nack.NewHistory(cfg, store)
}

// restart forgets the numbers of an SSRC whose place another has taken. Legs remember packets by their numbers: those to come are
// others.
func (r *Receiver) restart() {
	fresh := newReceiver(r.track, r.spatial)
	fresh.live, fresh.lastAt = r.live, r.lastAt
	fresh.row, fresh.numbers = r.row+1, r.numbers
	fresh.numbers.Restart()
	*r = *fresh
	for _, d := range r.track.legs {
		if d.selector.Current().Spatial == r.spatial {
			d.selector.Restart()
		}
	}
}

// receive takes one packet of this encoding, notes what it tells, and keeps a copy. False: nothing to forward.
func (r *Receiver) receive(now time.Time, pkt *packet.Packet) bool {
	st := &r.track.peer.shard.stats
	if r.format.PayloadType != pkt.PayloadType || r.format.codec == packet.Unknown {
		format, rtx, ok := r.track.format(pkt.PayloadType)
		if !ok || rtx {
			st.DroppedUnknown++
			return false
		}
		r.format = format
	}
	if r.jumps(pkt.Sequence) {
		st.DroppedUnknown++
		return false
	}
	number := r.numbers.Unwrap(pkt.Sequence)
	if !r.wanted.Received(now, number) {
		st.DroppedRepeated++
		return false
	}
	r.stats.received(now, pkt, r.format.ClockRate)
	r.alive(now)
	if level, _, ok := pkt.AudioLevel(); ok {
		r.track.levels.note(now, level)
	}
	if pkt.Describe(r.format.codec) != nil {
		// The row of numbers must stay whole: forward what can't be described as a plain packet of its layer.
		st.DroppedMalformed++
		pkt.Descriptor = packet.Descriptor{Codec: packet.Unknown}
	}
	if r.track.video && pkt.Descriptor.Keyframe {
		st.Keyframes++
		r.keyframe.arrived()
	}
	r.history.Put(now, number, pkt.Raw)
	return true
}

// maxJump is how far a number may lie off the highest before it is doubted (RFC 3550 appendix A.1: MAX_DROPOUT).
const maxJump = 3000

// jumps tells whether number is too far off to belong to the row, and begins a new row when the next packet confirms
// it: a publisher that starts its counter anew on the same SSRC.
func (r *Receiver) jumps(number uint16) bool {
	highest := r.numbers.Highest()
	if off := int16(number - uint16(highest)); highest == 0 || off < maxJump && off > -maxJump {
		return false
	}
	if !r.doubts || number != r.doubted+1 {
		r.doubts, r.doubted = true, number
		return true
	}
	ssrc, format := r.ssrc, r.format
	r.restart()
	r.ssrc, r.format = ssrc, format
	return false
}

// number returns the unwrapped number of a packet that receive has taken.
func (r *Receiver) number(pkt *packet.Packet) uint64 {
	highest := r.numbers.Highest()
	return uint64(int64(highest) + int64(int16(pkt.Sequence-uint16(highest))))
}

func (r *Receiver) alive(now time.Time) {
	r.lastAt = now
	if !r.live {
		r.live = true
		r.track.retarget()
	}
}

// idle is called by the tick: an encoding that fell silent, while another flows, is left by its subscribers.
func (r *Receiver) idle(now time.Time, after time.Duration) {
	if r.live && now.Sub(r.lastAt) > after {
		r.live = false
		r.track.retarget()
	}
}

// unwrapRTX turns a retransmission into the packet it repeats, in place (RFC 4588 section 4): the first two bytes of
// its payload are the original number. False for one without payload, with which senders probe.
func (r *Receiver) unwrapRTX(pkt *packet.Packet, m *packet.ExtensionMap) bool {
	payload := pkt.Payload()
	format, rtx, ok := r.track.format(pkt.PayloadType)
	if len(payload) < 2 || !rtx || !ok || r.ssrc == 0 {
		return false
	}
	original := binary.BigEndian.Uint16(payload)
	raw, header := pkt.Raw, pkt.HeaderSize
	copy(raw[2:2+header], raw[:header])
	raw = raw[2:]
	raw[1] = raw[1]&0x80 | format.PayloadType
	binary.BigEndian.PutUint16(raw[2:], original)
	binary.BigEndian.PutUint32(raw[8:], r.ssrc)
	return pkt.Parse(raw, m) == nil
}
