package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// askForStamps lets the kernel note when each datagram came.
func askForStamps(conn *net.UDPConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return fmt.Errorf("ask for timestamps: %w", err)
	}
	var set error
	err = raw.Control(func(fd uintptr) {
		set = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	})
	if err == nil {
		err = set
	}
	if err != nil {
		return fmt.Errorf("ask for timestamps: %w", err)
	}
	return nil
}

// stampedAt reads the kernel's time of arrival: two numbers of 64 bits, as 64-bit systems write it.
func stampedAt(oob []byte) time.Time {
	list, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return time.Now()
	}
	for _, m := range list {
		if m.Header.Level == unix.SOL_SOCKET && m.Header.Type == unix.SCM_TIMESTAMPNS && len(m.Data) >= 16 {
			seconds := int64(binary.NativeEndian.Uint64(m.Data))   //nolint:gosec // bits, not a number
			nanos := int64(binary.NativeEndian.Uint64(m.Data[8:])) //nolint:gosec // bits, not a number
			return time.Unix(seconds, nanos)
		}
	}
	return time.Now()
}
