// Package prefetch asks the processor to bring memory into its cache while other work goes on. A burst visits what belongs to dozens
// of peers, a pointer behind a pointer, and between two bursts most of it has left the cache: waiting for each in turn costs as much
// as encrypting a packet. It decides nothing, and is a hint alone: a wrong address or a nil one does no harm.
package prefetch

import "unsafe"

// LineSize is the length of a cache line in bytes, on the processors of today's servers.
const LineSize = 64

// Object asks for all of *p.
//
//go:nocheckptr // the addresses are hints: nothing is read
func Object[T any](p *T) {
	base := unsafe.Pointer(p)
	for off := uintptr(0); off < unsafe.Sizeof(*p); off += LineSize {
		line(unsafe.Add(base, off))
	}
}

// Line asks for the line in which *p begins.
func Line[T any](p *T) { line(unsafe.Pointer(p)) }

// Field asks for the line of a field, by its offset in *p: unsafe.Offsetof(p.field). The address of the field would do for Line as
// well, but to take it reads *p, for which the processor would have to wait.
//
//go:nocheckptr // as above
func Field[T any](p *T, offset uintptr) { line(unsafe.Add(unsafe.Pointer(p), offset)) }
