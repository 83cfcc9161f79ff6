package forward

import (
	"time"

	"github.com/pion/rtcp"

	"salon/sfu/prefetch"
)

// maxBlocks is how many report blocks a receiver report holds (RFC 3550: five bits).
const maxBlocks = 31

// Tick does what has a rhythm, at once. What it sends is appended to out; the caller flushes.
func (s *Shard) Tick(now time.Time, out Out) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick(now, out)
}

// tickAhead is how many peers ahead of the one that ticks are asked for.
const tickAhead = 3

func (s *Shard) tick(now time.Time, out Out) {
	if s.nextTick = s.nextTick.Add(tickInterval); !s.nextTick.After(now) {
		s.nextTick = now.Add(tickInterval)
	}
	for i, p := range s.peers {
		if next := i + tickAhead; next < len(s.peers) {
			prefetch.Object(s.peers[next])
		}
		p.tick(now, out)
	}
}

// tickAlong ticks if it is time: a burst has woken the machine up, and what is sent leaves with it. The lock is held.
func (s *Shard) tickAlong(now time.Time, out Out) {
	if now.Before(s.nextTick) {
		return
	}
	s.tick(now, out)
	s.carried = now
}

// tickAlone ticks, unless bursts do lately, and returns after what time to call it again.
func (s *Shard) tickAlone(now time.Time, out Out) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.carried) < 2*tickInterval {
		return restWhileBusy
	}
	s.tick(now, out)
	return tickInterval
}

func (p *Peer) tick(now time.Time, out Out) {
	for _, t := range p.tracks {
		for _, r := range t.receivers {
			if r != nil {
				r.idle(now, p.shard.cfg.IdleAfter)
			}
		}
		if t.video {
			t.askForWaiting(now, out)
		}
	}
	p.requestMissing(now, out)
	f := &p.feedback
	if f.recorder != nil && now.Sub(f.lastTWCC) > feedbackInterval-tickInterval/2 { // ticks are late by up to a burst's distance
		f.lastTWCC = now
		for _, pkt := range f.recorder.BuildFeedbackPacket() {
			p.sendRTCP(out, pkt) // each by itself: together they may be too long for a datagram
		}
	}
	if now.Sub(f.lastReport) >= reportInterval {
		f.lastReport = now
		p.sendReceiverReports(now, out)
	}
	for _, d := range p.legs {
		if sr := &p.shard.report; d.senderReport(now, sr) {
			p.sendRTCP(out, sr, d.description())
		}
	}
}

func (p *Peer) sendReceiverReports(now time.Time, out Out) {
	rr := &p.shard.reception
	*rr = rtcp.ReceiverReport{SSRC: p.ssrc, Reports: rr.Reports[:0]}
	for _, t := range p.tracks {
		for _, r := range t.receivers {
			if r == nil {
				continue
			}
			if b, ok := r.block(now); ok && len(rr.Reports) < maxBlocks {
				rr.Reports = append(rr.Reports, b)
			}
		}
	}
	if len(rr.Reports) > 0 {
		p.sendRTCP(out, rr)
	}
}

// description names the leg's publisher, so that players bring its tracks together (RFC 3550 section 6.5.1).
func (d *DownTrack) description() *rtcp.SourceDescription {
	return &rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{
		Source: d.cfg.SSRC,
		Items:  []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: d.cfg.CNAME}},
	}}}
}
