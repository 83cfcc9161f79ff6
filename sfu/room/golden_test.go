package room

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"salon/sfu/id"
	"salon/sfu/sfutest"
	"salon/sfu/transport"
)

// Conversations of clients with a Room. After each command stands what it returned and what everybody hears of it.
//
//	join NAME [single] [manual] [hidden] [limit=N]    manual: subscribes by hand
//	add NAME audio|video TRACK                        announces
//	offer NAME, answer NAME [id=N]                    with section lists, see line
//	connect NAME, fail NAME, leave NAME, mute NAME TRACK
//	want NAME TRACK..., unwant NAME TRACK...
//	wish NAME TRACK [size=WxH] [quality=N] [off]
//	flows NAME                                        its subscriptions
//	room MAX                                          begins a new one
func TestConversations(t *testing.T) {
	s := newStage(t, Config{})
	sfutest.Golden(t, "testdata/*.txt", func(c sfutest.Command) string {
		if c.Name == "room" {
			most, _ := strconv.Atoi(c.Args[0])
			s = newStage(t, Config{MaxParticipants: most})
			return ""
		}
		var b strings.Builder
		s.run(c, &b)
		s.hear(&b)
		return b.String()
	})
}

// hear writes what each session has to hear, by name.
func (s *stage) hear(b *strings.Builder) {
	for _, p := range s.inOrder() {
		for _, e := range drain(p) {
			fmt.Fprintf(b, "%s < %s\n", p.identity, describe(e))
		}
	}
}

func (s *stage) run(c sfutest.Command, b *strings.Builder) {
	var err error
	p := s.people[c.Args[0]]
	if c.Name != "join" && p == nil {
		b.WriteString("nobody of that name\n")
		return
	}
	switch c.Name {
	case "join":
		p, err = s.join(joinOf(c))
	case "add":
		kind := Audio
		if c.Args[1] == "video" {
			kind = Video
		}
		_, err = s.add(p, kind, c.Args[2])
	case "offer":
		var a Answer
		s.do(func() { a, err = p.answer(c.Input) })
		b.WriteString(a.SDP)
	case "answer":
		offer, _ := strconv.ParseUint(c.Value("id", "0"), 10, 32)
		s.do(func() { err = p.answered(uint32(offer), c.Input) })
	case "connect":
		s.do(func() {
			p.publisher.hear(transport.Event{Kind: transport.Connected})
			p.receiver.hear(transport.Event{Kind: transport.Connected})
		})
	case "fail":
		s.do(func() { p.publisher.hear(transport.Event{Kind: transport.Failed}) })
	case "leave":
		s.do(func() { p.leave(ReasonClientInitiated) })
	case "mute":
		s.do(func() { p.find(id.Track(c.Args[1])).state.Muted = true; s.room.changed(p) })
	case "want", "unwant":
		s.do(func() { p.subscribeTo(tracks(c), c.Name == "want") })
	case "wish":
		s.do(func() { p.wish(tracks(c)[:1], wishOf(c)) })
	case "flows":
		b.WriteString(describeSubscriptions(p))
	default:
		s.tb.Fatalf("%s:%d: what is %q?", c.File, c.Line, c.Name)
	}
	if err != nil {
		fmt.Fprintf(b, "error: %v\n", err)
	}
}

func tracks(c sfutest.Command) (list []id.Track) {
	for _, track := range c.Args[1:] {
		list = append(list, id.Track(track))
	}
	return list
}

func joinOf(c sfutest.Command) Join {
	j := Join{Identity: id.Identity(c.Args[0]), AutoSubscribe: true, Grants: Grants{Publish: true, Subscribe: true}, Protocol: 17}
	for _, word := range c.Args[1:] {
		switch word {
		case "single":
			j.Single = true
		case "manual":
			j.AutoSubscribe = false
		case "hidden":
			j.Grants.Hidden = true
		}
	}
	j.MaxParticipants, _ = strconv.Atoi(c.Value("limit", "0"))
	return j
}

func wishOf(c sfutest.Command) (w Wish) {
	_, _ = fmt.Sscanf(c.Value("size", ""), "%dx%d", &w.Width, &w.Height)
	if q, err := strconv.Atoi(c.Value("quality", "")); err == nil {
		w.HasQuality, w.Quality = true, Quality(q)
	}
	w.Disabled = len(c.Args) > 2 && c.Args[2] == "off"
	return w
}
