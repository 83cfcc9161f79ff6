package transport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// certificateLife is how long our certificate is valid; peers compare its
// fingerprint and look at nothing else (RFC 8122 section 6), so it only has to
// outlive the process.
const certificateLife = 10 * 365 * 24 * time.Hour

// newCertificate makes the self-signed ECDSA P-256 certificate (RFC 8827
// section 6.5) that all connections of the process share, and its fingerprint.
func newCertificate(now time.Time) (tls.Certificate, string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, "", fmt.Errorf("make certificate key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return tls.Certificate{}, "", fmt.Errorf("make certificate serial: %w", err)
	}
	template := x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "salon"},
		NotBefore:    now.Add(-24 * time.Hour), // clocks differ
		NotAfter:     now.Add(certificateLife),
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, "", fmt.Errorf("make certificate: %w", err)
	}
	sum := sha256.Sum256(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, colons(sum[:]), nil
}

// colons writes a digest as fingerprints are written (RFC 8122 section 5).
func colons(sum []byte) string {
	var b strings.Builder
	for i, c := range sum {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(hex.EncodeToString([]byte{c})))
	}
	return b.String()
}

// verifyFingerprint compares the peer's certificate with what it described.
func verifyFingerprint(chain [][]byte, hash, want string) error {
	if len(chain) == 0 {
		return ErrFingerprint
	}
	var sum []byte
	switch hash {
	case "sha-256":
		s := sha256.Sum256(chain[0])
		sum = s[:]
	case "sha-384":
		s := sha512.Sum384(chain[0])
		sum = s[:]
	case "sha-512":
		s := sha512.Sum512(chain[0])
		sum = s[:]
	default:
		return ErrFingerprint
	}
	if subtle.ConstantTimeCompare([]byte(colons(sum)), []byte(want)) != 1 {
		return ErrFingerprint
	}
	return nil
}
