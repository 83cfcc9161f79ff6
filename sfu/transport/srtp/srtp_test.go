package srtp

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"sync"
	"testing"
)

// testKey returns recognizable keying material; each call its own, as it is wiped.
func testKey(p Profile) (key, salt []byte) {
	key, salt = make([]byte, p.KeyLen()), make([]byte, p.SaltLen())
	for i := range key {
		key[i] = byte(i*7 + 1)
	}
	for i := range salt {
		salt[i] = byte(i*11 + 3)
	}
	return key, salt
}

func newPair(t testing.TB, p Profile) (*Sealer, *Opener) {
	t.Helper()
	key, salt := testKey(p)
	s, err := NewSealer(p, key, salt)
	if err != nil {
		t.Fatal(err)
	}
	key, salt = testKey(p)
	o, err := NewOpener(p, key, salt)
	if err != nil {
		t.Fatal(err)
	}
	return s, o
}

// rtpPacket returns a packet with room for any tag.
func rtpPacket(ssrc uint32, seq uint16, payload int) []byte {
	pkt := make([]byte, 12+payload, 12+payload+32)
	pkt[0], pkt[1] = 0x80, 96
	binary.BigEndian.PutUint16(pkt[2:], seq)
	binary.BigEndian.PutUint32(pkt[4:], uint32(seq)*3000)
	binary.BigEndian.PutUint32(pkt[8:], ssrc)
	for i := range payload {
		pkt[12+i] = byte(i) ^ byte(seq)
	}
	return pkt
}

// rtcpPacket returns a receiver report without blocks and some feedback.
func rtcpPacket(ssrc uint32) []byte {
	pkt := []byte{0x80, 201, 0, 1, 0, 0, 0, 0, 0x81, 206, 0, 2, 0, 0, 0, 0, 1, 2, 3, 4}
	binary.BigEndian.PutUint32(pkt[4:], ssrc)
	return append(make([]byte, 0, 64), pkt...)
}

func seal(s *Sealer, ssrc uint32, index uint64) []byte {
	return s.SealRTP(rtpPacket(ssrc, uint16(index), 50), 12, index)
}

func profiles() []Profile { return []Profile{AEADAES128GCM, AEADAES256GCM, AES128CMHMACSHA1_80} }

func TestOpenReturnsWhatWasSealed(t *testing.T) {
	for _, p := range profiles() {
		t.Run(p.String(), func(t *testing.T) {
			s, o := newPair(t, p)
			for _, size := range []int{0, 1, 15, 16, 17, 1200} {
				pkt := rtpPacket(7, uint16(size), size)
				want := bytes.Clone(pkt)
				sealed := s.SealRTP(pkt, 12, uint64(size))
				if &sealed[0] != &pkt[0] || len(sealed) != len(want)+p.Overhead() {
					t.Fatalf("sealed %d bytes into %d, in place %v", len(want), len(sealed), &sealed[0] == &pkt[0])
				}
				got, err := o.OpenRTP(sealed, 12)
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("size %d: got %x, %v, want %x", size, got, err, want)
				}
			}
			for range 3 {
				want := rtcpPacket(9)
				sealed := s.SealRTCP(bytes.Clone(want))
				if len(sealed) != len(want)+p.RTCPOverhead() {
					t.Fatalf("sealed %d rtcp bytes into %d", len(want), len(sealed))
				}
				got, err := o.OpenRTCP(sealed)
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("rtcp: got %x, %v, want %x", got, err, want)
				}
			}
		})
	}
}

func TestDamagedPacketIsRefused(t *testing.T) {
	for _, p := range profiles() {
		t.Run(p.String(), func(t *testing.T) {
			s, o := newPair(t, p)
			sealed := seal(s, 7, 1)
			for i := range sealed {
				bad := bytes.Clone(sealed)
				bad[i] ^= 0x10
				if _, err := o.OpenRTP(bad, 12); !errors.Is(err, ErrAuth) {
					t.Fatalf("byte %d changed: %v", i, err)
				}
			}
			if len(o.seen.byID) != 0 {
				t.Fatalf("%d streams remembered of forged packets", len(o.seen.byID))
			}
			report := s.SealRTCP(rtcpPacket(7))
			for i := range report {
				bad := bytes.Clone(report)
				bad[i] ^= 0x80
				if _, err := o.OpenRTCP(bad); err == nil {
					t.Fatalf("rtcp byte %d changed and taken", i)
				}
			}
			if len(o.reports.byID) != 0 {
				t.Fatal("state kept of forged reports")
			}
		})
	}
}

