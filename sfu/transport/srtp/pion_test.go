package srtp

import (
	"bytes"
	"testing"

	pion "github.com/pion/srtp/v3"
)

// pionContext returns another implementation under the same keys.
func pionContext(t testing.TB, p Profile) *pion.Context {
	t.Helper()
	key, salt := testKey(p)
	c, err := pion.CreateContext(key, salt, pion.ProtectionProfile(p))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// crossPackets have headers of all shapes.
func crossPackets() [][]byte {
	plain := rtpPacket(0xdeadbeef, 65_530, 33)
	sources := append([]byte{0x82, 111, 0xff, 0xfb, 0, 0, 0, 1, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4, 5, 6, 7, 8}, make([]byte, 1100)...)
	extended := append([]byte{0x90, 96, 0xff, 0xfc, 0, 0, 0, 1, 0xde, 0xad, 0xbe, 0xef, 0xbe, 0xde, 0, 1, 0x10, 7, 0, 0}, "payload"...)
	return [][]byte{plain, sources, extended}
}

func TestPionOpensWhatWeSeal(t *testing.T) {
	for _, p := range profiles() {
		t.Run(p.String(), func(t *testing.T) {
			s, _ := newPair(t, p)
			other := pionContext(t, p)
			for _, want := range crossPackets() {
				size, err := HeaderSize(want)
				if err != nil {
					t.Fatal(err)
				}
				seq := uint64(want[2])<<8 | uint64(want[3])
				got, err := other.DecryptRTP(nil, s.SealRTP(bytes.Clone(want), size, seq), nil)
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("got %x, %v, want %x", got, err, want)
				}
			}
			// Across the roll-over, and far behind it.
			for index := uint64(65_534); index < 3<<16; index += 1000 {
				if _, err := other.DecryptRTP(nil, seal(s, 5, index), nil); err != nil {
					t.Fatalf("index %d: %v", index, err)
				}
			}
			for range 3 {
				want := rtcpPacket(5)
				got, err := other.DecryptRTCP(nil, s.SealRTCP(bytes.Clone(want)), nil)
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("rtcp: got %x, %v, want %x", got, err, want)
				}
			}
		})
	}
}

func TestWeOpenWhatPionSeals(t *testing.T) {
	for _, p := range profiles() {
		t.Run(p.String(), func(t *testing.T) {
			_, o := newPair(t, p)
			other := pionContext(t, p)
			for _, want := range crossPackets() {
				sealed, err := other.EncryptRTP(nil, want, nil)
				if err != nil {
					t.Fatal(err)
				}
				size, err := HeaderSize(sealed)
				if err != nil {
					t.Fatal(err)
				}
				got, err := o.OpenRTP(sealed, size)
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("got %x, %v, want %x", got, err, want)
				}
			}
			for index := 40_000; index < 3<<16; index += 1000 {
				want := rtpPacket(5, uint16(index), 100)
				sealed, err := other.EncryptRTP(nil, want, nil)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := o.OpenRTP(sealed, 12); err != nil || !bytes.Equal(got, want) {
					t.Fatalf("index %d: %v", index, err)
				}
			}
			for range 3 {
				want := rtcpPacket(5)
				sealed, err := other.EncryptRTCP(nil, want, nil)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := o.OpenRTCP(sealed); err != nil || !bytes.Equal(got, want) {
					t.Fatalf("rtcp: got %x, %v, want %x", got, err, want)
				}
			}
		})
	}
}
