//go:build amd64 || arm64

package udp

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// openExit gives s a socket of the same port to send from, which nothing is steered to. The runtime's poller watches s for room to
// write, too, which nobody waits for, and the kernel then has to tell it of each datagram that leaves; of the exit it doesn't know.
// It must be bound behind all that steering counts.
func (s *socket) openExit(cfg Config) error {
	exit, err := open(cfg, s.binding(), s.port())
	if err != nil {
		return err
	}
	fd, err := exit.unpoll()
	if err != nil {
		return err
	}
	if err := unix.SetNonblock(fd, false); err != nil { // or os.NewFile makes the poller watch it
		_ = unix.Close(fd) // nothing was sent through it
		return fmt.Errorf("udp socket to send from: %w", err)
	}
	file := os.NewFile(uintptr(fd), "udp exit")
	raw, err := file.SyscallConn()
	if err != nil {
		_ = file.Close() // nothing was sent through it
		return fmt.Errorf("reach udp descriptor: %w", err)
	}
	s.out, s.exit = raw, file
	return nil
}
