//go:build !linux

package udp

// buffer returns n bytes of zeroes that live as long as owner.
func buffer[T any](_ *T, n int) []byte { return make([]byte, n) }
