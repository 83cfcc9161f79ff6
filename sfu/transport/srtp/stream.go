package srtp

// Bounds of what a peer can make us remember; our choice.
const (
	// windowSize is how many packets behind the highest one a packet may be: the
	// reordering of a retransmission over a slow path. RFC 3711 section 3.3.2 asks
	// for at least 64.
	windowSize = 1024
	// maxStreams is how many SSRCs are remembered in each direction: some thirty
	// simulcast tracks with their repair streams.
	maxStreams = 256
)

// A stream is what is known of one SSRC: which packet indices were seen.
//
// Bit i%windowSize of seen stands for index i, for top-windowSize < i <= top.
type stream struct {
	top   uint64 // Highest index seen.
	begun bool   // top means something.
	used  uint64 // When it was last marked, in marks of its owner.
	seen  [windowSize / 64]uint64
}

// estimate guesses the 48-bit index of seq: of the three roll-over counters near
// that of top, the one which brings seq closest to it (RFC 3711 section 3.3.1).
// It never goes below roll-over 0.
func (s *stream) estimate(seq uint16) uint64 {
	const span, half = 1 << 16, 1 << 15
	index := s.top&^(span-1) | uint64(seq)
	switch {
	case index+half < s.top:
		return index + span
	case index > s.top+half && index >= span:
		return index - span
	}
	return index
}

// fresh tells whether index was not seen and is young enough to know.
func (s *stream) fresh(index uint64) bool {
	if !s.begun || index > s.top {
		return true
	}
	return s.top-index < windowSize && s.seen[index%windowSize/64]&(1<<(index%64)) == 0
}

// mark notes that index was seen; fresh(index) held.
func (s *stream) mark(index uint64) {
	switch {
	case !s.begun:
		s.top, s.begun = index, true
	case index > s.top && index-s.top >= windowSize:
		clear(s.seen[:])
		s.top = index
	case index > s.top:
		for i := s.top + 1; i < index; i++ {
			s.seen[i%windowSize/64] &^= 1 << (i % 64)
		}
		s.top = index
	}
	s.seen[index%windowSize/64] |= 1 << (index % 64)
}

// streams are the SSRCs of one peer. When all maxStreams are taken, the one not
// heard for longest is forgotten: a peer that publishes again and again must not
// lock itself out.
type streams struct {
	byID  map[uint32]*stream
	last  *stream // What find returned, for the next packet of the burst.
	id    uint32  // SSRC of last.
	marks uint64
}

func newStreams() streams { return streams{byID: make(map[uint32]*stream)} }

// find returns the stream of ssrc, nil if it is not known.
func (m *streams) find(ssrc uint32) *stream {
	m.marks++
	if m.last == nil || m.id != ssrc {
		st := m.byID[ssrc]
		if st == nil {
			return nil
		}
		m.last, m.id = st, ssrc
	}
	m.last.used = m.marks
	return m.last
}

// add remembers ssrc, which was not known.
func (m *streams) add(ssrc uint32) *stream {
	if len(m.byID) >= maxStreams {
		m.forgetOldest()
	}
	st := &stream{used: m.marks}
	m.byID[ssrc] = st
	m.last, m.id = st, ssrc
	return st
}

func (m *streams) forgetOldest() {
	var oldest uint32
	age := ^uint64(0)
	for id, st := range m.byID {
		if st.used < age {
			oldest, age = id, st.used
		}
	}
	delete(m.byID, oldest)
}
