package main

import (
	"os"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
)

// collectAt is how much the heap grows, in percent of what lives in it, before it is collected. The media path allocates nothing, so
// garbage comes from joins alone: collecting four times as often as usual costs each of them some tenths of a millisecond.
const collectAt = 25

// tuneMemory sets what the runtime does about garbage, unless the operator has said so by GOGC.
func tuneMemory() {
	if _, said := os.LookupEnv("GOGC"); !said {
		debug.SetGCPercent(collectAt)
	}
}

const (
	// usualWaste is what a heap may hold for nothing, in bytes, whatever its size.
	usualWaste = 2 << 20
	// wasteShare of what lives is what it may hold if that is more: giving it back has a price that grows with the heap.
	wasteShare = 8
	// quietRate is how much may be allocated between two looks, in bytes, for a rush of joins to be over.
	quietRate = 4 << 20
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

// wasteful tells whether it is time to give memory back: much of it is held for nothing, and the rush that left it there is over.
func (h heap) wasteful(before heap) bool {
	return h.allocated-before.allocated < quietRate && h.held > h.live+max(usualWaste, h.live/wasteShare)
}
