//go:build !linux

package signaling

import "net"

// unannounce returns c: only Linux has plain system calls for it.
func unannounce(c net.Conn) net.Conn { return c }
