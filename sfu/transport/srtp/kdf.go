package srtp

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// Labels of the key derivation (RFC 3711 section 4.3.2).
const (
	labelRTPKey   = 0x00
	labelRTPAuth  = 0x01
	labelRTPSalt  = 0x02
	labelRTCPKey  = 0x03
	labelRTCPAuth = 0x04
	labelRTCPSalt = 0x05
)

// Keys are the master keys and salts of both directions, seen from one side:
// Local seals what we send, Remote opens what the peer sends.
type Keys struct {
	LocalKey, LocalSalt   []byte
	RemoteKey, RemoteSalt []byte
}

// SplitKeyingMaterial cuts what the DTLS exporter returned for the label
// "EXTRACTOR-dtls_srtp" (RFC 5764 section 4.2: client key, server key, client
// salt, server salt). server tells whether we were the DTLS server. The result
// shares the bytes of material. It fails with ErrProfile or ErrKeyLength.
func SplitKeyingMaterial(p Profile, material []byte, server bool) (Keys, error) {
	if !p.valid() {
		return Keys{}, fmt.Errorf("split keying material for %v: %w", p, ErrProfile)
	}
	k, s := p.KeyLen(), p.SaltLen()
	if len(material) != 2*(k+s) {
		return Keys{}, fmt.Errorf("split %d bytes of keying material: %w", len(material), ErrKeyLength)
	}
	keys := Keys{
		LocalKey:   material[:k:k],
		RemoteKey:  material[k : 2*k : 2*k],
		LocalSalt:  material[2*k : 2*k+s : 2*k+s],
		RemoteSalt: material[2*k+s:],
	}
	if server {
		keys.LocalKey, keys.RemoteKey = keys.RemoteKey, keys.LocalKey
		keys.LocalSalt, keys.RemoteSalt = keys.RemoteSalt, keys.LocalSalt
	}
	return keys, nil
}

// derive fills out with the session key for label: the key stream of AES in
// counter mode under the master key, starting at salt XOR label (RFC 3711 section
// 4.3.3 with a key derivation rate of 0). A salt shorter than 14 bytes counts as
// padded with zeros on the right (RFC 7714 section 11).
func derive(master cipher.Block, salt []byte, label byte, out []byte) {
	var iv [aes.BlockSize]byte
	copy(iv[:cmSaltLen], salt)
	iv[7] ^= label
	clear(out)
	cipher.NewCTR(master, iv[:]).XORKeyStream(out, out)
}

// secrets are the session keys of one direction and one protocol.
type secrets struct {
	key, auth, salt []byte
}

// deriveBoth returns the session keys for RTP and for RTCP and wipes the master
// key and salt.
func deriveBoth(p Profile, key, salt []byte) (rtp, rtcp secrets, err error) {
	if !p.valid() {
		return rtp, rtcp, fmt.Errorf("derive session keys for %v: %w", p, ErrProfile)
	}
	if len(key) != p.KeyLen() || len(salt) != p.SaltLen() {
		return rtp, rtcp, fmt.Errorf("derive session keys for %v: %w", p, ErrKeyLength)
	}
	master, err := aes.NewCipher(key)
	if err != nil {
		return rtp, rtcp, fmt.Errorf("derive session keys: %w", err)
	}
	session := func(keyLabel, authLabel, saltLabel byte) secrets {
		s := secrets{make([]byte, len(key)), make([]byte, hmacKeyLen), make([]byte, len(salt))}
		derive(master, salt, keyLabel, s.key)
		derive(master, salt, authLabel, s.auth)
		derive(master, salt, saltLabel, s.salt)
		return s
	}
	rtp = session(labelRTPKey, labelRTPAuth, labelRTPSalt)
	rtcp = session(labelRTCPKey, labelRTCPAuth, labelRTCPSalt)
	clear(key)
	clear(salt)
	return rtp, rtcp, nil
}
