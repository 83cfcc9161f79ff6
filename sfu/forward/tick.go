package forward

import (
	"slices"
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
	p.sendSenderReports(now, out)
}

// sendSenderReports sends what the legs report, in as few datagrams as it takes: when one is due, those that will be soon go with it, and
// from then on they are due together.
func (p *Peer) sendSenderReports(now time.Time, out Out) {
	if now.Before(p.reportAt) {
		return
	}
	horizon := now
	if slices.ContainsFunc(p.legs, func(d *DownTrack) bool { return d.reportDue(now) }) {
		horizon = now.Add(reportInterval / 2)
	}
	b := p.shard.reports[:0]
	p.reportAt = now.Add(reportInterval)
	for _, d := range p.legs {
		switch {
		case !d.mayReport():
			p.reportAt = now // it may at each tick
			continue
		case d.reportDue(horizon):
			b = d.appendReport(b, now)
		}
		if d.reporter.nextAt.Before(p.reportAt) {
			p.reportAt = d.reporter.nextAt
		}
		if len(b) > maxReports {
			p.sendRaw(out, b)
			b = b[:0]
		}
	}
	if len(b) > 0 {
		p.sendRaw(out, b)
	}
	p.shard.reports = b
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
