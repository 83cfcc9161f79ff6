package peer

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync/atomic"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/srtp/v3"

	"salon/loadtest/link"
	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/socket"
)

// A Lean peer is a client connection without the layers a browser needs: a socket of its own, ICE and DTLS by pion,
// RTP and RTCP by us, decrypted by pion/srtp. What a packet costs here must not be what a run measures.
//
// One goroutine reads the socket and does everything with what arrives, feedback included.
type Lean struct {
	role    Role
	sock    *socket.Socket
	agent   *ice.Agent
	desc    description
	cert    *certificate
	log     *slog.Logger
	intake  *measure.Intake
	life    life
	started bool          // by the first answer
	unsent  atomic.Uint64 // flights that did not leave whole
	ciphers []dtls.SRTPProtectionProfile
	video   media.Codec // of all video, ours and others'

	sections []section
	remote   answer
	accepted atomic.Pointer[map[string]bool] // mids the server takes media on

	// What the socket's goroutine and the pace need once there are keys.
	in       *inbound
	out      outbound
	outgoing map[*media.Track][]*outgoing // by layer; written before media flows
}

// Sections of the first offer beside those that send: room for a small meeting without another round.
const (
	firstAudios = 3
	firstVideos = 3
)

// NewLean opens a socket at the address that reaches the server and gathers its candidate. Its goroutines end with
// close.
func NewLean(set *Setting, role Role, in *measure.Intake, link *link.Link, tracks []*media.Track) (*Lean, error) {
	l := &Lean{
		role:    role,
		ciphers: set.profiles(), video: set.Video, cert: set.cert, log: set.Log, intake: in, life: newLife(), outgoing: make(map[*media.Track][]*outgoing),
		desc: description{fingerprint: set.cert.print, session: rand.Uint64() >> 1, codec: set.Video, setup: "actpass"}, //nolint:gosec // names nothing secret
	}
	l.in = &inbound{peer: l, link: link, feedback: newFeedback(rand.Uint32())} //nolint:gosec // an SSRC
	sock, err := set.Well.Open(set.Local, l.in)
	if err != nil {
		return nil, err
	}
	l.sock = sock
	l.in.formats.Store(ownFormats(set.Video))
	for _, t := range tracks {
		l.publish(t)
	}
	if role == Whole {
		l.Receive(firstAudios, firstVideos)
	}
	if !set.NoData {
		l.add(section{data: true})
	}
	if err := l.gather(); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Receive implements Peer.
func (l *Lean) Receive(audio, video int) {
	for range audio {
		l.add(section{})
	}
	for range video {
		l.add(section{video: true})
	}
}

func (l *Lean) publish(t *media.Track) {
	s := section{video: t.Kind.Video(), track: t}
	for range t.Layers {
		s.ssrcs = append(s.ssrcs, rand.Uint32())       //nolint:gosec // an SSRC
		s.rtxSSRCs = append(s.rtxSSRCs, rand.Uint32()) //nolint:gosec // an SSRC
	}
	l.add(s)
}

func (l *Lean) add(s section) {
	s.mid = strconv.Itoa(len(l.sections))
	l.sections = append(l.sections, s)
	if s.track != nil {
		l.outgoing[s.track] = newOutgoing(s)
	}
}

// Offer implements Peer.
func (l *Lean) Offer() (string, error) {
	l.desc.version++
	return writeOffer(l.desc, l.sections), nil
}

// Answer implements Peer.
func (l *Lean) Answer(text string) error {
	a, err := readAnswer(text)
	if err != nil {
		return err
	}
	l.remote = a
	l.in.twcc.Store(a.twcc)
	l.out.twcc.Store(a.twcc)
	l.accepted.Store(&a.takes)
	for _, c := range a.candidates {
		if err := l.addCandidate(c); err != nil {
			return err
		}
	}
	if !l.started {
		l.started = true
		return l.connect()
	}
	return nil
}

// Candidate implements Peer.
func (l *Lean) Candidate(init string) error {
	var c struct{ Candidate string }
	if err := json.Unmarshal([]byte(init), &c); err != nil {
		return fmt.Errorf("read candidate: %w", err)
	}
	if c.Candidate == "" {
		return nil // the end of them
	}
	return l.addCandidate(c.Candidate)
}

// addCandidate takes one of the server's. Those that we can't use are left to others.
func (l *Lean) addCandidate(line string) error {
	c, err := ice.UnmarshalCandidate(line)
	if err != nil || !c.NetworkType().IsUDP() {
		l.log.Debug("candidate left out", "candidate", line)
		return nil
	}
	if err := l.agent.AddRemoteCandidate(c); err != nil {
		return fmt.Errorf("add candidate: %w", err)
	}
	return nil
}

// Ready implements Peer.
func (l *Lean) Ready() <-chan struct{} { return l.life.ready }

// Failed implements Peer.
func (l *Lean) Failed() <-chan struct{} { return l.life.failed }

// keys are what a handshake gave. A Context belongs to one direction.
type keys struct {
	read, write *srtp.Context
}

func newKeys(profile srtp.ProtectionProfile, exporter srtp.KeyingMaterialExporter, client bool) (keys, error) {
	cfg := srtp.Config{Profile: profile}
	if err := cfg.ExtractSessionKeysFromDTLS(exporter, client); err != nil {
		return keys{}, fmt.Errorf("export srtp keys: %w", err)
	}
	k := cfg.Keys
	read, err := srtp.CreateContext(k.RemoteMasterKey, k.RemoteMasterSalt, profile)
	if err != nil {
		return keys{}, fmt.Errorf("set up srtp: %w", err)
	}
	write, err := srtp.CreateContext(k.LocalMasterKey, k.LocalMasterSalt, profile)
	if err != nil {
		return keys{}, fmt.Errorf("set up srtp: %w", err)
	}
	return keys{read: read, write: write}, nil
}

// Counts is what a lean peer says of itself.
type Counts struct {
	SocketDrops                         uint64 // packets its socket had no room for
	Reports, Nacked, Keyframes, Arrived uint64 // receiver reports, packets asked for again, keyframe requests, TWCC feedback
}

// Plus adds up.
func (c Counts) Plus(o Counts) Counts {
	return Counts{
		SocketDrops: c.SocketDrops + o.SocketDrops, Reports: c.Reports + o.Reports, Nacked: c.Nacked + o.Nacked,
		Keyframes: c.Keyframes + o.Keyframes, Arrived: c.Arrived + o.Arrived,
	}
}

// Told may be called by anybody, at any time.
func (l *Lean) Told() Counts {
	c := &l.in.feedback.counts
	return Counts{
		SocketDrops: l.sock.Dropped(),
		Reports:     c.reports.Load(), Nacked: c.nacked.Load(), Keyframes: c.keyframes.Load(), Arrived: c.transport.Load(),
	}
}
