package main

import runtimemetrics "runtime/metrics"

// How much the heap grows, in percent of what lives in it, before it is collected. The media path allocates nothing: garbage comes from
// joins, 2 to 3 MB each, and hardly from anything else.
const (
	// collectSmall is for a heap below smallHeap: of a node without participants, mostly. There is nothing to save, and joins are
	// cheaper the more seldom they are interrupted.
	collectSmall = 100
	smallHeap    = 6 << 20 // bytes
	// collectInRush is for a rush of joins: what it leaves behind goes back to the system when it is over.
	collectInRush = 50
	// collectCalm is for the time between: a collection each some seconds.
	collectCalm = 15
)

const (
	// usualWaste is what a heap may hold for nothing, in bytes, whatever its size.
	usualWaste = 2 << 20
	// wasteShare of what lives is what it may hold if that is more: giving it back has a price that grows with the heap.
	wasteShare = 8
	// quietRate is how much may be allocated between two looks, in bytes, for a rush of joins to be over.
	quietRate = 4 << 20
	// fullRush is how much a rush allocates that leaves behind more than a collection is worth, in bytes.
	fullRush = 16 << 20
)

// A heap is what a look at the runtime showed.
type heap struct {
	allocated uint64 // since the process began
	live      uint64 // when garbage was collected last
	held      uint64 // of objects, garbage among them, and of free memory that the system has not got back
}

func readHeap() heap {
	s := []runtimemetrics.Sample{
		{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"},
	}
	runtimemetrics.Read(s)
	for i := range s {
		if s[i].Value.Kind() != runtimemetrics.KindUint64 {
			return heap{} // a runtime that counts otherwise
		}
	}
	return heap{allocated: s[0].Value.Uint64(), live: s[1].Value.Uint64(), held: s[2].Value.Uint64() + s[3].Value.Uint64()}
}

// calm tells whether nobody joins at the moment, or only few.
func (h heap) calm(before heap) bool { return h.allocated-before.allocated < quietRate }

// collectAt is the percentage for the time until the next look.
func (h heap) collectAt(before heap) int {
	switch {
	case h.live < smallHeap:
		return collectSmall
	case h.calm(before):
		return collectCalm
	default:
		return collectInRush
	}
}

// wasteful tells whether it is time to give memory back: much of it is held for nothing, beyond what garbage fills until it is collected
// in calm, and the rush that left it there is over.
func (h heap) wasteful(before heap) bool {
	return h.calm(before) && h.held > h.live+h.live*collectCalm/100+max(usualWaste, h.live/wasteShare)
}
