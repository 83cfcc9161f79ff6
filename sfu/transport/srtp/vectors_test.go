package srtp

import (
	"bytes"
	"testing"
)

// RFC 3711 appendix B.2.
func TestCounterModeVectors(t *testing.T) {
	var u suite
	err := u.init(AES128CMHMACSHA1_80, secrets{
		key:  unhex(t, "2b7e151628aed2a6abf7158809cf4f3c"),
		auth: make([]byte, 20),
		salt: unhex(t, "f0f1f2f3f4f5f6f7f8f9fafbfcfd"),
	})
	if err != nil {
		t.Fatal(err)
	}
	stream, short := make([]byte, 0xff02*16), make([]byte, 48)
	u.crypt(u.take(), 0, 0, stream)
	u.crypt(u.take(), 0, 0, short)
	if !bytes.Equal(short, stream[:48]) {
		t.Errorf("short packets get another key stream: %x", short)
	}
	for block, want := range map[int]string{
		0:      "e03ead0935c95e80e166b16dd92b4eb4",
		1:      "d23513162b02d0f72a43a2fe4a5f97ab",
		2:      "41e95b3bb0a2e8dd477901e4fca894c0",
		0xfeff: "ec8cdf7398607cb0f2d21675ea9ea1e4",
		0xff00: "362b7c3c6773516318a077d7fc5073ae",
		0xff01: "6a2cc3787889374fbeb4c81b17ba6c44",
	} {
		if got := stream[block*16 : block*16+16]; !bytes.Equal(got, unhex(t, want)) {
			t.Errorf("block %#x: %x, want %s", block, got, want)
		}
	}
}

// RFC 3711 appendix B.3.
func TestKeyDerivationVectors(t *testing.T) {
	rtp, _, err := deriveBoth(AES128CMHMACSHA1_80,
		unhex(t, "e1f97a0d3e018be0d64fa32c06de4139"), unhex(t, "0ec675ad498afeebb6960b3aabe6"))
	if err != nil {
		t.Fatal(err)
	}
	if want := unhex(t, "c61e7a93744f39ee10734afe3ff7a087"); !bytes.Equal(rtp.key, want) {
		t.Errorf("key %x", rtp.key)
	}
	if want := unhex(t, "30cbbc08863d8c85d49db34a9ae1"); !bytes.Equal(rtp.salt, want) {
		t.Errorf("salt %x", rtp.salt)
	}
	if want := unhex(t, "cebe321f6ff7716b6fd4ab49af256a156d38baa4"); !bytes.Equal(rtp.auth, want) {
		t.Errorf("auth %x", rtp.auth)
	}
}

// RFC 7714 sections 16.1.1 and 16.2.1.
func TestGCMVectors(t *testing.T) {
	const header = "8040f17b8041f8d35501a0b2"
	const text = "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573"
	for p, want := range map[Profile]string{
		AEADAES128GCM: "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce",
		AEADAES256GCM: "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13",
	} {
		key := make([]byte, p.KeyLen())
		for i := range key {
			key[i] = byte(i)
		}
		s := &Sealer{profile: p}
		if err := s.rtp.init(p, secrets{key: key, salt: unhex(t, "517569642070726f2071756f")}); err != nil {
			t.Fatal(err)
		}
		got := s.SealRTP(unhex(t, header+text), 12, 0xf17b)
		if !bytes.Equal(got, unhex(t, header+want)) {
			t.Errorf("%v: %x", p, got)
		}
	}
}
