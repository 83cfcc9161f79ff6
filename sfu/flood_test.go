package sfu

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what STUN uses
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"salon/sfu/room"
	"salon/sfu/udp"
)

// A flood is something that strangers send to the media port.
type flood struct {
	name     string
	count    int
	datagram func(rnd *rand.Rand) []byte
	counted  func(*udp.Stats) uint64 // what grows with it
}

// TestStrangersCannotDisturbARoom floods the media port while two people meet: not one packet of theirs is lost, what came is
// counted, and nothing of it is kept.
func TestStrangersCannotDisturbARoom(t *testing.T) {
	s := serve(t, Config{})
	a := join(t, s, "club", "anna", true)
	sound := a.publish(room.Audio, room.Microphone)
	b := join(t, s, "club", "boris", false)
	b.receive(sound)
	track := b.again(t)
	stranger, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: s.Port()})
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()

	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // repeatable
	ufrag := ufragOf(t, a.pub.RemoteDescription().SDP)
	next := newRow(t, track)
	for _, f := range floods(ufrag) {
		before, memory, goroutines := s.Stats().UDP, allocated(), runtime.NumGoroutine()
		for n := range f.count {
			_, _ = stranger.Write(f.datagram(rnd))
			if n%128 == 127 {
				next(1) // the socket's buffer must not be what decides
			}
		}
		next(5)
		after := s.Stats().UDP
		if grown := f.counted(&after) - f.counted(&before); grown < uint64(f.count)/2 {
			t.Errorf("%s: counted %d of %d", f.name, grown, f.count)
		}
		if after.Ufrags != before.Ufrags || after.Addresses > before.Addresses+4 || after.Questions > before.Questions+64 {
			t.Errorf("%s: %d ufrags, %d addresses, %d questions remembered, before it %d, %d, %d", f.name,
				after.Ufrags, after.Addresses, after.Questions, before.Ufrags, before.Addresses, before.Questions)
		}
		if n := runtime.NumGoroutine(); n > goroutines+4 {
			t.Errorf("%s: %d goroutines, %d before", f.name, n, goroutines)
		}
		if m := allocated(); m > memory+8<<20 {
			t.Errorf("%s: %d bytes more in use", f.name, m-memory)
		}
	}
}

// TestAMemberCannotDisturbTheOthers has somebody whose address is proven send what is none of its keys.
func TestAMemberCannotDisturbTheOthers(t *testing.T) {
	s := serve(t, Config{})
	a := join(t, s, "club", "anna", true)
	sound := a.publish(room.Audio, room.Microphone)
	b := join(t, s, "club", "boris", false)
	b.receive(sound)
	next := newRow(t, b.again(t))

	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	hostile := joinOver(t, s, "club", "zoe", true, conn)
	hostile.leaving.Store(true)
	hostile.receive(sound) // it is a member like any other
	port := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: s.Port()}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // repeatable
	ufrag := ufragOf(t, hostile.pub.RemoteDescription().SDP)
	for _, f := range floods(ufrag) {
		memory, goroutines := allocated(), runtime.NumGoroutine()
		for n := range few {
			_, _ = conn.WriteTo(f.datagram(rnd), port)
			if n%128 == 127 {
				next(1)
			}
		}
		next(5)
		if n := runtime.NumGoroutine(); n > goroutines+4 {
			t.Errorf("%s: %d goroutines, %d before", f.name, n, goroutines)
		}
		if m := allocated(); m > memory+8<<20 {
			t.Errorf("%s: %d bytes more in use", f.name, m-memory)
		}
	}
}

const many, few = 20_000, 800

