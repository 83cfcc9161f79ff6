package peer

import (
	"log/slog"
	"net/netip"

	"github.com/pion/dtls/v3"
)

// A Setting is what all peers of a run have in common. Nothing in it changes while they run.
type Setting struct {
	local  netip.Addr   // from which the server is reached
	cert   *certificate // of the lean peers
	NoData bool         // opens no data channels
	AESCM  bool         // offers nothing but AES-CM for media
	log    *slog.Logger
	quiet  *slog.Logger // for what would say the same for each peer
}

// NewSetting makes the certificate that lean peers share. The peers say to log what goes wrong.
func NewSetting(local netip.Addr, log *slog.Logger) (*Setting, error) {
	cert, err := newCertificate()
	if err != nil {
		return nil, err
	}
	return &Setting{local: local, cert: cert, log: log, quiet: slog.New(slog.DiscardHandler)}, nil
}

// profiles are what lean peers offer for SRTP, best first.
func (s *Setting) profiles() []dtls.SRTPProtectionProfile {
	if s.AESCM {
		return []dtls.SRTPProtectionProfile{dtls.SRTP_AES128_CM_HMAC_SHA1_80}
	}
	return []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80}
}
