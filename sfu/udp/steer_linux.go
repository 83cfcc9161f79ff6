package udp

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// What tells what can wait. Transport-wide feedback and reports, in the first packet of a datagram (RFC 3550 section 6.4, RFC 4585
// section 6.1: version, format or count in the first byte, type in the second): SRTCP leaves both in the clear. And answers whose
// transaction number, which was ours, begins with Patient (RFC 8489 section 5).
const (
	feedbackFirst  = 0x80 | 15 // version 2, no padding, format 15
	feedbackMask   = 0xC0 | 31 // all of the first byte but the padding bit
	feedbackSecond = 205       // RTPFB
	reportSecond   = 200       // SR; RR is 201
	reportMask     = 0xFE      // of the second byte: either
	numberOff      = 8         // where a STUN message has its transaction number
)

// Offsets of classic BPF relative to the IP header, and in it (RFC 791, RFC 8200).
const (
	netOff     = 0xFFF00000 // SKF_NET_OFF, -0x100000
	v4Source   = netOff + 12
	v4Ports    = netOff + 20 // UDP without IP options; with some, peers are spread by what stands there
	v6Source   = netOff + 20 // the last four bytes
	v6Ports    = netOff + 40
	knuthPrime = 2654435761 // spreads addresses that differ in few bits
)

// steer makes the kernel choose the socket for each datagram to the port of fd: the last of shards+1 for what can wait, else
// one of the first shards by the sender's address and port, so that a peer keeps its socket. Sockets count in the order in which they
// were bound (socket(7), SO_ATTACH_REUSEPORT_CBPF).
func steer(fd, shards int) error {
	prog := steering(uint32(shards))
	err := unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_REUSEPORT_CBPF,
		&unix.SockFprog{Len: uint16(len(prog)), Filter: &prog[0]})
	if err != nil {
		return fmt.Errorf("steer datagrams to sockets: %w", err)
	}
	return nil
}

// steering is the program of steer. Absolute offsets begin with the UDP payload; a load behind the end of the datagram ends the
// program with 0, the first socket.
func steering(shards uint32) []unix.SockFilter {
	const (
		loadByte = unix.BPF_LD | unix.BPF_B | unix.BPF_ABS
		loadHalf = unix.BPF_LD | unix.BPF_H | unix.BPF_ABS
		loadWord = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal    = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		alu      = unix.BPF_ALU | unix.BPF_K
	)
	return []unix.SockFilter{
		{Code: loadHalf, K: 0},
		{Code: equal, K: bindingSuccess, Jf: 2}, // to: RTCP
		{Code: loadHalf, K: numberOff},
		{Code: equal, K: Patient, Jt: 8, Jf: 9}, // to: it can wait, by address

		// RTCP.
		{Code: loadByte, K: 1},
		{Code: alu | unix.BPF_AND, K: reportMask},
		{Code: equal, K: reportSecond, Jt: 5}, // to: it can wait
		{Code: loadByte, K: 0},
		{Code: alu | unix.BPF_AND, K: feedbackMask},
		{Code: equal, K: feedbackFirst, Jf: 3}, // to: by address
		{Code: loadByte, K: 1},
		{Code: equal, K: feedbackSecond, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: shards}, // it can wait

		// By address.
		{Code: loadByte, K: netOff},
		{Code: alu | unix.BPF_AND, K: 0xF0},
		{Code: equal, K: 0x60, Jt: 4}, // to: version 6
		{Code: loadHalf, K: v4Ports},
		{Code: unix.BPF_MISC | unix.BPF_TAX},
		{Code: loadWord, K: v4Source},
		{Code: unix.BPF_JMP | unix.BPF_JA, K: 3}, // to: hash

		// Version 6.
		{Code: loadHalf, K: v6Ports},
		{Code: unix.BPF_MISC | unix.BPF_TAX},
		{Code: loadWord, K: v6Source},

		// Hash.
		{Code: unix.BPF_ALU | unix.BPF_XOR | unix.BPF_X},
		{Code: alu | unix.BPF_MUL, K: knuthPrime},
		{Code: alu | unix.BPF_RSH, K: 16},
		{Code: alu | unix.BPF_MOD, K: shards},
		{Code: unix.BPF_RET | unix.BPF_A},
	}
}
