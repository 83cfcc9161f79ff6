package forward

import "salon/sfu/packet"

// A pictureID is what a VP8 payload descriptor counts (RFC 7741 section 4.2), as it goes out.
type pictureID struct {
	picture  uint16
	tl0, key uint8
}

// pictureIDs gives a leg one row of VP8 picture ids over encodings that each count on their own, and closes it over frames left
// out on purpose, which a decoder would take for lost. The zero value is ready.
//
//	out = in + shift - (skips up to in)     since the last follow
type pictureIDs struct {
	started bool
	shift   pictureID
	last    pictureID // highest that went out

	skips [maxSkips]uint16 // ring of the last pictures left out
	total uint16           // skips since follow, modulo the ids' range
}

// maxSkips bounds how far back a late packet still gets the id that was kept for it.
const maxSkips = 32

const pictureMask = 1<<15 - 1

// follow begins a new encoding whose first picture is v: it goes out as the one after the last.
func (p *pictureIDs) follow(v *packet.VP8Descriptor) {
	p.total = 0
	if !p.started {
		p.started = true
		p.shift = pictureID{}
		return
	}
	p.shift = pictureID{
		picture: p.last.picture + 1 - v.PictureID,
		tl0:     p.last.tl0 + 1 - v.TL0,
		key:     p.last.key + 1 - v.KeyIdx,
	}
}

// skip leaves out the picture that d belongs to. Its packets share one id: only the first closes the row.
func (p *pictureIDs) skip(d *packet.Descriptor) {
	id := d.VP8.PictureID
	if d.VP8.PictureIDSize == 0 || p.total > 0 && !newer(id, p.skips[(p.total-1)%maxSkips]) {
		return
	}
	p.skips[p.total%maxSkips] = id
	p.total++
}

// rewrite returns what has to be added to the ids of v's picture on the way out.
func (p *pictureIDs) rewrite(v *packet.VP8Descriptor) pictureID {
	before := p.total
	for i := uint16(1); i <= min(p.total, maxSkips) && newer(p.skips[(p.total-i)%maxSkips], v.PictureID); i++ {
		before--
	}
	shift := p.shift
	shift.picture -= before
	if id := shift.after(v); id.picture == p.last.picture || newer(id.picture, p.last.picture) {
		p.last = id
	}
	return shift
}

// after returns what v's picture is called once shift is added.
func (shift pictureID) after(v *packet.VP8Descriptor) pictureID {
	return pictureID{
		picture: (v.PictureID + shift.picture) & pictureMask,
		tl0:     v.TL0 + shift.tl0,
		key:     (v.KeyIdx + shift.key) & 31,
	}
}

// newer compares ids of 15 bits that wrap.
func newer(a, b uint16) bool { return int16((a-b)<<1) > 0 }
