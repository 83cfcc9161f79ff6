package udp

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// buffer returns n bytes of zeroes that live as long as owner. They are the system's, not the heap's: megabytes of which hardly any are
// touched would count as live there, and let as much garbage stand.
func buffer[T any](owner *T, n int) []byte {
	b, err := unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return make([]byte, n)
	}
	runtime.AddCleanup(owner, func(b []byte) { _ = unix.Munmap(b) }, b) // nothing can be done about it
	return b
}
