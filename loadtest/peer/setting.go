package peer

import (
	"log/slog"
	"net/netip"

	"github.com/pion/dtls/v3"

	"salon/loadtest/media"
	"salon/loadtest/socket"
)

// A Setting is what all peers of a run have in common. Nothing in it changes while they run.
type Setting struct {
	Local  netip.Addr   // from which the server is reached
	Video  media.Codec  // of all video
	NoData bool         // opens no data channels
	AESCM  bool         // lean peers offer nothing but AES-CM for media
	Well   *socket.Well // of the lean peers' sockets; run by whoever runs the peers
	Log    *slog.Logger

	cert  *certificate // of the lean peers
	quiet *slog.Logger // for what would say the same for each peer
}

// NewSetting completes s with the certificate that lean peers share.
func NewSetting(s Setting) (*Setting, error) {
	cert, err := newCertificate()
	if err != nil {
		return nil, err
	}
	s.cert, s.quiet = cert, slog.New(slog.DiscardHandler)
	return &s, nil
}

// profiles are what lean peers offer for SRTP, best first.
func (s *Setting) profiles() []dtls.SRTPProtectionProfile {
	if s.AESCM {
		return []dtls.SRTPProtectionProfile{dtls.SRTP_AES128_CM_HMAC_SHA1_80}
	}
	return []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80}
}
