// Package layer decides which packets of a Track a Subscription gets: the simulcast encoding (spatial layer)
// and the frame rate within it (temporal layer). A Selector holds Target, what is wanted, and Current, what
// flows; a spatial change waits for a keyframe of the target and lets the old layer flow until it comes.
// It reads no clock, sends nothing and rewrites nothing: its verdict is forward, skip, drop or switch.
// The shard of the Subscription owns it.
package layer

import "salon/sfu/packet"

// A Layer is one quality of a Track. Spatial counts encodings from the smallest, 0, upwards; Temporal counts
// frame rates likewise. Spatial < 0 is no layer at all.
type Layer struct{ Spatial, Temporal int8 }

// Bounds of what clients send.
const (
	MaxSpatial  = 2 // three encodings: the client protocol's LOW, MEDIUM and HIGH
	MaxTemporal = 3 // two bits in VP8 (RFC 7741 section 4.2)
)

// None is the layer of a Subscription that gets nothing.
func None() Layer { return Layer{Spatial: -1, Temporal: -1} }

// IsNone tells whether l is no layer at all.
func (l Layer) IsNone() bool { return l.Spatial < 0 }

// A Verdict says what becomes of one packet for one Subscription.
type Verdict uint8

// Verdicts.
const (
	Drop    Verdict = iota // of a layer that this Subscription doesn't get
	Skip                   // of its layer, left out on purpose: close the row of numbers behind it
	Forward                // of its layer
	Switch                 // the first packet of its new layer: begin a new source
)

// A Selector picks one Subscription's packets. The zero value is not ready: call NewSelector.
type Selector struct {
	target, current Layer
}

// NewSelector returns a Selector that wants nothing yet.
func NewSelector() Selector { return Selector{target: None(), current: None()} }

// SetTarget sets what is wanted. None stops the flow at once, and so the next start needs a keyframe.
func (s *Selector) SetTarget(l Layer) {
	s.target = l
	if l.IsNone() {
		s.current = None()
	}
}

// Target is what is wanted.
func (s *Selector) Target() Layer { return s.target }

// Current is what flows.
func (s *Selector) Current() Layer { return s.current }

// Waits tells for which spatial layer a keyframe is needed, if any.
func (s *Selector) Waits() (spatial int8, waits bool) {
	if s.target.IsNone() || s.target.Spatial == s.current.Spatial {
		return 0, false
	}
	return s.target.Spatial, true
}

// Restart forgets what flows: the source began anew (a publisher replaced its encoder or its SSRC), and only a
// keyframe helps.
func (s *Selector) Restart() { s.current = None() }

// Select judges a packet of the encoding spatial.
func (s *Selector) Select(spatial int8, d *packet.Descriptor) Verdict {
	if s.target.IsNone() {
		return Drop
	}
	if spatial == s.target.Spatial && spatial != s.current.Spatial {
		if !d.Keyframe {
			return Drop
		}
		s.current = Layer{Spatial: spatial, Temporal: s.target.Temporal}
		return Switch
	}
	if spatial != s.current.Spatial {
		return Drop
	}
	if d.Codec != packet.VP8 {
		return Forward // frame rates are only taken apart where we can close the gap: VP8
	}
	return s.temporal(d)
}

// temporal lowers the frame rate at the start of any frame and raises it where the encoder says that
// a decoder may climb (RFC 7741: the Y bit): a layer at a time, since that bit says nothing of the frames between.
func (s *Selector) temporal(d *packet.Descriptor) Verdict {
	t := int8(d.Temporal)
	if d.Start {
		switch {
		case s.target.Temporal < s.current.Temporal:
			s.current.Temporal = s.target.Temporal
		case d.Keyframe:
			s.current.Temporal = s.target.Temporal
		case d.Sync && t == s.current.Temporal+1 && t <= s.target.Temporal:
			s.current.Temporal = t
		}
	}
	if t > s.current.Temporal {
		return Skip
	}
	return Forward
}

// A Size is an encoding's picture in pixels.
type Size struct{ Width, Height uint32 }

// Cover returns the smallest encoding whose picture covers want, the largest when none does. Sizes run from the
// smallest encoding upwards; unknown ones (zero) are passed over unless there is nothing else.
func Cover(sizes []Size, want Size) int8 {
	best := int8(len(sizes)) - 1
	for i := len(sizes) - 1; i >= 0; i-- {
		s := sizes[i]
		if s.Width == 0 || s.Height == 0 {
			continue
		}
		// Held upright, a phone sends a picture whose sides are exchanged: compare long side with long side.
		if max(s.Width, s.Height) >= max(want.Width, want.Height) && min(s.Width, s.Height) >= min(want.Width, want.Height) {
			best = int8(i)
		}
	}
	return max(best, 0)
}
