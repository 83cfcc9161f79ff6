//go:build !linux

package udp

import "syscall"

// reusePort tells that several sockets cannot share a port usefully.
const reusePort = false

// sharePort does nothing: there is one socket.
func sharePort(string, string, syscall.RawConn) error { return nil }

// sizeBuffers asks for the configured socket buffers.
func (s *socket) sizeBuffers(cfg Config) {
	if s.conn.SetReadBuffer(cfg.ReadBuffer) == nil {
		s.readBuffer = cfg.ReadBuffer
	}
	if s.conn.SetWriteBuffer(cfg.WriteBuffer) == nil {
		s.writeBuffer = cfg.WriteBuffer
	}
}