func TestShortPacketIsRefused(t *testing.T) {
	for _, p := range profiles() {
		s, o := newPair(t, p)
		sealed, report := seal(s, 7, 1), s.SealRTCP(rtcpPacket(7))
		for n := range 12 + p.Overhead() {
			if _, err := o.OpenRTP(bytes.Clone(sealed[:n]), 12); !errors.Is(err, ErrShort) {
				t.Errorf("%v: %d bytes: %v", p, n, err)
			}
		}
		for n := range 8 + p.RTCPOverhead() {
			if _, err := o.OpenRTCP(bytes.Clone(report[:n])); !errors.Is(err, ErrShort) {
				t.Errorf("%v: %d bytes of rtcp: %v", p, n, err)
			}
		}
		if _, err := o.OpenRTP(sealed, 11); !errors.Is(err, ErrShort) {
			t.Errorf("%v: header of 11 bytes: %v", p, err)
		}
	}
}

func TestReplayIsRefused(t *testing.T) {
	const base = 100_000
	s, o := newPair(t, AEADAES128GCM)
	o.seen.add(7).mark(base)
	open := func(index uint64) error {
		_, err := o.OpenRTP(seal(s, 7, index), 12)
		return err
	}
	for _, step := range []struct {
		index uint64
		want  error
	}{
		{base, ErrReplay}, {base + 1, nil}, {base + 1, ErrReplay},
		{base + 5, nil}, {base + 3, nil}, {base + 3, ErrReplay}, {base + 4, nil},
		{base + 5 - windowSize + 1, nil}, {base + 5 - windowSize + 1, ErrReplay}, {base + 5 - windowSize, ErrReplay},
		{base + 3000, nil}, {base + 4, ErrReplay}, {base + 2999, nil}, {base + 3000 - windowSize, ErrReplay},
	} {
		if err := open(step.index); !errors.Is(err, step.want) {
			t.Errorf("index base%+d: %v, want %v", int64(step.index)-base, err, step.want)
		}
	}
	report := s.SealRTCP(rtcpPacket(7))
	if _, err := o.OpenRTCP(bytes.Clone(report)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.OpenRTCP(report); !errors.Is(err, ErrReplay) {
		t.Errorf("replayed report: %v", err)
	}
}

func TestRollOverIsFollowed(t *testing.T) {
	for _, p := range profiles() {
		t.Run(p.String(), func(t *testing.T) {
			s, o := newPair(t, p)
			// Three roll-overs in strides, with a straggler from before each.
			for index := uint64(60_000); index < 4<<16; index += 300 {
				for _, i := range []uint64{index, index - 7} {
					if _, err := o.OpenRTP(seal(s, 7, i), 12); err != nil {
						t.Fatalf("index %d: %v", i, err)
					}
				}
			}
		})
	}
}

func TestEstimateTakesTheNearestIndex(t *testing.T) {
	for _, c := range []struct {
		top  uint64
		seq  uint16
		want uint64
	}{
		{0, 0, 0}, {0, 1, 1}, {5, 65535, 65535}, {65535, 0, 1 << 16}, {1 << 16, 65535, 65535},
		{1<<16 + 40_000, 1, 2<<16 + 1}, {1<<16 + 100, 60_000, 60_000}, {3<<16 + 30_000, 31_000, 3<<16 + 31_000},
	} {
		st := stream{top: c.top, begun: true}
		if got := st.estimate(c.seq); got != c.want {
			t.Errorf("top %d seq %d: %d, want %d", c.top, c.seq, got, c.want)
		}
	}
}

func TestStreamsAreBounded(t *testing.T) {
	s, o := newPair(t, AEADAES128GCM)
	for ssrc := range uint32(4 * maxStreams) {
		if _, err := o.OpenRTP(seal(s, 1_000_000, uint64(ssrc)), 12); err != nil {
			t.Fatal(err) // The stream that is heard all along stays.
		}
		if _, err := o.OpenRTP(seal(s, ssrc, 1), 12); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(o.seen.byID); n != maxStreams {
		t.Errorf("%d streams", n)
	}
	if _, err := o.OpenRTP(seal(s, 1_000_000, 5), 12); !errors.Is(err, ErrReplay) {
		t.Errorf("replay on the live stream: %v", err)
	}
}

func TestClearReportIsRefused(t *testing.T) {
	for _, p := range profiles() {
		s, o := newPair(t, p)
		report := s.SealRTCP(rtcpPacket(7))
		at := len(report) - 4
		if !p.aead() {
			at -= hmacTagLen
		}
		report[at] &^= 0x80
		if _, err := o.OpenRTCP(report); !errors.Is(err, ErrClear) {
			t.Errorf("%v: %v", p, err)
		}
	}
}

func TestSealerStopsWhenIndicesAreSpent(t *testing.T) {
	s, o := newPair(t, AEADAES128GCM)
	s.nextRTCP.Store(encrypted - 1)
	if _, err := o.OpenRTCP(s.SealRTCP(rtcpPacket(7))); err != nil {
		t.Errorf("last index: %v", err)
	}
	if s.SealRTCP(rtcpPacket(7)) != nil {
		t.Error("sealed with an index used before")
	}
}

func TestMasterKeysAreWiped(t *testing.T) {
	key, salt := testKey(AEADAES256GCM)
	if _, err := NewSealer(AEADAES256GCM, key, salt); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(key, make([]byte, 32)) || !bytes.Equal(salt, make([]byte, 12)) {
		t.Error("master key left in memory")
	}
}

func TestWrongKeysAreRefused(t *testing.T) {
	if _, err := NewSealer(AEADAES128GCM, make([]byte, 32), make([]byte, 12)); !errors.Is(err, ErrKeyLength) {
		t.Errorf("long key: %v", err)
	}
	if _, err := NewOpener(Profile(2), make([]byte, 16), make([]byte, 14)); !errors.Is(err, ErrProfile) {
		t.Errorf("unknown profile: %v", err)
	}
	if _, err := SplitKeyingMaterial(AEADAES128GCM, make([]byte, 57), true); !errors.Is(err, ErrKeyLength) {
		t.Errorf("long material: %v", err)
	}
	if _, err := SplitKeyingMaterial(Profile(9), nil, true); !errors.Is(err, ErrProfile) {
		t.Errorf("unknown profile: %v", err)
	}
}

func TestKeyingMaterialIsSplitByRole(t *testing.T) {
	material := make([]byte, 2*(16+12))
	for i := range material {
		material[i] = byte(i)
	}
	client, err := SplitKeyingMaterial(AEADAES128GCM, material, false)
	if err != nil {
		t.Fatal(err)
	}
	server, err := SplitKeyingMaterial(AEADAES128GCM, material, true)
	if err != nil {
		t.Fatal(err)
	}
	if client.LocalKey[0] != 0 || client.RemoteKey[0] != 16 || client.LocalSalt[0] != 32 || client.RemoteSalt[0] != 44 {
		t.Errorf("client: %+v", client)
	}
	if !bytes.Equal(client.LocalKey, server.RemoteKey) || !bytes.Equal(client.RemoteSalt, server.LocalSalt) ||
		!bytes.Equal(client.RemoteKey, server.LocalKey) || !bytes.Equal(client.LocalSalt, server.RemoteSalt) {
		t.Errorf("server: %+v", server)
	}
}

func TestHeaderSize(t *testing.T) {
	long := make([]byte, 100)
	for _, c := range []struct {
		name string
		pkt  []byte
		want int
		err  error
	}{
		{"plain", append([]byte{0x80}, long...), 12, nil},
		{"two sources", append([]byte{0x82}, long...), 20, nil},
		{"empty extension", append([]byte{0x90}, long...), 16, nil},
		{"extension of one word", append(append([]byte{0x91}, make([]byte, 18)...), 1, 0, 0, 0, 0, 0)[:24], 24, nil},
		{"extension past the end", append(append([]byte{0x90}, make([]byte, 13)...), 0xff, 0xff), 0, ErrShort},
		{"sources past the end", append([]byte{0x8f}, make([]byte, 40)...), 0, ErrShort},
		{"no room for the extension", append([]byte{0x90}, make([]byte, 14)...), 0, ErrShort},
		{"empty", nil, 0, ErrShort},
		{"version 1", append([]byte{0x40}, long...), 0, ErrVersion},
	} {
		if c.name == "extension of one word" {
			c.pkt[18], c.pkt[19] = 0, 1
		}
		got, err := HeaderSize(c.pkt)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %d, %v, want %d, %v", c.name, got, err, c.want, c.err)
		}
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestManyMaySealAtOnce(t *testing.T) {
	for _, p := range profiles() {
		const each = 200
		s, o := newPair(t, p)
		sealed := make(chan []byte, 8*each)
		var all sync.WaitGroup
		for ssrc := range uint32(8) {
			all.Go(func() {
				for i := range uint64(each) {
					sealed <- seal(s, ssrc, i)
				}
			})
		}
		all.Wait()
		close(sealed)
		for pkt := range sealed {
			if _, err := o.OpenRTP(pkt, 12); err != nil {
				t.Fatalf("%v: %v", p, err)
			}
		}
	}
}
