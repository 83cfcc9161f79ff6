package peer

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/logging"
	"github.com/pion/srtp/v3"
)

// A life is what others wait for of a peer, and what it waits for at its end.
type life struct {
	ready, failed chan struct{}
	ctx           context.Context
	cancel        context.CancelFunc
	loops         *sync.WaitGroup
}

func newLife() life {
	ctx, cancel := context.WithCancel(context.Background())
	return life{
		ready: make(chan struct{}), failed: make(chan struct{}),
		ctx: ctx, cancel: cancel, loops: &sync.WaitGroup{},
	}
}

// connectWithin is how long ICE and DTLS may take, as in browsers.
const connectWithin = 15 * time.Second

// gather starts the ICE agent, and waits for the one host candidate.
func (l *Lean) gather() error {
	l.desc.ufrag, l.desc.pwd = newCredentials()
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled
	agent, err := ice.NewAgentWithOptions(
		ice.WithUDPMux(l.sock),
		ice.WithNetworkTypes([]ice.NetworkType{ice.NetworkTypeUDP4, ice.NetworkTypeUDP6}),
		ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeHost}),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled),
		ice.WithDisableActiveTCP(),
		ice.WithLocalCredentials(l.desc.ufrag, l.desc.pwd),
		ice.WithIncludeLoopback(),
		ice.WithCheckInterval(50*time.Millisecond),
		ice.WithHostAcceptanceMinWait(0),
		ice.WithSrflxAcceptanceMinWait(100*time.Millisecond),
		ice.WithPrflxAcceptanceMinWait(100*time.Millisecond),
		ice.WithLoggerFactory(quiet),
	)
	if err != nil {
		return fmt.Errorf("set up ice: %w", err)
	}
	l.agent = agent
	found, done := make(chan string, 8), make(chan struct{})
	err = errors.Join(
		agent.OnCandidate(func(c ice.Candidate) {
			if c == nil {
				close(done)
				return
			}
			found <- "candidate:" + c.Marshal()
		}),
		agent.OnSelectedCandidatePairChange(func(_, remote ice.Candidate) { l.in.aim(remote) }),
		agent.OnConnectionStateChange(func(s ice.ConnectionState) {
			if s == ice.ConnectionStateFailed {
				l.life.cancel()
			}
		}),
		agent.GatherCandidates(),
	)
	if err != nil {
		return fmt.Errorf("gather candidates: %w", err)
	}
	select {
	case <-done:
	case <-time.After(connectWithin):
	}
	for {
		select {
		case c := <-found:
			l.desc.candidates = append(l.desc.candidates, c)
		default:
			return nil
		}
	}
}

// connect begins ICE and DTLS towards the server that answered.
func (l *Lean) connect() error {
	start := l.agent.StartDial
	if l.role == Receives && !l.remote.lite {
		start = l.agent.StartAccept // who offers controls (RFC 8445 section 6.1.1)
	}
	conn, err := start(l.remote.ufrag, l.remote.pwd)
	if err != nil {
		return fmt.Errorf("start ice: %w", err)
	}
	remote := l.remote
	l.life.loops.Go(func() {
		dtlsConn, err := l.secure(conn, remote)
		if err != nil {
			if l.life.ctx.Err() == nil {
				l.log.Warn("peer not connected", "err", err)
			}
			close(l.life.failed)
			return
		}
		close(l.life.ready)
		l.sock.Grown()
		l.carry(dtlsConn, remote)
		_ = dtlsConn.Close() // tells the server; it may be gone
		close(l.life.failed)
	})
	return nil
}

func (l *Lean) secure(conn *ice.Conn, remote answer) (*dtls.Conn, error) {
	ctx, cancel := context.WithTimeout(l.life.ctx, connectWithin)
	defer cancel()
	begun := time.Now()
	if err := l.agent.AwaitConnect(ctx); err != nil {
		return nil, fmt.Errorf("find a way: %w", err)
	}
	found := time.Now()
	if pair, err := l.agent.GetSelectedCandidatePair(); err == nil && pair != nil {
		l.in.aim(pair.Remote)
	}
	c, err := l.handshake(dtlsPipe{conn}, conn.RemoteAddr(), remote)
	if err != nil {
		return nil, fmt.Errorf("set up dtls: %w", err)
	}
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("dtls handshake: %w", err), c.Close())
	}
	profile, ok := c.SelectedSRTPProtectionProfile()
	state, done := c.ConnectionState()
	if !ok || !done {
		return nil, errors.Join(errNoProfile, c.Close())
	}
	k, err := newKeys(srtp.ProtectionProfile(profile), &state, !remote.active)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	l.out.start(k.write)
	l.in.keys.Store(k.read)
	l.log.Debug("peer connected", "ice", found.Sub(begun), "dtls", time.Since(found), "profile", srtp.ProtectionProfile(profile).String())
	return c, nil
}

// handshake prepares the side of DTLS that the answer leaves to us.
func (l *Lean) handshake(pipe net.PacketConn, addr net.Addr, remote answer) (*dtls.Conn, error) {
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled
	verify := func(chain [][]byte, _ [][]*x509.Certificate) error {
		return verifyPrint(chain, remote.hash, remote.print)
	}
	if remote.active {
		return dtls.ServerWithOptions(pipe, addr,
			dtls.WithCertificates(l.cert.tls), dtls.WithSRTPProtectionProfiles(l.ciphers...),
			dtls.WithExtendedMasterSecret(dtls.RequestExtendedMasterSecret),
			dtls.WithClientAuth(dtls.RequireAnyClientCert), dtls.WithInsecureSkipVerify(true),
			dtls.WithVerifyPeerCertificate(verify), dtls.WithLoggerFactory(quiet))
	}
	return dtls.ClientWithOptions(pipe, addr,
		dtls.WithCertificates(l.cert.tls), dtls.WithSRTPProtectionProfiles(l.ciphers...),
		dtls.WithExtendedMasterSecret(dtls.RequestExtendedMasterSecret),
		dtls.WithInsecureSkipVerify(true), // there is no authority to ask; the fingerprint is the proof
		dtls.WithVerifyPeerCertificate(verify), dtls.WithLoggerFactory(quiet))
}

// Close ends the connection and waits for its goroutines.
func (l *Lean) Close() {
	l.life.cancel()
	if l.agent != nil {
		_ = l.agent.GracefulClose() // nothing to do about it
	}
	_ = l.sock.Close() // nothing is lost with a datagram socket
	l.life.loops.Wait()
}

// A dtlsPipe is the ICE connection as DTLS wants it. Media never comes this way.
type dtlsPipe struct{ *ice.Conn }

func (p dtlsPipe) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := p.Read(b)
	return n, p.RemoteAddr(), err
}

func (p dtlsPipe) WriteTo(b []byte, _ net.Addr) (int, error) { return p.Write(b) }

// Close leaves the ICE connection to its agent.
func (p dtlsPipe) Close() error { return p.SetReadDeadline(time.Unix(1, 0)) }
