package transport

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/pion/dtls/v3"

	"salon/sfu/transport/srtp"
)

const (
	// exporterLabel names the keys that SRTP takes from DTLS (RFC 5764
	// section 4.2).
	exporterLabel = "EXTRACTOR-dtls_srtp"
	// flightInterval is the first retransmission time of the handshake; it
	// doubles from there. ICE has already shown that the path is short.
	flightInterval = 400 * time.Millisecond
	// handshakeMTU keeps handshake fragments below every usual path MTU.
	handshakeMTU = 1200
)

// profiles are what we offer, best first: the server's order decides.
func profiles() []dtls.SRTPProtectionProfile {
	return []dtls.SRTPProtectionProfile{
		dtls.SRTP_AEAD_AES_128_GCM,
		dtls.SRTP_AEAD_AES_256_GCM,
		dtls.SRTP_AES128_CM_HMAC_SHA1_80,
	}
}

// handshake runs DTLS as the server and checks the peer's certificate against
// the description it sent by signalling.
func (t *Transport) handshake(ctx context.Context, conn net.PacketConn, remote net.Addr, fp fingerprint) (*dtls.Conn, error) {
	c, err := dtls.ServerWithOptions(conn, remote,
		dtls.WithCertificates(t.factory.certificate),
		dtls.WithSRTPProtectionProfiles(profiles()...),
		dtls.WithExtendedMasterSecret(dtls.RequestExtendedMasterSecret),
		dtls.WithClientAuth(dtls.RequireAnyClientCert),
		dtls.WithInsecureSkipVerify(true), // there is no authority to ask; the fingerprint is the proof
		dtls.WithVerifyPeerCertificate(func(chain [][]byte, _ [][]*x509.Certificate) error {
			return verifyFingerprint(chain, fp.hash, fp.value)
		}),
		dtls.WithInsecureSkipVerifyHello(true), // ICE has proven the address
		dtls.WithFlightInterval(flightInterval),
		dtls.WithMTU(handshakeMTU),
		dtls.WithLoggerFactory(t.factory.quiet),
	)
	if err != nil {
		return nil, fmt.Errorf("set up dtls: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, t.cfg.HandshakeWithin)
	defer cancel()
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("dtls handshake: %w", err), c.Close())
	}
	return c, nil
}

// install takes the SRTP keys out of a finished handshake.
func (t *Transport) install(c *dtls.Conn) error {
	chosen, ok := c.SelectedSRTPProtectionProfile()
	state, done := c.ConnectionState()
	if !ok || !done {
		return ErrNoProfile
	}
	p := srtp.Profile(chosen)
	material, err := state.ExportKeyingMaterial(exporterLabel, nil, 2*(p.KeyLen()+p.SaltLen()))
	if err != nil {
		return fmt.Errorf("export srtp keys: %w", err)
	}
	k, err := srtp.SplitKeyingMaterial(p, material, true)
	if err != nil {
		return fmt.Errorf("split srtp keys: %w", err)
	}
	opener, err := srtp.NewOpener(p, k.RemoteKey, k.RemoteSalt)
	if err != nil {
		return fmt.Errorf("set up srtp: %w", err)
	}
	sealer, err := srtp.NewSealer(p, k.LocalKey, k.LocalSalt)
	if err != nil {
		return fmt.Errorf("set up srtp: %w", err)
	}
	t.ingress.start(opener)
	t.sealer.Store(sealer)
	return nil
}

// A fingerprint is what the peer said its certificate looks like.
type fingerprint struct{ hash, value string }
