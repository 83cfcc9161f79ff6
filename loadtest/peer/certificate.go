package peer

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"

	"github.com/pion/dtls/v3/pkg/crypto/fingerprint"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
)

// A certificate is the one that all lean peers of a run share: making one costs more than a handshake.
type certificate struct {
	tls   tls.Certificate
	print string // SHA-256 with colons
}

func newCertificate() (*certificate, error) {
	c, err := selfsign.GenerateSelfSigned()
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	sum := sha256.Sum256(c.Certificate[0])
	return &certificate{tls: c, print: strings.ToUpper(strings.ReplaceAll(fmt.Sprintf("% x", sum[:]), " ", ":"))}, nil
}

// verifyPrint compares the server's certificate with what its answer said (RFC 8122 section 5).
func verifyPrint(chain [][]byte, hash, want string) error {
	algorithm, err := fingerprint.HashFromString(hash)
	if err != nil {
		algorithm = crypto.SHA256
	}
	if len(chain) == 0 {
		return fmt.Errorf("%w: it brought no certificate", errNoAnswer)
	}
	c, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return fmt.Errorf("read certificate: %w", err)
	}
	got, err := fingerprint.Fingerprint(c, algorithm)
	if err != nil {
		return fmt.Errorf("hash certificate: %w", err)
	}
	if !strings.EqualFold(got, want) {
		return fmt.Errorf("%w: the certificate is not the one it described", errNoAnswer)
	}
	return nil
}

// newCredentials are ICE credentials: 80 and 130 bits of letters and digits (RFC 8445 section 5.3).
func newCredentials() (ufrag, pwd string) { return rand.Text()[:16], rand.Text() }
