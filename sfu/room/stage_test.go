package room

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"salon/sfu/forward"
	"salon/sfu/id"
	"salon/sfu/transport"
	"salon/sfu/transport/jsep"
)

// A stage is a Room whose connections are fakes, driven without its loop.
type stage struct {
	tb     testing.TB
	room   *Room
	people map[string]*Participant // by the name of their presence
	open   int                     // connections
	refuse int                     // how many connections may still be made; negative: any number
}

func newStage(tb testing.TB, cfg Config) *stage {
	tb.Helper()
	log := slog.New(slog.DiscardHandler)
	s := &stage{tb: tb, people: map[string]*Participant{}, refuse: -1}
	s.room = New(cfg, "club", time.Unix(0, 0), nil, forward.NewShard(forward.Config{}, forward.NewCrew(0), log), NewVisits(256), log)
	s.room.now = time.Unix(0, 0)
	s.room.dial = s.dial
	return s
}

var errNoLine = errors.New("no line is free")

func (s *stage) dial(transport.Role, transport.Media) (connection, error) {
	if s.refuse == 0 {
		return nil, errNoLine
	}
	s.refuse--
	s.open++
	return &line{stage: s}, nil
}

// do is what the loop does with a call.
func (s *stage) do(f func()) {
	f()
	s.room.settle()
}

// join lets somebody in and starts its events.
func (s *stage) join(j Join) (*Participant, error) {
	s.tb.Helper()
	var p *Participant
	var err error
	s.do(func() { p, _, err = s.room.admit(j) })
	if err != nil {
		return nil, err
	}
	s.people[string(j.Identity)] = p
	s.do(p.start)
	return p, nil
}

// add announces a track and gives it a name in traces.
func (s *stage) add(p *Participant, kind Kind, cid string) (TrackState, error) {
	state, err := p.addTrack(TrackRequest{CID: cid, Kind: kind, Source: Camera})
	if err == nil {
		state.SID = id.Track(cid) // instead of a random one: traces and orders can be repeated
		p.pending[len(p.pending)-1].state.SID = state.SID
	}
	return state, err
}

// drain takes what p's session has to hear.
func drain(p *Participant) []Event { return p.mailbox.drain() }

// A line is a connection that speaks in section lists, one section a line, instead of session descriptions:
//
//	1 video send cid=cam codecs=VP8,H264 rids=q,h
//	2 audio recv
//	3 video rejected
type line struct {
	forward.Path
	stage  *stage
	remote *jsep.Description
	closed bool
}

var errGarbled = errors.New("garbled")

func (l *line) SetOffer(text string) (*jsep.Description, error) { return l.set(text) }

func (l *line) SetAnswer(text string) (*jsep.Description, error) { return l.set(text) }

func (l *line) set(text string) (*jsep.Description, error) {
	if l.closed {
		return nil, transport.ErrClosed
	}
	d := &jsep.Description{}
	for text := range strings.Lines(text) {
		words := strings.Fields(text)
		if len(words) < 2 {
			return nil, errGarbled
		}
		d.Sections = append(d.Sections, section(words))
	}
	l.remote = d
	return d, nil
}

func section(words []string) jsep.Section {
	s := jsep.Section{MID: words[0], Kind: jsep.Application, Extensions: map[string]uint8{}}
	for kind := jsep.Audio; kind <= jsep.Video; kind++ {
		if kind.String() == words[1] {
			s.Kind = kind
		}
	}
	names := ""
	for _, word := range words[2:] {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "send":
			s.Sends = true
		case "recv":
			s.Receives = true
		case "rejected":
			s.Rejected = true
		case "cid":
			s.TrackID = value
		case "codecs":
			names = value
		case "rids":
			s.RIDs = strings.Split(value, ",")
		}
	}
	for _, c := range jsep.OurCodecs(s.Kind) {
		if _, name, _ := strings.Cut(c.MIME, "/"); names == "" || slices.Contains(strings.Split(names, ","), name) {
			s.Codecs = append(s.Codecs, c)
		}
	}
	return s
}

func (l *line) CreateAnswer(replies []jsep.Reply) (string, error) {
	if l.closed {
		return "", transport.ErrClosed
	}
	var b strings.Builder
	for i, r := range replies {
		s := &l.remote.Sections[i]
		fmt.Fprintf(&b, "%s %s%s", s.MID, s.Kind, sent(r.Send))
		if r.Receive != nil {
			fmt.Fprintf(&b, " takes %s", codecName(r.Receive.Codecs[0]))
			if len(r.Receive.RIDs) > 0 {
				fmt.Fprintf(&b, " in %s", strings.Join(r.Receive.RIDs, ","))
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

func (l *line) CreateOffer(sections []jsep.OfferSection) (string, error) {
	if l.closed {
		return "", transport.ErrClosed
	}
	var b strings.Builder
	for _, s := range sections {
		fmt.Fprintf(&b, "%s %s%s\n", s.MID, s.Kind, sent(s.Send))
	}
	return b.String(), nil
}

func sent(s *jsep.Sending) string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf(" carries %s as %s", s.TrackID, codecName(s.Codec))
}

func codecName(c jsep.Codec) string {
	_, name, _ := strings.Cut(c.MIME, "/")
	return name
}

func (l *line) AddCandidate(string) error { return nil }

func (l *line) SendMessage(transport.Channel, []byte) error { return nil }

func (l *line) Close() error {
	if !l.closed {
		l.closed = true
		l.stage.open--
	}
	return nil
}

// describe puts an event into one line.
func describe(e Event) string {
	switch e := e.(type) {
	case Offered:
		return fmt.Sprintf("offer %d:\n  %s", e.ID, strings.ReplaceAll(strings.TrimSpace(e.SDP), "\n", "\n  "))
	case ParticipantsChanged:
		return "people:" + describePeople(e.Participants)
	case SectionsWanted:
		return fmt.Sprintf("sections wanted: %d audio, %d video", e.Audio, e.Video)
	case TrackTaken:
		return "taken: " + string(e.Track)
	case TrackWithdrawn:
		return "withdrawn: " + string(e.Track)
	case SubscriptionRefused:
		return "refused: " + string(e.Track)
	case Left:
		return fmt.Sprintf("left: reason %d", e.Reason)
	default:
		return fmt.Sprintf("%T", e)
	}
}

func describePeople(states []ParticipantState) (text string) {
	for _, p := range states {
		text += " " + string(p.Identity) + [...]string{" joining", " joined", " active", " gone"}[p.Presence]
		for _, t := range p.Tracks {
			text += " " + string(t.SID)
			if t.Muted {
				text += " (muted)"
			}
		}
	}
	return text
}

// describeSubscriptions tells what flows to p, and what waits.
func describeSubscriptions(p *Participant) string {
	var b strings.Builder
	for _, track := range slices.Sorted(maps.Keys(p.subscriptions)) {
		sub := p.subscriptions[track]
		switch {
		case sub.mid == "":
			fmt.Fprintf(&b, "%s waits\n", track)
		case sub.leg == nil:
			fmt.Fprintf(&b, "%s on %s, offered\n", track, sub.mid)
		default:
			fmt.Fprintf(&b, "%s on %s, at most %v\n", track, sub.mid, sub.pub.best(p.wishes[track]))
		}
	}
	return b.String()
}

// inOrder returns all who ever joined, by the order of their names: the last presence of each.
func (s *stage) inOrder() (people []*Participant) {
	for _, name := range slices.Sorted(maps.Keys(s.people)) {
		people = append(people, s.people[name])
	}
	return people
}