func floods(ufrag string) []flood {
	garbage := func(u *udp.Stats) uint64 { return u.DropGarbage }
	stranger := func(u *udp.Stats) uint64 { return u.DropUnknownAddress }
	malformed := func(u *udp.Stats) uint64 { return u.DropMalformedSTUN }
	random := func(first byte, size int) func(*rand.Rand) []byte {
		return func(rnd *rand.Rand) []byte {
			b := make([]byte, 1+rnd.IntN(size))
			for i := range b {
				b[i] = byte(rnd.Uint32())
			}
			b[0] = first
			return b
		}
	}
	return []flood{
		{"garbage", few, random(200, 1400), garbage},
		{"packets of strangers", few, random(0x80, 1200), stranger},
		{"packets cut short", few, random(0x90, 11), stranger},
		{"reports with absurd lengths", few, func(*rand.Rand) []byte { return []byte{0x80, 200, 0xFF, 0xFF, 1, 2, 3, 4} }, stranger},
		{"hellos from nowhere", few, random(22, 300), stranger},
		{"broken checks", few, random(0, 200), malformed},
		{"checks for nobody", many, func(rnd *rand.Rand) []byte {
			return check(rnd, fmt.Sprintf("%016x:me", rnd.Uint64()), "whatever it may be", true)
		}, func(u *udp.Stats) uint64 { return u.DropUnknownUfrag }},
		{"answers to nothing", few, func(rnd *rand.Rand) []byte {
			b := check(rnd, ufrag+":me", "whatever", true)
			b[0] = 1
			return b
		}, func(u *udp.Stats) uint64 { return u.DropUnknownAnswer }},
		{"checks with a wrong password", few, func(rnd *rand.Rand) []byte {
			return check(rnd, ufrag+":me", "a wrong one", true)
		}, func(u *udp.Stats) uint64 { return u.DatagramsIn }},
		{"checks without a password", few, func(rnd *rand.Rand) []byte {
			return check(rnd, ufrag+":me", "", false)
		}, func(u *udp.Stats) uint64 { return u.DatagramsIn }},
	}
}

// check writes a STUN binding request (RFC 8489 section 5) for user, with integrity by password if so wished.
func check(rnd *rand.Rand, user, password string, integrity bool) []byte {
	const cookie, username, priority, controlling, messageIntegrity, fingerprint = 0x2112A442, 6, 0x24, 0x802A, 8, 0x8028
	b := binary.BigEndian.AppendUint32([]byte{0, 1, 0, 0}, cookie)
	b = binary.BigEndian.AppendUint64(b, rnd.Uint64())
	b = binary.BigEndian.AppendUint32(b, rnd.Uint32())
	add := func(kind uint16, value []byte) {
		b = binary.BigEndian.AppendUint16(b, kind)
		b = binary.BigEndian.AppendUint16(b, uint16(len(value))) //nolint:gosec // short
		b = append(b, value...)
		b = append(b, make([]byte, -len(value)&3)...)
		binary.BigEndian.PutUint16(b[2:], uint16(len(b)-20)) //nolint:gosec // short
	}
	add(username, []byte(user))
	add(priority, []byte{1, 2, 3, 4})
	add(controlling, []byte{1, 2, 3, 4, 5, 6, 7, 8})
	if integrity {
		binary.BigEndian.PutUint16(b[2:], uint16(len(b)-20+24)) //nolint:gosec // short
		mac := hmac.New(sha1.New, []byte(password))
		mac.Write(b)
		add(messageIntegrity, mac.Sum(nil))
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)-20+8)) //nolint:gosec // short
	add(fingerprint, binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(b)^0x5354554E))
	return b
}

func ufragOf(t *testing.T, sdp string) string {
	t.Helper()
	_, rest, ok := strings.Cut(sdp, "a=ice-ufrag:")
	if !ok {
		t.Fatal("no ufrag")
	}
	ufrag, _, _ := strings.Cut(rest, "\r\n")
	return ufrag
}

// again returns the track that receive has read from.
func (c *client) again(t *testing.T) *webrtc.TrackRemote {
	t.Helper()
	for _, r := range c.sub.GetReceivers() {
		if track := r.Track(); track != nil && track.SSRC() != 0 {
			return track
		}
	}
	t.Fatal("nothing is received")
	return nil
}

// newRow returns a function that reads the next n packets of a track and checks that none is missing.
func newRow(t *testing.T, track *webrtc.TrackRemote) func(n int) {
	t.Helper()
	var last *rtp.Packet
	return func(n int) {
		t.Helper()
		for range n {
			_ = track.SetReadDeadline(time.Now().Add(bound))
			pkt, _, err := track.ReadRTP()
			if err != nil {
				t.Fatal(err)
			}
			if last != nil && pkt.SequenceNumber != last.SequenceNumber+1 {
				t.Fatalf("number %d after %d", pkt.SequenceNumber, last.SequenceNumber)
			}
			last = pkt
		}
	}
}

func allocated() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
