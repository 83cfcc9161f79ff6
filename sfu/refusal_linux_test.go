package sfu

import (
	"os"
	"strconv"
	"syscall"
	"testing"
)

// A socket that sends no checksums cannot split datagrams: the kernel refuses UDP_SEGMENT on it with EINVAL, as it does
// with EIO on devices without checksum offload. That is found out when the first joined message is sent.
func TestMediaFlowsWhereTheKernelRefusesToSplit(t *testing.T) {
	log := newDiary()
	s := serveLogged(t, Config{}, log)
	if !log.says("udp listening", "gso=true") {
		return // nothing to refuse here
	}
	withoutChecksums(t, s.Port())
	exchange(t, s, asUsual)
	log.need(t, "udp segmentation offload refused, sending datagrams singly", "err=invalid argument")
	log.need(t, "connected", "network=udp4")
	if n := s.Stats().UDP.JoinedOut; n != 0 {
		t.Errorf("%d joined messages were sent", n)
	}
}

// withoutChecksums turns UDP checksums off on every socket of this process that is bound to port.
func withoutChecksums(t *testing.T, port int) {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, entry := range list {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		kind, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_TYPE)
		if err != nil || kind != syscall.SOCK_DGRAM || boundTo(fd) != port {
			continue
		}
		if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_NO_CHECK, 1); err != nil {
			t.Fatal(err)
		}
		found++
	}
	if found == 0 {
		t.Fatal("no socket of the server found")
	}
}

// boundTo returns the port of a socket, 0 when it has none.
func boundTo(fd int) int {
	name, err := syscall.Getsockname(fd)
	if err != nil {
		return 0
	}
	switch a := name.(type) {
	case *syscall.SockaddrInet4:
		return a.Port
	case *syscall.SockaddrInet6:
		return a.Port
	default:
		return 0
	}
}
